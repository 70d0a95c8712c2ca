# SPDX-License-Identifier: GPL-2.0-only
"""How D3QN learns: double Q-learning from replayed transitions, by chance in fewer and fewer of its moves.

The paper's Eqs. (4) and (5) set targets for value and advantage apart, which nothing can meet; this is the
standard they name (`pyagents.training.dqn`).
"""

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pyagents.core.agent import Agent
from pyagents.core.scenario import Checked, number
from pyagents.core.simulator import BatchSimulator
from pyagents.core.tensors import Arrays
from pyagents.scenarios.iot_edge.agents.d3qn import HIDDEN, D3qn, form_of, q_values
from pyagents.scenarios.iot_edge.balance import evenness, reward
from pyagents.scenarios.iot_edge.metrics import planned_loads
from pyagents.scenarios.iot_edge.mock import BatchedMock
from pyagents.scenarios.iot_edge.moves import list_moves
from pyagents.scenarios.iot_edge.observe import n_features, observe
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot
from pyagents.training.dqn import DoubleQ
from pyagents.training.replay import Batch, Replay
from pyagents.training.seeds import FIRST_TRAINING_SEED


@dataclass(frozen=True, kw_only=True)
class D3qnTraining(Checked):
    """Learning rate, discount and least chance are the paper's; the rest, of which it says nothing, ours."""

    areas: int = number(32, 1, 100_000)
    """Number of areas that are played at once in an iteration."""
    steps: int = number(50, 1, 100_000)
    """Steps of each."""
    learning_rate: float = number(1e-3, 0.0, 1.0, above=True)
    """Learning rate of Adam (paper: 0.001)."""
    discount: float = number(0.9, 0.0, 1.0)
    """gamma (paper: 0.9)."""
    chance: float = number(0.01, 0.0, 1.0)
    """Least share of moves by chance (paper: 0.01)."""
    chance_iterations: int = number(40, 1, 1_000_000)
    """Iterations over which that share falls from 1, evenly."""
    batch: int = number(128, 1, 1_000_000)
    """Transitions a gradient step."""
    gradient_steps: int = number(100, 1, 1_000_000)
    """Gradient steps of an iteration."""
    target_rate: float = number(0.01, 0.0, 1.0)
    """Share by which the target network follows at each gradient step."""
    replay: int = number(50_000, 1, 100_000_000)
    """Number of transitions kept."""


class QNetwork(nn.Module):
    """`q_values` to be differentiated: the same layers, the same names."""

    def __init__(self, inputs: int, n_actions: int) -> None:
        super().__init__()
        self.hidden1 = nn.Linear(inputs, HIDDEN[0])
        self.hidden2 = nn.Linear(HIDDEN[0], HIDDEN[1])
        self.hidden3 = nn.Linear(HIDDEN[1], HIDDEN[2])
        self.value = nn.Linear(HIDDEN[2], 1)
        self.advantage = nn.Linear(HIDDEN[2], n_actions)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """[N, A] Q of each action."""
        hidden = torch.relu(self.hidden1(features))
        hidden = torch.relu(self.hidden3(torch.relu(self.hidden2(hidden))))
        value, advantage = self.value(hidden), self.advantage(hidden)
        q: torch.Tensor = value + advantage - advantage.mean(1, keepdim=True)
        return q


class D3qnLearner:
    """Everything that changes while D3QN learns.

    Args:
        config: settings.
        seed: of weights, of chance, and of what is replayed.
        scenarios: situations to learn in, all of one size. With `layout_seed` one layout is learnt, as in the
            paper, else any.
        make_batch: makes what plays.

    Raises:
        ValueError: there is none, or they are of several sizes.
    """

    def __init__(
        self,
        config: D3qnTraining = D3qnTraining(),
        *,
        seed: int = 1,
        scenarios: Sequence[Scenario] = (),
        make_batch: Callable[[], BatchSimulator] = BatchedMock,
    ) -> None:
        self.config, self._make_batch = config, make_batch
        self._scenarios = tuple(scenarios)
        if not scenarios:
            raise ValueError("scenarios='' is not allowed: D3QN learns in areas of one size, name one")
        first = self._scenarios[0]
        self.form = form_of(first)
        if any(form_of(other).shapes != self.form.shapes for other in self._scenarios):
            raise ValueError("scenarios are of several sizes, not allowed: D3QN learns in areas of one size")
        self._moves = list_moves(first.n_servers)
        self._q = DoubleQ(
            lambda: QNetwork(n_features(first), len(self._moves)),
            self.form.shapes,
            seed=seed,
            learning_rate=config.learning_rate,
            discount=config.discount,
            target_rate=config.target_rate,
        )
        self._rng, self._iteration = np.random.default_rng(seed), 0
        seen = ((n_features(first),), "float32")
        self._replay = Replay(
            config.replay,
            {"seen": seen, "action": ((), "int64"), "reward": ((), "float32"), "next": seen},
        )

    def improve(self) -> Mapping[str, float]:
        """One iteration: play areas that were never played before, then learn."""
        config = self.config
        earned = self._play()
        errors = [
            self.learn(self._replay.sample(self._rng, config.batch)) for _ in range(config.gradient_steps)
        ]
        self._iteration += 1
        return {
            "steps": float(config.areas * config.steps),
            "reward": earned,
            "td_error": float(np.mean(errors)),
            "chance": self._chance(),
        }

    def begin_with(self, weights: Arrays) -> None:
        """Go on from a network."""
        self._q.begin_with(weights)

    def agent(self) -> Agent:
        """What it has learnt, to be validated."""
        return D3qn(weights=self.weights())

    def weights(self) -> Arrays:
        """Of the network as it is."""
        return self._q.weights()

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that it takes to go on as if nothing had happened."""
        arrays = self._q.arrays()
        kept, memory = len(self._replay), self._replay
        arrays |= {f"replay/{name}": rows[:kept].copy() for name, rows in memory.arrays.items()}
        generator = copy.deepcopy(self._rng.bit_generator.state)
        return arrays, {"rng": generator, "iteration": self._iteration, "added": memory.added}

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        self._q.restore(arrays)
        self._replay.added = counts["added"]
        for name, rows in self._replay.arrays.items():
            rows[: len(self._replay)] = arrays[f"replay/{name}"]
        self._rng.bit_generator.state, self._iteration = counts["rng"], counts["iteration"]

    def learn(self, rows: Batch) -> float:
        """One gradient step on transitions `seen`, `action`, `reward`, `next`; the mean absolute error."""
        given = {name: torch.from_numpy(rows[name]) for name in rows}
        return self._q.learn((given["seen"],), given["action"], given["reward"], (given["next"],))

    def _chance(self) -> float:
        """Share of moves by chance in this iteration."""
        return max(1 - self._iteration / self.config.chance_iterations, self.config.chance)

    def _play(self) -> float:
        """Play an iteration's areas into the replay; their mean reward."""
        config, rng = self.config, self._rng
        situation = self._scenarios[int(rng.integers(len(self._scenarios)))]
        scenario = dataclasses.replace(situation, steps=config.steps)
        first_seed = FIRST_TRAINING_SEED + self._iteration * config.areas
        batch, weights, earned = self._make_batch(), self.weights(), []
        now: Snapshot = batch.reset(scenario, range(first_seed, first_seed + config.areas))
        seen = observe(now, scenario)
        while not batch.done:
            best = q_values(weights, seen).argmax(axis=1)
            drawn = rng.integers(0, len(self._moves), config.areas)
            action = np.where(rng.random(config.areas) < self._chance(), drawn, best)
            now = batch.step(Action(core_move=self._moves[action]))
            after = observe(now, scenario)
            worth = reward(*map(evenness, planned_loads(now)))
            self._replay.add(
                {"seen": seen, "action": action, "reward": worth.astype(np.float32), "next": after}
            )
            seen = after
            earned.append(float(worth.mean()))
        batch.close()
        return float(np.mean(earned))
