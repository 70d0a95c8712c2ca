# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench mock`: how fast the mock steps."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import parse

if TYPE_CHECKING:
    from pyagents.scenarios.indoor_factory.bench.mock import MockSpeed

DESCRIPTION = """Steps a second of the mock on one core: one hall, and many halls in one array program.

10 gNBs and 100 UEs, of which 10 move and 2 are handed over in each step; then growth with UEs and halls."""


@dataclass(frozen=True, kw_only=True)
class MockFlags:
    """What `nru bench mock` takes."""

    hall_steps: int = 2000
    """About how many steps of a hall to time for each line."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: MockFlags = parse(MockFlags, arguments, command="bench mock", description=DESCRIPTION)
    if flags.hall_steps < 10:
        raise BadInputError(f"hall_steps={flags.hall_steps} is not allowed: must be at least 10")

    from pyagents.scenarios.indoor_factory.bench.mock import bench_mock

    results = list(bench_mock(hall_steps=flags.hall_steps))
    if flags.json:
        print(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        _print_table(results)
    return DONE


def _print_table(results: "list[MockSpeed]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title="the mock, one core, 10 gNBs",
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    table.add_column("")
    for head in ("halls", "UEs", "hall-steps/s", "per s of CPU", "us a hall-step"):
        table.add_column(head, justify="right")
    for result in results:
        table.add_row(
            {"hall": "one hall, Snapshots", "batch": "batch, arrays"}[result.what],
            str(result.halls),
            str(result.ues),
            f"{result.hall_steps_per_s:.0f}",
            f"{result.hall_steps_per_cpu_s:.0f}",
            f"{result.us_per_hall_step:.1f}",
        )
    Console().print(table)
