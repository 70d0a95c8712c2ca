# SPDX-License-Identifier: GPL-2.0-only
"""How DQN-MLB learns: off-policy, from several behaviours, with a check before a new policy may act.

After Xu et al., IEEE Internet of Things Journal 6(6), 2019; see `agents/dqn_mlb.py` for what it
decides. An iteration plays fresh halls, in which each cluster follows by lot the accepted policy, the
conventional rule, nothing at all, or chance; then it takes gradient steps of double Q-learning
(`pyagents.training.dqn`). One cluster in five is never learnt from: these tell, by a doubly robust estimate,
what the new policy would have earned there, and only if that is no less than the accepted one's does it take
over. The conventional rule comes first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pyagents.core.agent import Agent
from pyagents.core.tensors import Arrays, part_of
from pyagents.scenarios.indoor_factory.agents.dqn_mlb import (
    HIDDEN,
    WEIGHTS,
    Clusters,
    DqnMlb,
    DqnMlbConfig,
    q_values,
)
from pyagents.scenarios.indoor_factory.agents.dqn_mlb_clusters import (
    HOLD,
    MAX_LOAD,
    N_ACTIONS,
    N_FEATURES,
    Measured,
    Sight,
    rule,
)
from pyagents.scenarios.indoor_factory.mock import BatchedMock
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.scenarios.indoor_factory.training.learner import HallLearner, MakeHalls
from pyagents.scenarios.indoor_factory.training.settings import DqnMlbTraining
from pyagents.training.dqn import DoubleQ
from pyagents.training.offline import compare_offline, evaluate_offline
from pyagents.training.replay import Batch, Replay
from pyagents.training.tensors import network_arrays

Probabilities = NDArray[np.float64]


class QNetwork(nn.Module):
    """`q_values` to be differentiated: the same layers, the same names."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden1 = nn.Linear(N_FEATURES, HIDDEN)
        self.hidden2 = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, 1)
        self.advantage = nn.Linear(HIDDEN, N_ACTIONS)

    def forward(self, features: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """[N, A] Q of each action; of those not allowed, a large negative number."""
        hidden = torch.relu(self.hidden2(torch.relu(self.hidden1(features))))
        value, advantage = self.value(hidden), self.advantage(hidden)
        mean = (advantage * allowed).sum(1, keepdim=True) / allowed.sum(1, keepdim=True)
        return torch.where(allowed, value + advantage - mean, -1e9)


TIMING = DqnMlbConfig(min_gain=0.0, history_s=1.6, clusters_last_s=2.56)
"""What weights are trained with: what was argued. The agent's own defaults were tuned with those weights."""


class DqnMlbLearner(HallLearner):
    """Everything that changes while DQN-MLB learns."""

    form = WEIGHTS
    head = ("value.weight", "value.bias", "advantage.weight", "advantage.bias")

    def __init__(
        self,
        config: DqnMlbTraining,
        *,
        seed: int = 1,
        scenarios: Sequence[Scenario] = (),
        make_batch: MakeHalls = BatchedMock,
    ) -> None:
        self.config, self.timing = config, TIMING
        self._q = DoubleQ(
            QNetwork,
            WEIGHTS.shapes,
            seed=seed,
            learning_rate=config.learning_rate,
            discount=config.discount,
            target_rate=config.target_rate,
            max_gradient=10.0,
        )
        networks = {"online": self._q.online, "target": self._q.target}
        super().__init__(
            config, networks, self._q.adam, seed=seed, scenarios=scenarios, make_batch=make_batch
        )
        fields: dict[str, tuple[tuple[int, ...], str]] = {
            "features": ((N_FEATURES,), "float32"),
            "allowed": ((N_ACTIONS,), "bool"),
            "action": ((), "int64"),
            "reward": ((), "float32"),
            "behaviour": ((), "float32"),
            "ruled": ((), "int64"),
            "next_features": ((N_FEATURES,), "float32"),
            "next_allowed": ((N_ACTIONS,), "bool"),
        }
        self._replay = Replay(config.replay, fields)
        self._held_out = Replay(config.held_out, fields)
        self.sample_bytes = self._replay.row_bytes
        self._lifetimes = 0
        self._accepted: dict[str, NDArray[Any]] | None = None

    def improve(self) -> Mapping[str, float]:
        """One iteration: play, learn, and now and then ask whether the new policy may take over."""
        config = self.config
        lifetimes = self._play()
        learnt_from = (self._lifetimes + np.arange(len(lifetimes["action"]))) % 5 != 0
        self._lifetimes += len(learnt_from)
        for memory, chosen in ((self._replay, learnt_from), (self._held_out, ~learnt_from)):
            if chosen.any():
                memory.add({name: np.concatenate(rows[chosen]) for name, rows in lifetimes.items()})
        error = [
            self.learn(self._replay.sample(self._rng, config.batch)) for _ in range(config.gradient_steps)
        ]
        self._iteration += 1
        told = {
            "steps": float(config.halls * config.steps),
            "samples": float(lifetimes["action"].size),
            "reward": float(lifetimes["reward"].mean()),
            "td_error": float(np.mean(error)),
        }
        if self._iteration % config.accept_every == 0:
            told |= self._consider()
        return told

    def begin_with(self, weights: Arrays) -> None:
        """Go on from a network, which is the accepted policy until a better one is."""
        self.join(weights, 0.0)

    def join(self, weights: Arrays, pull: float) -> None:
        """Go on from what others have learnt, see `Member.join`; it is the accepted policy as well."""
        self._q.begin_with(weights, pull)
        self._accepted = self.numbers()

    def agent(self) -> Agent:
        """The accepted policy, frozen, to be validated."""
        return DqnMlb(self.timing, self.weights())

    def weights(self) -> Arrays:
        """Give the accepted policy's arrays; while none is accepted, the network's as it is."""
        return self.numbers() if self._accepted is None else self._accepted

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that it takes to go on as if nothing had happened."""
        arrays, counts = super().state()
        arrays |= {f"accepted/{n}": v for n, v in (self._accepted or {}).items()}
        arrays |= {f"replay/{n}": v for n, v in self._replay.arrays.items()}
        arrays |= {f"held_out/{n}": v for n, v in self._held_out.arrays.items()}
        added = {"replay": self._replay.added, "held_out": self._held_out.added}
        return arrays, counts | added | {"lifetimes": self._lifetimes}

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        super().restore(arrays, counts)
        self._accepted = part_of(arrays, "accepted/") or None
        for memory, name in ((self._replay, "replay"), (self._held_out, "held_out")):
            memory.arrays, memory.added = part_of(arrays, f"{name}/"), counts[name]
        self._lifetimes = counts["lifetimes"]

    # ---- Play ----

    def _play(self) -> Batch:
        """Fresh halls, from start to end: what each cluster saw, did and got, [N, decisions] by name."""
        config = self.config
        halls, scenario, seen = self._start()
        clusters = [Clusters(scenario, self.timing) for _ in range(config.halls)]
        decisions: list[Batch] = []
        before = seen
        while True:
            due = [one.measure(seen.at(k)) for k, one in enumerate(clusters)]
            if due[0]:  # then all are
                if decisions:
                    decisions[-1] |= self._outcome(clusters, before, seen)
                if halls.done:
                    break
                decisions.append(self._decide(clusters, seen.time_s))
                before = seen
            seen = halls.step(Action.stack([one.action(scenario.n_ues) for one in clusters]))
        length = round(self.timing.clusters_last_s / self.timing.period_s)
        return {name: _by_lifetime([one[name] for one in decisions], length) for name in decisions[0]}

    def _decide(self, clusters: list[Clusters], time_s: float) -> Batch:
        """Let each cluster of each hall choose, by lot, by one of the behaviours: [K] what it saw and did."""
        for one in clusters:
            one.regroup_if_due(time_s)
        sights = [one.sights() for one in clusters]
        flat = [sight for of_hall in sights for sight in of_hall]
        seen = _stacked(flat)
        ruled = np.array([rule(sight) for sight in flat])
        chances = self._behaviour(seen, ruled)
        lots = self._rng.random((len(flat), 1)) * chances.sum(axis=1, keepdims=True)
        actions = (chances.cumsum(axis=1) > lots).argmax(axis=1)
        for one, of_hall in zip(clusters, np.split(actions, len(clusters)), strict=True):
            one.take(of_hall.tolist())
        return seen | {
            "action": actions,
            "behaviour": chances[np.arange(len(flat)), actions].astype(np.float32),
            "ruled": ruled,
        }

    def _behaviour(self, seen: Batch, ruled: NDArray[Any]) -> Probabilities:
        """[K, A] with what probability the mixture of behaviours takes each action."""
        config, rows, allowed = self.config, np.arange(len(ruled)), seen["allowed"]
        greedy = ruled
        if self._accepted is not None:
            greedy = q_values(self._accepted, seen["features"], allowed).argmax(axis=1)
        chances: Probabilities = config.random_share * allowed / allowed.sum(axis=1, keepdims=True)
        chances[rows, greedy] += config.policy_share
        chances[rows, ruled] += config.rule_share
        chances[:, HOLD] += 1 - config.policy_share - config.rule_share - config.random_share
        return chances

    def _outcome(self, clusters: list[Clusters], before: Snapshot, seen: Snapshot) -> Batch:
        """What came of each cluster's choice: the reward, and what the same cluster sees now."""
        rewards = []
        for k, one in enumerate(clusters):
            moved = seen.handovers[k] - before.handovers[k]
            for group in one.groups:
                rewards.append(
                    self._reward(one.measured, group, float(moved[np.isin(before.serving[k], group)].sum()))
                )
        after = _stacked([sight for one in clusters for sight in one.sights()])
        return {f"next_{name}": values for name, values in after.items()} | {
            "reward": np.array(rewards, dtype=np.float32)
        }

    def _reward(self, measured: Measured, group: list[int], moved: float) -> float:
        """Minus the spread of the cluster's loads, minus what overload and handovers cost."""
        config, load = self.config, np.minimum(measured.load[group], MAX_LOAD)
        usual = max(len(measured.serving) / len(measured.load), 1.0)
        overload = float(np.maximum(load - 1, 0).mean())
        spread = float(load.std())
        return -(spread + config.overload_cost * overload + config.handover_cost * moved / usual)

    # ---- Learn ----

    def learn(self, batch: Batch) -> float:
        """One gradient step; returns the mean absolute error of Q."""
        rows = {name: torch.from_numpy(values) for name, values in batch.items()}
        return self._q.learn(
            (rows["features"], rows["allowed"]),
            rows["action"],
            rows["reward"],
            (rows["next_features"], rows["next_allowed"]),
        )

    def _consider(self) -> dict[str, float]:
        """Accept the network as it is now if, in what it never learnt from, it would have done no worse."""
        if len(self._held_out) < self.config.min_evidence:
            return {"accepted": 0.0}
        rows = self._held_out.newest(self.config.held_out)
        q = self._target_q(rows["features"], rows["allowed"])
        later = self._target_q(rows["next_features"], rows["next_allowed"]).max(axis=1)
        outcome = rows["reward"] + self.config.discount * later
        new = q_values(self.numbers(), rows["features"], rows["allowed"]).argmax(axis=1)
        present = rows["ruled"]
        if self._accepted is not None:
            present = q_values(self._accepted, rows["features"], rows["allowed"]).argmax(axis=1)
        verdict = compare_offline(
            *(
                evaluate_offline(np.eye(N_ACTIONS)[greedy], rows["action"], rows["behaviour"], outcome, q)
                for greedy in (new, present)
            )
        )
        if verdict.accepted:
            self._accepted = self.numbers()
        return {
            "offline_gain": verdict.gain,
            "offline_error": verdict.error,
            "accepted": float(verdict.accepted),
        }

    def _target_q(self, features: NDArray[Any], allowed: NDArray[Any]) -> NDArray[Any]:
        """[N, A] the slow network's values, the model of the offline evaluation."""
        return q_values(network_arrays(self._q.target), features, allowed).astype(np.float64)

    def numbers(self) -> dict[str, NDArray[Any]]:
        """Give the network's arrays as it is, accepted or not."""
        return self._q.weights()


def _stacked(sights: list[Sight]) -> Batch:
    """[K, F] and [K, A]."""
    return {
        "features": np.stack([sight.features for sight in sights]),
        "allowed": np.stack([sight.allowed for sight in sights]),
    }


def _by_lifetime(rows: list[NDArray[Any]], length: int) -> NDArray[Any]:
    """[N, length, ...] of rows [K, ...], one a decision: clusters form anew every `length` decisions."""
    stacked = np.stack(rows)
    lives = stacked.reshape(len(rows) // length, length, *stacked.shape[1:])
    swapped = lives.swapaxes(1, 2)
    return swapped.reshape(-1, *swapped.shape[2:])
