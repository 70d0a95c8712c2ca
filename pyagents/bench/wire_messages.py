# SPDX-License-Identifier: GPL-2.0-only
"""What the bridge carries in a step: a scenario's observations and actions, and a file of them.

A recording is a text of one line for each Box of the observation and of the action,

    observation|action KEY int32|double LOW HIGH DIMENSION...

an empty line, and the observation's numbers, state after state, as they lie in memory. `gym-echo` reads it
too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.agent_spec import find_agent
from pyagents.core.families import find_family
from pyagents.core.family import load_place
from pyagents.core.scenario import Scenario
from pyagents.wire import Box, Dict

Arrays = dict[str, NDArray[Any]]

STEPS = (10, 500)
"""Steps into the run at which it is recorded: once all is heard and measured, and once counters are large."""
_DTYPES = {"int32": "int32", "double": "float64"}


def recorded_steps(scenario: Scenario, *, count: int = 8) -> dict[int, tuple[list[Arrays], list[Arrays]]]:
    """Play a run of the mock as long as it takes, and note what crosses the wire, so many steps at a time.

    Returns:
        By the first of these steps: states, and what the family's default agent answers to each.
    """
    scenario = replace(scenario, steps=max(STEPS) + count)
    family = find_family(scenario.family)
    agent, simulator = find_agent(family.default_agent, family).make(), load_place(family.mock)()
    agent.reset(scenario, 1)
    now = simulator.reset(scenario, 1)
    noted: dict[int, tuple[list[Arrays], list[Arrays]]] = {step: ([], []) for step in STEPS}
    for step in range(scenario.steps):
        action = agent.act(now)
        for first, (states, actions) in noted.items():
            if first <= step < first + count:
                states.append(now.to_arrays())
                actions.append(action.to_arrays(scenario.sizes()))
        now = simulator.step(action)
    return noted


def write_recording(path: Path, seen: Dict, done: Dict, states: Sequence[Mapping[str, NDArray[Any]]]) -> None:
    """Write observation space, action space and states down."""
    spaces = {"observation": seen, "action": done}
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
    """Read observation space, action space and states of a recording."""
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
