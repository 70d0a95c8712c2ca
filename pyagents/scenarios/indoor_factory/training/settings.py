# SPDX-License-Identifier: GPL-2.0-only
"""Settings of the learners, which load without torch: help and plans need no more."""

from dataclasses import dataclass

from pyagents.core.scenario import Checked, number


@dataclass(frozen=True, kw_only=True)
class HallTraining(Checked):
    """Settings that all learners have."""

    halls: int = number(16, 1, 100_000)
    """Number of halls that are played at once in an iteration."""
    steps: int = number(50, 1, 100_000)
    """SIBx periods of each."""


@dataclass(frozen=True, kw_only=True)
class DqnMlbTraining(HallTraining):
    """Settings, of which the paper says too little; ours throughout."""

    steps: int = number(48, 16, 100_000)
    """SIBx periods of each: three lifetimes of clusters."""
    policy_share: float = number(0.5, 0, 1)
    """Share of decisions by which a cluster follows the accepted policy."""
    rule_share: float = number(0.2, 0, 1)
    """Share of decisions by the conventional rule."""
    random_share: float = number(0.2, 0, 1, above=True)
    """Share of decisions by chance; in the rest a cluster holds."""
    discount: float = number(0.7, 0, 1)
    """gamma: an action shows within one or two decisions."""
    overload_cost: float = number(1.0, 0, 1e6)
    """Cost of load above 1 in the reward, beside the spread of loads."""
    handover_cost: float = number(0.1, 0, 1e6)
    """Cost in the reward of handing over all UEs of an average cell."""
    learning_rate: float = number(5e-4, 0, 1, above=True)
    """Learning rate of Adam."""
    batch: int = number(256, 1, 1e6)
    """Transitions a gradient step."""
    gradient_steps: int = number(80, 1, 1e6)
    """Gradient steps of an iteration."""
    target_rate: float = number(0.01, 0, 1)
    """Share by which the target network follows at each gradient step."""
    replay: int = number(60_000, 1, 1e9)
    """Number of transitions kept."""
    held_out: int = number(16_000, 1, 1e9)
    """Transitions kept for the offline evaluation."""
    accept_every: int = number(5, 1, 1e6)
    """Iterations between offline evaluations."""
    min_evidence: int = number(1_000, 1, 1e9)
    """Decisions that an offline evaluation has to rest on."""

    def check_relations(self) -> None:
        """Refuse shares that are more than a whole, and steps that are no whole lifetimes of clusters."""
        if self.policy_share + self.rule_share + self.random_share > 1:
            raise ValueError(
                f"policy_share={self.policy_share!r}, rule_share={self.rule_share!r} and random_share="
                f"{self.random_share!r} are not allowed: together at most 1"
            )
        if self.steps % 16:
            raise ValueError(
                f"steps={self.steps!r} is not allowed: a multiple of 16, the SIBx periods that clusters last"
            )


@dataclass(frozen=True, kw_only=True)
class MappoTraining(HallTraining):
    """Settings. None of them was searched for."""

    load_weight: float = number(0.3, 0, 1e6)
    """w_l: what the square of its cell's load costs a UE; not to get anything costs 1."""
    hall_weight: float = number(1.0, 0, 1e6)
    """w_h, the weight of the hall's part of the reward."""
    move_cost: float = number(0.05, 0, 1e6)
    """w_m, the cost of a move in the reward."""
    stay_bias: float = number(3.0, -100, 100)
    """Score of the serving cell above the others', to begin with: 1 in 8 UEs moves, of three others."""
    discount: float = number(0.9, 0, 1)
    """gamma, a period."""
    trace: float = number(0.9, 0, 1)
    """lambda of the advantage estimation."""
    clip: float = number(0.2, 0, 1, above=True)
    """c, the bound of the ratio of probabilities."""
    entropy: float = number(0.003, 0, 1e6)
    """Worth of a nat of entropy."""
    epochs: int = number(4, 1, 1e6)
    """Times that an iteration's decisions are learnt from."""
    minibatches: int = number(8, 1, 1e6)
    """Gradient steps an epoch."""
    share: float = number(0.5, 0, 1, above=True)
    """Share of the UEs that are learnt from; the others' decisions are much the same."""
    learning_rate: float = number(1e-3, 0, 1, above=True)
    """Learning rate of Adam, falling linearly to a tenth at `iterations`."""
    iterations: int = number(240, 1, 1e9)
    """Over which the rate falls; see `Schedule.iterations` for how many there are."""
