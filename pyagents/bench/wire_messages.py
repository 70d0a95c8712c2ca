# SPDX-License-Identifier: GPL-2.0-only
"""What the bridge carries in a step: this scenario's observations and actions, and a file of them.

A recording is a text of one line for each Box of the observation and of the action,

    observation|action KEY int32|double LOW HIGH DIMENSION...

an empty line, and the observation's numbers, state after state, as they lie in memory. `gym-echo` reads it
too.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.scenarios.indoor_factory.agents.gt_rl import GtRl
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import CIO_LIMIT_DB, Snapshot
from pyagents.wire import Box, Dict

Arrays = dict[str, NDArray[Any]]

_INT32_MAX = 2**31 - 1
_DTYPES = {"int32": "int32", "double": "float64"}


def recorded_steps(
    scenario: Scenario, *, after: int = 10, count: int = 8
) -> tuple[list[Arrays], list[Arrays]]:
    """States of the hall as they cross the wire, and what GT-RL answers to each.

    Args:
        scenario: the situation.
        after: steps into the run: then all is heard and measured.
        count: how many.
    """
    agent, simulator = GtRl(), MockSimulator()
    agent.reset(scenario, 1)
    now = simulator.reset(scenario, 1)
    states, actions = [], []
    for _ in range(after + count):
        states.append(
            {name: np.ascontiguousarray(np.atleast_1d(getattr(now, name))) for name in Snapshot.facts()}
        )
        action = agent.act(now)
        actions.append(action.to_arrays(scenario.sizes()))
        if simulator.done:
            break
        now = simulator.step(action)
    return states[-count:], actions[-count:]


def observation_space(observation: Mapping[str, NDArray[Any]]) -> Dict:
    """The space that the scenario program announces for such an observation, but for its bounds."""
    return Dict(
        {
            name: Box(-np.inf, np.inf, array.shape, array.dtype)
            if array.dtype.kind == "f"
            else Box(0, _INT32_MAX, array.shape, array.dtype)
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


def write_recording(path: Path, states: Sequence[Arrays]) -> None:
    """Write states and their spaces down."""
    spaces = {"observation": observation_space(states[0]), "action": action_space(states[0])}
    names = {dtype: name for name, dtype in _DTYPES.items()}
    with path.open("wb") as file:
        for kind, space in spaces.items():
            for key, box in space.spaces.items():
                assert isinstance(box, Box)
                words = (kind, key, names[box.dtype.name], box.low, box.high, *box.shape)
                file.write(" ".join(map(str, words)).encode() + b"\n")
        file.write(b"\n")
        file.writelines(array.tobytes() for state in states for array in state.values())


def read_recording(path: Path) -> tuple[Dict, Dict, list[Arrays]]:
    """Observation space, action space and states of a recording."""
    head, numbers = path.read_bytes().split(b"\n\n", 1)
    spaces: dict[str, dict[str, Box]] = {"observation": {}, "action": {}}
    for line in head.decode().splitlines():
        kind, key, dtype, low, high, *shape = line.split()
        spaces[kind][key] = Box(float(low), float(high), [int(d) for d in shape], _DTYPES[dtype])
    states, at = [], 0
    while at < len(numbers):
        state = {}
        for key, box in spaces["observation"].items():
            state[key] = np.frombuffer(numbers, box.dtype, box.size, at).reshape(box.shape)
            at += state[key].nbytes
        states.append(state)
    return Dict(spaces["observation"]), Dict(spaces["action"]), states
