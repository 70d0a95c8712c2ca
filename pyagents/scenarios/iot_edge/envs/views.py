# SPDX-License-Identifier: GPL-2.0-only
"""What the controller sees, what it can decide, and what a step was worth. All take a batch axis in front."""

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from pyagents.envs.views import Number, Observation, Reward
from pyagents.scenarios.iot_edge.balance import evenness, reward
from pyagents.scenarios.iot_edge.metrics import planned_loads
from pyagents.scenarios.iot_edge.moves import list_moves
from pyagents.scenarios.iot_edge.observe import n_features, observe
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action


def controller_observation(scenario: Scenario) -> Observation:
    """What the controller knows, in one dimension: see `observe`."""
    return Observation(
        space=spaces.Box(-1.0, 1.0, (n_features(scenario),), np.float32),
        function=lambda snapshot: observe(snapshot, scenario),
        batched=True,
    )


def balance_reward(*, letter: bool = False) -> Reward:
    """The paper's reward: how even hops are times how even bytes are, of what is planned.

    Args:
        letter: whether the product counts where one is, or both are, negative.
    """

    def parts(before: Any, after: Any) -> dict[str, Number]:
        gamma, delta = map(evenness, planned_loads(after))
        return {"balance": gamma * delta if letter else reward(gamma, delta)}

    return Reward(function=parts, batched=True)


class CoreMoves:
    """One move of one core, the paper's output layer: choice 7 c + m is `Move` m of core c.

    Args:
        scenario: gives the number of cores.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._moves = list_moves(scenario.n_servers)
        self.space = spaces.Discrete(len(self._moves))

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """The move that a choice stands for. See `ActionView`.

        Raises:
            ValueError: there is no such choice.
        """
        index = np.asarray(choice)
        if index.dtype.kind not in "iu" or index.min() < 0 or index.max() >= len(self._moves):
            raise ValueError(f"action={choice!r} is not allowed: must be 0 to {len(self._moves) - 1}")
        return Action(core_move=self._moves[index])

    def mask(self, snapshot: Any) -> None:
        """All choices make sense: a core at a wall stays."""
