# SPDX-License-Identifier: GPL-2.0-only
"""Environments of a family that this package does not know of."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Space
from gymnasium.utils.env_checker import check_env
from numpy.typing import NDArray
from pettingzoo.test import parallel_api_test  # type: ignore[import-untyped]

from pyagents.envs.controller import ControllerEnv
from pyagents.envs.parallel import AgentsEnv
from pyagents.envs.views import Observation, Reward
from tests.two_queues import Action, Mock, Scenario, Snapshot

SCENARIO = Scenario(steps=20)


class Share:
    """The server is shared by a single choice, or by the choices of the queues in proportion."""

    space: Space[Any] = Box(0.0, 1.0, (1,), np.float32)

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        first, *others = np.ravel(choice)
        total = float(first + sum(others)) if others else 1.0
        return Action(share=[float(first) / total if total > 0 else 0.5])

    def mask(self, snapshot: Any) -> None:
        return None


def waiting(snapshot: Snapshot) -> NDArray[np.float32]:
    return snapshot.waiting.astype(np.float32)


def of_all(before: Snapshot, now: Snapshot) -> Mapping[str, float]:
    return {"waiting": -float(now.waiting.sum())}


def of_each(before: Snapshot, now: Snapshot) -> Mapping[str, NDArray[Any]]:
    return {"waiting": -now.waiting}


def test_gymnasium_finds_nothing_wrong_with_one_agent_for_all() -> None:
    seen = Observation(space=Box(0, 1e6, (2,), np.float32), function=waiting)
    check_env(
        ControllerEnv(
            Mock(), SCENARIO, observation=seen, action=Share(), reward=Reward(function=of_all)
        ).unwrapped,
        skip_render_check=True,
    )


def test_pettingzoo_finds_nothing_wrong_with_an_agent_a_queue() -> None:
    seen = Observation(space=Box(0, 1e6, (1,), np.float32), function=lambda now: waiting(now)[:, None])
    queues = AgentsEnv(
        Mock(),
        SCENARIO,
        ["first", "second"],
        observation=seen,
        action=Share(),
        reward=Reward(function=of_each),
    )
    parallel_api_test(queues, num_cycles=30)
