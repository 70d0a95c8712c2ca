# SPDX-License-Identifier: GPL-2.0-only
"""Simulators by the names that the command line takes."""

import hashlib
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pyagents.core.families import default_family
from pyagents.core.family import Family, load_place
from pyagents.core.simulator import Simulator

Maker = Callable[[Path | None], Simulator]
"""Makes a simulator; takes where it may keep a log, or None."""


def _ns3(log_path: Path | None) -> Simulator:
    from pyagents.simulators.ns3 import Ns3Simulator  # its wire and toolchain load only when it is chosen

    return Ns3Simulator(log_path=log_path)


def _mock(log_path: Path | None) -> Simulator:
    made: Simulator = load_place(default_family().mock)()
    return made


SIMULATORS: Mapping[str, Maker] = {"ns3": _ns3, "mock": _mock}

REPLAY = "replay:"
"""In front of the path of a recording: a simulator that plays it."""

REMOTE = "remote"
"""Simulator of a run that somebody else plays (`RemoteSimulator`); it takes more than a name to make it."""


def find_simulator(name: str) -> Maker:
    """What makes the simulator of a name.

    Args:
        name: one of `SIMULATORS`, or `replay:PATH`.

    Raises:
        ValueError: the name is unknown; names those that exist.
    """
    if name.startswith(REPLAY):
        return lambda log_path: _replay(Path(name.removeprefix(REPLAY)))
    if name not in SIMULATORS:
        raise ValueError(f"simulator {name!r} is unknown: use one of {', '.join(SIMULATORS)}, {REPLAY}PATH")
    return SIMULATORS[name]


def make_simulator(name: str, log_path: Path | None) -> Simulator:
    """Make a simulator.

    Args:
        name: one of `SIMULATORS`, or `replay:PATH`.
        log_path: where it may keep a log; None: nowhere.

    Raises:
        ValueError: the name is unknown, or there is no such recording.
    """
    return find_simulator(name)(log_path)


def make_batch(name: str, family: Family) -> Any:
    """Make a simulator of many runs of a family at once: its own for the mock, else one beside the other.

    Args:
        name: one of `SIMULATORS`.
        family: of the scenarios.

    Raises:
        ValueError: the name is unknown.
    """
    make = find_simulator(name)
    if name == "mock" and family.batch:
        return load_place(family.batch)()

    from pyagents.simulators.side_by_side import SideBySide

    return SideBySide(lambda: make(None))


def describe_build(name: str) -> str:
    """Which build of a simulator it is: equal ones play equal runs.

    Args:
        name: as `find_simulator` takes it.

    Returns:
        For ns-3 its version and the hash of the scenario program's sources, for the mock the hash of its
        own, for a replay that of the recording. Without the simulator here: that it is missing. Of a
        remote one nothing is known.

    Raises:
        ValueError: the name is unknown.
    """
    if name == REMOTE:
        return "not known"
    find_simulator(name)
    if name.startswith(REPLAY):
        path = Path(name.removeprefix(REPLAY))
        return f"recording {_short_hash(path.read_bytes())}" if path.is_file() else "no recording"
    if name == "mock":
        sources = sorted(Path(inspect.getfile(load_place(default_family().mock))).parent.glob("*.py"))
        return f"mock {_short_hash(b''.join(path.read_bytes() for path in sources))}"

    from pyagents.toolchain import ToolchainError, find_ns3
    from pyagents.toolchain.sources import fingerprint, source_directory

    try:
        ns3, sources_hash = find_ns3(), fingerprint(source_directory())
    except ToolchainError:
        return "no ns-3"
    return f"ns-3 {ns3.version} ({ns3.kind}), scenario {sources_hash[:_DIGITS]}"


_DIGITS = 16


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def _replay(path: Path) -> Simulator:
    from pyagents.simulators.replay import ReplaySimulator

    return ReplaySimulator(path)
