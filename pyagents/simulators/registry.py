# SPDX-License-Identifier: GPL-2.0-only
"""Simulators by the names that the command line takes."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from pyagents.core.family import Family, load_place
from pyagents.core.names import did_you_mean
from pyagents.core.simulator import BatchSimulator, Simulator
from pyagents.core.sources import hash_files, trace_sources

Maker = Callable[[Path | None], Simulator]
"""Makes a simulator; takes where it may keep a log, or None."""

_DIGITS = 16

REPLAY = "replay:"
"""In front of the path of a recording: a simulator that plays it."""

REMOTE = "remote"
"""Simulator of a run that somebody else plays (`RemoteSimulator`); it takes more than a name to make it."""


def simulators(family: Family) -> Mapping[str, Maker]:
    """Makers of a family's simulators, by name: `ns3` and `mock`, as far as it has them."""
    makers: dict[str, Maker] = {}
    if family.program:
        makers["ns3"] = lambda log_path: load_place("pyagents.simulators.ns3:Ns3Simulator")(log_path=log_path)
    if family.mock:
        makers["mock"] = lambda log_path: load_place(family.mock)()
    return makers


def find_simulator(name: str, family: Family) -> Maker:
    """Find the maker of a name, or of `replay:PATH`; ValueError, which names all, without one."""
    if name.startswith(REPLAY):
        replay, path = "pyagents.simulators.replay:ReplaySimulator", Path(name.removeprefix(REPLAY))
        return lambda log_path: load_place(replay)(path)
    known = simulators(family)
    if name not in known:
        hint = did_you_mean(name, known)
        raise ValueError(f"simulator {name!r} is unknown{hint}: use one of {', '.join(known)}, {REPLAY}PATH")
    return known[name]


def make_simulator(name: str, log_path: Path | None, family: Family) -> Simulator:
    """Make a simulator of a name, see `find_simulator`, which may keep a log; ValueError without one."""
    return find_simulator(name, family)(log_path)


def make_batch(name: str, family: Family) -> BatchSimulator:
    """Make a simulator of many runs at once: the family's own for its mock, else one beside the other."""
    make = find_simulator(name, family)
    if name == "mock" and family.batch:
        batch: BatchSimulator = load_place(family.batch)()
        return batch

    from pyagents.simulators.side_by_side import SideBySide

    return SideBySide(lambda: make(None))


def describe_build(name: str, family: Family) -> str:
    """Tell which build of a simulator it is: equal ones play equal runs.

    For ns-3 its version and the hash of what the family's program is built from; for the mock the hash of its
    sources and of what they import of their family; for a replay that of the recording. Without the simulator
    here: that it is missing. Of a remote one nothing is known.
    """
    if name == REMOTE:
        return "not known"
    find_simulator(name, family)
    if name.startswith(REPLAY):
        path = Path(name.removeprefix(REPLAY))
        if not path.is_file():
            return "no recording"
        return f"recording {hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]}"
    if name == "mock":
        module = family.mock.partition(":")[0]
        return f"mock {hash_files(trace_sources(module, within=family.scenario.__module__))}"

    from pyagents.toolchain import ToolchainError, find_ns3
    from pyagents.toolchain.sources import fingerprint, source_directory

    try:
        ns3, sources_hash = find_ns3(), fingerprint(source_directory(), family.program)
    except ToolchainError:
        return "no ns-3"
    return f"ns-3 {ns3.version} ({ns3.kind}), scenario {sources_hash[:_DIGITS]}"
