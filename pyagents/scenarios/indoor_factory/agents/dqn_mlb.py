# SPDX-License-Identifier: GPL-2.0-only
"""DQN-MLB: cells form clusters by their loads, and in each a deep Q-network shifts the borders.

After Xu, Xu, Wang, Lin and Cui, "Load Balancing for Ultradense Networks: A Deep Reinforcement Learning-Based
Approach", IEEE Internet of Things Journal 6(6), 2019, arXiv:1906.00767: two layers, clusters that organise
themselves by historical load, off-policy learning inside each with behaviour policies mixed in, and an
offline evaluation that a new policy has to pass. State, actions, reward and timing are ours. The network
learns by double Q-learning (van Hasselt, Guez and Silver, 2016, Eq (4)) with dueling heads (Wang et al.,
2016, Eq (9)); how, is in `pyagents.scenarios.indoor_factory.training.dqn_mlb`.

It sits in the network: it reads what gNBs measure and what UEs report, and sets cell individual offsets.
Inference is three matrix products, so NumPy does it and a plain installation can run the shipped weights.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.core.search import Between, OneOf
from pyagents.core.snapshot import Floats
from pyagents.core.tensors import Arrays
from pyagents.core.weights import WeightsForm
from pyagents.scenarios.indoor_factory.agents.dqn_mlb_clusters import (
    HOLD,
    N_ACTIONS,
    N_FEATURES,
    Mask,
    Matrix,
    Measured,
    Sight,
    form_clusters,
    look,
    offsets_after,
)
from pyagents.scenarios.indoor_factory.agents.reported_links import (
    correction,
    expected_airtime,
    expected_rate_bps,
    needed_airtime,
)
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

HIDDEN = 64
"""Units of each of the two hidden layers."""

WEIGHTS = WeightsForm(
    kind="dqn-mlb",
    version=1,
    shapes={
        "hidden1.weight": (HIDDEN, N_FEATURES),
        "hidden1.bias": (HIDDEN,),
        "hidden2.weight": (HIDDEN, HIDDEN),
        "hidden2.bias": (HIDDEN,),
        "value.weight": (1, HIDDEN),
        "value.bias": (1,),
        "advantage.weight": (N_ACTIONS, HIDDEN),
        "advantage.bias": (N_ACTIONS,),
    },
    shipped=Path(__file__).parent / "weights" / "dqn_mlb.safetensors",
)
"""Form of the weights. The version counts changes of features and actions."""


@dataclass(frozen=True, kw_only=True)
class DqnMlbConfig(Checked):
    """What may be changed without training anew. Defaults as tuned: docs/tuning.md."""

    weights: str = ""
    """A file of weights; empty: those that ship."""
    min_gain: float = number(0.0009, 0, 100, search=Between(low=0.0, high=0.1))
    """An action must be worth this much more than leaving everything as it is."""
    period_s: float = number(0.64, 0, 3600)
    """Time between decisions."""
    settling_s: float = number(0.32, 0, 3600)
    """After a decision, time until measured loads count again: A3's time to trigger and the interruption."""
    history_s: float = number(0.81, 0, 3600, search=Between(low=0.16, high=5.0, logarithmic=True))
    """Time constant of the historical load that clusters form by."""
    clusters_last_s: float = number(0.64, 0, 3600, search=OneOf(choices=(0.64, 1.28, 2.56, 5.12)))
    """Time until clusters form anew."""

    def check_relations(self) -> None:
        """Refuse a period after which no measurement counts."""
        if self.settling_s >= self.period_s:
            raise ValueError(
                f"settling_s={self.settling_s!r} is not allowed: must be below period_s={self.period_s!r}, "
                "or no measurement counts"
            )


class DqnMlb:
    """The agent: upper layer `form_clusters`, lower layer a Q-network that all clusters share.

    Args:
        config: options.
        weights: of the form `WEIGHTS`; None: those that the config names.

    Raises:
        WeightsError: that file cannot be used.
    """

    def __init__(self, config: DqnMlbConfig = DqnMlbConfig(), weights: Arrays | None = None) -> None:
        self.config = config
        self._weights = WEIGHTS.load(config.weights) if weights is None else weights

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget offsets, loads and clusters. Nothing here is random."""
        self._clusters = Clusters(scenario, self.config)

    def act(self, snapshot: Snapshot) -> Action:
        """Collect measurements; when a period is over, each cluster takes its action of largest Q."""
        if self._clusters.measure(snapshot):
            self._clusters.regroup_if_due(snapshot.time_s)
            sights = self._clusters.sights()
            q = q_values(
                self._weights,
                np.stack([sight.features for sight in sights]),
                np.stack([sight.allowed for sight in sights]),
            )
            self._clusters.take([choose(row, self.config.min_gain) for row in q])
        return self._clusters.action(snapshot.n_ues)


class Clusters:
    """The state of the algorithm between decisions, the same for acting and for learning."""

    def __init__(self, scenario: Scenario, config: DqnMlbConfig) -> None:
        self._scenario, self._config = scenario, config
        self._margin_db = scenario.a3_offset_db + scenario.a3_hysteresis_db
        self._cio_db = np.zeros((scenario.n_gnbs, scenario.n_gnbs))
        self._recent: list[tuple[Floats, Floats]] = []
        self._history: Floats | None = None
        self._decided_s = self._grouped_s = -math.inf
        self._measured: Measured | None = None
        self.groups: list[list[int]] = []

    def measure(self, snapshot: Snapshot) -> bool:
        """Take in what the network knows at the end of a SIBx period.

        Returns:
            Whether it is time to decide.
        """
        now_s, config = snapshot.time_s + 1e-9, self._config
        if now_s >= self._decided_s + config.settling_s + self._scenario.step_s:
            self._recent.append((snapshot.load, snapshot.airtime))
        weight = min(self._scenario.step_s / config.history_s, 1.0) if config.history_s > 0 else 1.0
        before = snapshot.load if self._history is None else self._history
        self._history = before + weight * (snapshot.load - before)
        if not self._recent or now_s < self._decided_s + config.period_s:
            return False
        load = np.mean([load for load, _ in self._recent], axis=0)
        airtime = np.mean([airtime for _, airtime in self._recent], axis=0)
        burden = expected_airtime(expected_rate_bps(snapshot.rsrp_dbm, self._scenario), snapshot.demand_bps)
        needed = needed_airtime(load, airtime, burden, snapshot.serving)
        burden = burden * correction(burden, snapshot.serving, needed) / airtime
        self._measured = Measured(
            load=load,
            history=self._history,
            airtime=airtime,
            serving=snapshot.serving,
            rsrp_dbm=snapshot.rsrp_dbm,
            burden=np.minimum(burden, 1e3),  # unreachable, and still a number to sum
            margin_db=self._margin_db,
        )
        self._decided_s, self._recent = snapshot.time_s, []
        return True

    def regroup_if_due(self, time_s: float) -> bool:
        """Form clusters anew if the present ones have lasted long enough."""
        if time_s + 1e-9 < self._grouped_s + self._config.clusters_last_s:
            return False
        self.groups, self._grouped_s = form_clusters(self.measured), time_s
        return True

    @property
    def measured(self) -> Measured:
        """What the present decision is based on."""
        if self._measured is None:
            raise RuntimeError("nothing was measured yet")
        return self._measured

    def sights(self) -> list[Sight]:
        """What each cluster sees."""
        return [look(group, self.measured, self._cio_db) for group in self.groups]

    def take(self, choices: list[int]) -> None:
        """Carry out an action in each cluster; offsets between clusters, nobody's now, go back to zero."""
        offsets = np.trunc(self._cio_db / 4) * 2
        for group, choice in zip(self.groups, choices, strict=True):
            chosen = offsets_after(choice, group, self._cio_db)
            inside = np.ix_(group, group)
            offsets[inside] = (self._cio_db if chosen is None else chosen)[inside]
        self._cio_db = offsets

    def action(self, n_ues: int) -> Action:
        """The offsets; all UEs are left to A3."""
        return Action(cho_target=np.full(n_ues, -1, dtype=np.int32), cio_db=self._cio_db.copy())


def q_values(weights: Arrays, features: Matrix, allowed: Mask) -> Matrix:
    """[K, A] Q(s, a) = V(s) + A(s, a) - mean of A over the allowed actions; -inf for the others.

    Args:
        weights: of the form `WEIGHTS`.
        features: [K, F].
        allowed: [K, A].
    """
    hidden = np.maximum(features @ weights["hidden1.weight"].T + weights["hidden1.bias"], 0)
    hidden = np.maximum(hidden @ weights["hidden2.weight"].T + weights["hidden2.bias"], 0)
    value = hidden @ weights["value.weight"].T + weights["value.bias"]
    advantage = hidden @ weights["advantage.weight"].T + weights["advantage.bias"]
    mean = np.where(allowed, advantage, 0).sum(axis=1, keepdims=True) / allowed.sum(axis=1, keepdims=True)
    q: Matrix = np.where(allowed, value + advantage - mean, -np.inf).astype(np.float32)
    return q


def choose(q: Matrix, min_gain: float = 0.0) -> int:
    """The action of largest Q, if it is worth more than holding by the margin."""
    best = int(q.argmax())
    return best if q[best] > q[HOLD] + min_gain else HOLD
