# SPDX-License-Identifier: GPL-2.0-only
"""What the bridge carries in a step: this scenario's observation and action, and their spaces."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.agents.gt_rl import GtRl
from pyagents.scenario import Scenario
from pyagents.simulators.mock import MockSimulator
from pyagents.snapshot import CIO_LIMIT_DB, field_facts
from pyagents.wire import Box, Dict

_INT32 = 2.0**31


def recorded_step(
    scenario: Scenario, steps: int = 10
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """A state of the hall as it crosses the wire, and what GT-RL answers to it.

    Args:
        scenario: the situation.
        steps: how far into the run: then all is heard and measured.
    """
    agent, simulator = GtRl(), MockSimulator()
    agent.reset(scenario, 1)
    now = simulator.reset(scenario, 1)
    for _ in range(min(steps, scenario.steps)):
        now = simulator.step(agent.act(now))
    observation = {name: np.ascontiguousarray(np.atleast_1d(getattr(now, name))) for name in field_facts()}
    action = agent.act(now).to_arrays(
        n_ues=scenario.n_ues, n_gnbs=scenario.n_gnbs, n_channels=scenario.n_channels
    )
    return observation, action


def observation_space(observation: Mapping[str, NDArray[Any]]) -> Dict:
    """The space that the scenario program announces for such an observation, but for its bounds."""
    return Dict(
        {
            name: Box(-np.inf, np.inf, array.shape, array.dtype)
            if array.dtype.kind == "f"
            else Box(-_INT32, _INT32, array.shape, array.dtype)
            for name, array in observation.items()
        }
    )


def action_space(observation: Mapping[str, NDArray[Any]]) -> Dict:
    """The space of the actions that answer such an observation."""
    n_ues, n_gnbs = observation["rsrp_dbm"].shape
    return Dict(
        {
            "cho_target": Box(-1, n_gnbs - 1, (n_ues,), "int32"),
            "cio_db": Box(-CIO_LIMIT_DB, CIO_LIMIT_DB, (n_gnbs, n_gnbs), "float64"),
            "channel": Box(-1, 31, (n_gnbs,), "int32"),
        }
    )
