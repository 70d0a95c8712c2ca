# SPDX-License-Identifier: GPL-2.0-only
"""What a simulator shows cannot be written to: an agent that scales one in place changes nothing else."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.envs import make_env, make_vector_env
from pyagents.scenarios.indoor_factory.mock import BatchedMock, MockSimulator
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.simulators.ns3 import Ns3Simulator
from pyagents.simulators.replay import Recorder, ReplaySimulator
from pyagents.simulators.side_by_side import SideBySide

SCENARIO = dataclasses.replace(PRESETS["fig5"], n_gnbs=3, n_ues=5, steps=2)
FIELDS = [name for name, facts in Snapshot.facts().items() if facts.axes]


def recorded(folder: Path) -> ReplaySimulator:
    with Recorder(MockSimulator(), folder / "recording.npz") as recorder:
        recorder.reset(SCENARIO, 1)
        while not recorder.done:
            recorder.step(Action())
    return ReplaySimulator(folder / "recording.npz")


@pytest.fixture(params=["mock", "ns-3's wire", "replay"])
def simulator(request: pytest.FixtureRequest, hall_program: Path, tmp_path: Path) -> Iterator[Simulator]:
    make: dict[str, Callable[[], Simulator]] = {
        "mock": MockSimulator,
        "ns-3's wire": lambda: Ns3Simulator(program=hall_program, timeout_s=20),
        "replay": lambda: recorded(tmp_path),
    }
    one = make[request.param]()
    yield one
    one.close()


def writable(snapshot: Any) -> list[str]:
    """Names of the fields that can be written to."""
    found = []
    for name in FIELDS:
        array = getattr(snapshot, name)
        try:
            array[...] = 0
        except ValueError:
            continue
        found.append(name)
    return found


def test_no_field_of_a_simulators_snapshot_can_be_written_to(simulator: Simulator) -> None:
    assert writable(simulator.reset(SCENARIO, 1)) == []
    assert writable(simulator.step(Action())) == []


def test_no_field_of_a_batch_can_be_written_to() -> None:
    batch = BatchedMock()
    beside = SideBySide(MockSimulator)
    for seen in (batch.reset(SCENARIO, [1, 2]), batch.step(Action()), beside.reset(SCENARIO, [1, 2])):
        assert writable(seen) == []
        assert writable(seen.at(1)) == []
    beside.close()


def scaled_in_place(snapshot: Any) -> Any:
    demand = snapshot.demand_bps
    demand /= demand.max()
    return demand


def test_an_observation_that_scales_in_place_is_told_in_both_kinds_of_environment() -> None:
    with pytest.raises(ValueError, match="read-only"):
        make_env("mock", SCENARIO, observation=scaled_in_place).reset(seed=1)
    with pytest.raises(ValueError, match="read-only"):
        make_vector_env(2, "mock", SCENARIO, observation=scaled_in_place).reset(seed=1)


def test_arrays_that_were_copied_are_the_agents_own() -> None:
    snapshot = MockSimulator().reset(SCENARIO, 1)
    demand = np.array(snapshot.demand_bps)
    demand /= demand.max()
    assert demand.max() == 1
