# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench ns3`: how fast ns-3 simulates the hall."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import parse

if TYPE_CHECKING:
    from pyagents.scenarios.indoor_factory.bench.ns3 import Ns3Cost

DESCRIPTION = """Simulated seconds per second, events and memory of the ns-3 hall, on one core.

10 gNBs and 100 UEs at 2.75 Mb/s, without Wi-Fi and with one access point and two stations on each of the four
channels at 5 Mb/s; then what more gNBs and UEs cost. The agent changes nothing and answers at once."""


@dataclass(frozen=True, kw_only=True)
class Ns3Flags:
    """What `nru bench ns3` takes."""

    steps: int = 50
    """SIBx periods of a run."""
    repetitions: int = 3
    """Runs of each hall, of which the fastest counts."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: Ns3Flags = parse(Ns3Flags, arguments, command="bench ns3", description=DESCRIPTION)
    for name in ("steps", "repetitions"):
        if getattr(flags, name) < 1:
            raise BadInputError(f"{name}={getattr(flags, name)} is not allowed: must be at least 1")

    from pyagents.scenarios.indoor_factory.bench.ns3 import bench_ns3

    results = list(bench_ns3(steps=flags.steps, repetitions=flags.repetitions))
    if flags.json:
        print(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        _print_table(results)
    return DONE


def _print_table(results: "list[Ns3Cost]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"{results[0].simulated_s:.1f} simulated seconds, one core",
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    table.add_column("")
    for head in (
        "simulated s per s",
        "per s of CPU",
        "events per simulated s",
        "memory, MiB",
        "relative cost",
    ):
        table.add_column(head, justify="right")
    for result in results:
        table.add_row(
            result.case,
            f"{result.speed:.2f}",
            f"{result.speed_cpu:.2f}",
            f"{result.events_per_simulated_s:.0f}",
            f"{result.memory_mib:.0f}",
            f"{result.relative_cost:.1f}",
        )
    Console().print(table)
