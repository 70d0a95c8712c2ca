# SPDX-License-Identifier: GPL-2.0-only
"""How FDRL learns at an edge: double Q-learning from replayed transitions of its own users."""

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pyagents.core.agent import Agent
from pyagents.core.simulator import BatchSimulator
from pyagents.core.snapshot import Floats
from pyagents.core.tensors import Arrays
from pyagents.scenarios.sliced_network.agents.fdrl import (
    CHANGES,
    HIDDEN,
    Fdrl,
    FdrlConfig,
    Network,
    choose,
    features_of,
    form_of,
    q_values,
)
from pyagents.scenarios.sliced_network.allocation import HOLD, mask_choices, needs_of, shares_of
from pyagents.scenarios.sliced_network.mock import BatchedMock
from pyagents.scenarios.sliced_network.observe import N_FEATURES, observe
from pyagents.scenarios.sliced_network.scenario import PRESETS, Scenario
from pyagents.scenarios.sliced_network.snapshot import Snapshot
from pyagents.scenarios.sliced_network.training.settings import FdrlTraining
from pyagents.scenarios.sliced_network.training.worth import worth
from pyagents.training.dqn import DoubleQ, Inputs
from pyagents.training.replay import Batch, Replay
from pyagents.training.seeds import FIRST_TRAINING_SEED


class QNetwork(nn.Module):
    """`q_values` to be differentiated: the same layers, the same names."""

    def __init__(self, network: Network, shapes: Mapping[str, tuple[int, ...]]) -> None:
        super().__init__()
        self._network = network
        self.hidden1 = nn.Linear(shapes["hidden1.weight"][1], HIDDEN[0])
        self.hidden2 = nn.Linear(HIDDEN[0], HIDDEN[1])
        self.output = nn.Linear(HIDDEN[1], shapes["output.bias"][0])

    def forward(self, features: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """[N, A] Q of each action; of those not allowed, a large negative number."""
        output = self.output(torch.relu(self.hidden2(torch.relu(self.hidden1(features)))))
        if self._network == "shared":
            output = torch.cat([output[..., :1].mean(-2), output[..., 1:].flatten(-2)], dim=-1)
        return torch.where(allowed, output, -1e9)


class FdrlLearner:
    """Everything that changes while FDRL learns.

    Args:
        config: settings.
        seed: of weights, of chance, and of what is replayed.
        scenarios: situations to learn in, with equal numbers of UEs a site; all their sites are learnt from.
        make_batch: makes what plays.

    Raises:
        ValueError: sites are of several sizes.
    """

    head = ("output.weight", "output.bias")

    def __init__(
        self,
        config: FdrlTraining,
        *,
        seed: int = 1,
        scenarios: Sequence[Scenario] = (),
        make_batch: Callable[[], BatchSimulator] = BatchedMock,
    ) -> None:
        self.config, self._make_batch = config, make_batch
        self._scenarios = tuple(scenarios) or (PRESETS["fdrl-site"],)
        sizes = {scenario.ues_per_site for scenario in self._scenarios}
        if len(sizes) > 1:
            raise ValueError(f"ues_per_site={sorted(sizes)} are not allowed together: name one size")
        n_users = sizes.pop()
        self.form = form_of(config.network, n_users)
        self.q = DoubleQ(
            lambda: QNetwork(config.network, self.form.shapes),
            self.form.shapes,
            seed=seed,
            learning_rate=config.learning_rate,
            discount=config.discount,
            target_rate=config.target_rate,
        )
        self._rng, self._iteration = np.random.default_rng(seed), 0
        state: dict[str, tuple[tuple[int, ...], str]] = {
            "seen": ((n_users, N_FEATURES), "float32"),
            "allowed": ((1 + CHANGES * n_users,), "bool"),
        }
        after = {f"next_{name}": kind for name, kind in state.items()}
        self.replay = Replay(
            config.replay, {**state, **after, "action": ((), "int64"), "reward": ((), "float32")}
        )
        self.sample_bytes = self.replay.row_bytes

    def improve(self) -> Mapping[str, float]:
        """One iteration: play runs that were never played before, then learn."""
        config = self.config
        told = self._play()
        errors = [
            self.learn(self.replay.sample(self._rng, config.batch)) for _ in range(config.gradient_steps)
        ]
        self._iteration += 1
        return told | {
            "gradient_steps": float(config.gradient_steps),
            "td_error": float(np.mean(errors)),
        }

    def begin_with(self, weights: Arrays) -> None:
        """Go on from a network."""
        self.join(weights, 0.0)

    def join(self, weights: Arrays, pull: float) -> None:
        """Go on from what others have learnt, see `Member.join`."""
        self.q.begin_with(weights, pull)

    def agent(self) -> Agent:
        """What it has learnt, to be validated: without chance."""
        return Fdrl(FdrlConfig(network=self.config.network), self.weights())

    def weights(self) -> Arrays:
        """Of the network as it is."""
        return self.q.weights()

    numbers = weights

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that it takes to go on as if nothing had happened."""
        arrays, memory = self.q.arrays(), self.replay
        arrays |= {f"replay/{name}": rows[: len(memory)].copy() for name, rows in memory.arrays.items()}
        generator = copy.deepcopy(self._rng.bit_generator.state)
        return arrays, {"rng": generator, "iteration": self._iteration, "added": memory.added}

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        self.q.restore(arrays)
        self.replay.added = counts["added"]
        for name, rows in self.replay.arrays.items():
            rows[: len(self.replay)] = arrays[f"replay/{name}"]
        self._rng.bit_generator.state, self._iteration = counts["rng"], counts["iteration"]

    def learn(self, rows: Batch) -> float:
        """One gradient step on transitions; the mean absolute error of Q."""
        return self.q.learn(*self.transitions(rows))

    def transitions(self, rows: Batch) -> tuple[Inputs, torch.Tensor, torch.Tensor, Inputs]:
        """Make what `DoubleQ.learn` takes of rows of the replay."""
        action, reward = (torch.from_numpy(rows[name]) for name in ("action", "reward"))
        return self._inputs(rows, ""), action, reward, self._inputs(rows, "next_")

    def _inputs(self, rows: Batch, prefix: str) -> Inputs:
        shown = features_of(self.config.network, rows[f"{prefix}seen"])
        return torch.from_numpy(shown), torch.from_numpy(rows[f"{prefix}allowed"])

    def _play(self) -> dict[str, float]:
        """Play an iteration's runs into the replay; what came of them."""
        config = self.config
        situation = self._scenarios[int(self._rng.integers(len(self._scenarios)))]
        scenario = dataclasses.replace(situation, steps=config.steps)
        first_seed = FIRST_TRAINING_SEED + self._iteration * config.worlds
        batch, weights = self._make_batch(), self.weights()
        now = batch.reset(scenario, range(first_seed, first_seed + config.worlds))
        shares, state = shares_of(now, scenario), _state(now, scenario)
        earned, held, count = [], [], 0
        while not batch.done:
            action = self._choose(state, weights)
            now = batch.step(choose(now, shares, action))
            after, then = shares_of(now, scenario), _state(now, scenario)
            reward = self._reward(shares, after, needs_of(now, scenario))
            rows = state | {f"next_{name}": part for name, part in then.items()}
            rows |= {"action": action, "reward": reward.astype(np.float32)}
            self.replay.add({name: part.reshape(-1, *part.shape[2:]) for name, part in rows.items()})
            shares, state, count = after, then, count + action.size
            earned.append(float(reward.mean()))
            held.append(float((action == HOLD).mean()))
        batch.close()
        return {
            "steps": float(count),
            "samples": float(count),
            "reward": float(np.mean(earned)),
            "held": float(np.mean(held)),
        }

    def _choose(self, state: Batch, weights: Arrays) -> NDArray[np.int64]:
        """[B, E] actions, some of them by chance."""
        seen, allowed = state["seen"], state["allowed"]
        greedy = q_values(self.config.network, weights, seen, allowed).argmax(axis=-1)
        drawn = np.where(allowed, self._rng.random(allowed.shape), -1.0).argmax(axis=-1)
        by_chance = self._rng.random(greedy.shape) < self.config.chance
        chosen: NDArray[np.int64] = np.where(by_chance, drawn, greedy)
        return chosen

    def _reward(self, before: Floats, after: Floats, needs: Floats) -> Floats:
        """[B, E] what a decision earned, at the demands that it met."""
        config = self.config
        level = worth(after, needs, alpha=config.alpha, beta=config.beta)
        if config.reward == "level":
            return level
        without = worth(before, needs, alpha=config.alpha, beta=config.beta)
        gain: Floats = (level - without) * before.shape[-2]
        return gain


def _state(snapshot: Snapshot, scenario: Scenario) -> Batch:
    """[B, E, ...] what a decision is based on."""
    return {
        "seen": observe(snapshot, scenario),
        "allowed": mask_choices(shares_of(snapshot, scenario)).astype(bool),
    }
