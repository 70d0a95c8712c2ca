# SPDX-License-Identifier: GPL-2.0-only
"""Simulators by the names that the command line takes."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pyagents.simulators.base import Simulator


def _ns3(log_path: Path) -> Simulator:
    from pyagents.simulators.ns3 import Ns3Simulator  # its wire and toolchain load only when it is chosen

    return Ns3Simulator(log_path=log_path)


SIMULATORS: Mapping[str, Callable[[Path], Simulator]] = {"ns3": _ns3}


def make_simulator(name: str, log_path: Path) -> Simulator:
    """Make a simulator.

    Args:
        name: one of `SIMULATORS`.
        log_path: where it may keep a log.

    Raises:
        ValueError: the name is unknown; names those that exist.
    """
    if name not in SIMULATORS:
        raise ValueError(f"simulator {name!r} is unknown: use one of {', '.join(SIMULATORS)}")
    return SIMULATORS[name](log_path)
