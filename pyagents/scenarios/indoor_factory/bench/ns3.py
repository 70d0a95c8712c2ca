# SPDX-License-Identifier: GPL-2.0-only
"""How fast ns-3 simulates the hall, what that takes, and how it grows with the hall.

The scenario program runs alone, on one core, against an agent that changes nothing and answers at once; it
says itself what the run cost, from its first event to its last.
"""

import dataclasses
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pyagents.scenarios.indoor_factory.presets import scale
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.simulators.ns3 import scenario_flags
from pyagents.toolchain import scenario_program
from pyagents.wire import ProtocolError, Session

_HALL = Scenario(n_gnbs=10, n_ues=100, demand_mbps=2.75)
CASES: Mapping[str, Scenario] = {
    "10 gNBs, 100 UEs": _HALL,
    "10 gNBs, 100 UEs, Wi-Fi": dataclasses.replace(
        _HALL, n_wifi_aps=4, wifi_stations_per_ap=2, wifi_demand_mbps=5.0
    ),
    "10 gNBs, 400 UEs": dataclasses.replace(_HALL, n_ues=400),
    "20 gNBs, 100 UEs": dataclasses.replace(_HALL, n_gnbs=20),
    "20 gNBs, 400 UEs": dataclasses.replace(_HALL, n_gnbs=20, n_ues=400),
}
"""What is timed; Wi-Fi is one access point with two stations on each of the four channels, 5 Mb/s each."""

SIZES = (1, 2, 5, 10, 20, 50, 100)
"""Halls of `growth`, as multiples of 10 gNBs and 100 UEs."""

_TIMEOUT_S = 3600.0


@dataclass(frozen=True, kw_only=True)
class Ns3Cost:
    """Cost of simulating a hall."""

    case: str
    """Name of the hall."""
    size: int
    """Number of its UEs and gNBs."""
    simulated_s: float
    """Simulated time of the fastest repetition, the warm-up included."""
    speed: float
    """Simulated seconds per wall second, of the fastest repetition."""
    speed_cpu: float
    """Simulated seconds per second of CPU time; more than `speed` where other programs interfere."""
    events_per_simulated_s: float
    """Number of ns-3 events per simulated second."""
    memory_mib: float
    """Largest memory in use."""
    state_kb: float
    """Numbers of a state that crosses the wire, in kB."""
    relative_cost: float
    """CPU time per simulated second over that of the first case."""
    beside_linear: float
    """The same over what it would be if each UE and gNB cost as much as in the first case."""


def growth(largest: int, *, wifi: bool) -> dict[str, Scenario]:
    """Halls of the same density, each larger than the one before.

    Args:
        largest: most gNBs of a hall.
        wifi: with four access points for ten gNBs.
    """
    hall = CASES["10 gNBs, 100 UEs, Wi-Fi" if wifi else "10 gNBs, 100 UEs"]
    halls = (scale(hall, size) for size in SIZES if size * hall.n_gnbs <= largest)
    return {f"{hall.n_gnbs} gNBs, {hall.n_ues} UEs{', Wi-Fi' if wifi else ''}": hall for hall in halls}


def bench_ns3(
    *, steps: int = 50, repetitions: int = 3, cases: Mapping[str, Scenario] = CASES
) -> Iterator[Ns3Cost]:
    """Time the cases one after another; yields each when it is done.

    Growth is measured against the first case. Runs are of so many SIBx periods; of repetitions the fastest
    counts. Raises ToolchainError where the program cannot be built, WireError where it failed.
    """
    program = scenario_program()
    first: tuple[float, int] | None = None
    for case, scenario in cases.items():
        short = dataclasses.replace(scenario, steps=steps)
        costs = [_run(program, short, seed=1) for _ in range(repetitions)]
        cost = min(costs, key=lambda cost: cost["cpu_s"])
        simulated = cost["simulated_s"]
        cpu = cost["cpu_s"] / simulated
        size = scenario.n_ues + scenario.n_gnbs
        first = first or (cpu, size)
        yield Ns3Cost(
            case=case,
            size=size,
            simulated_s=simulated,
            speed=simulated / min(cost["wall_s"] for cost in costs),
            speed_cpu=1 / cpu,
            events_per_simulated_s=cost["events"] / simulated,
            memory_mib=cost["memory_kib"] / 1024,
            state_kb=cost["state_bytes"] / 1000,
            relative_cost=cpu / first[0],
            beside_linear=(cpu / first[0]) / (size / first[1]),
        )


def _run(program: Path, scenario: Scenario, seed: int) -> dict[str, float]:
    """Play one run; what the program says of it."""
    with tempfile.TemporaryDirectory(prefix="nru-bench-") as folder:
        log = Path(folder) / "log"
        command = [str(program), *scenario_flags(scenario, seed), "--printCost=true"]
        with Session(command=command, log_path=log, timeout_s=_TIMEOUT_S) as session:
            state = session.start()
            state_bytes = sum(np.asarray(values).nbytes for values in state.observation.values())
            while not state.game_over:
                state = session.step({})
        for line in log.read_text().splitlines():
            if line.startswith("{"):
                cost: dict[str, float] = json.loads(line)
                return cost | {"state_bytes": float(state_bytes)}
    raise ProtocolError("the scenario program did not say what the run cost")
