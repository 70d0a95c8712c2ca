# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench mock`: how fast the mock steps."""

from dataclasses import dataclass

from pyagents.cli.errors import DONE
from pyagents.cli.flags import check_counts, parse
from pyagents.cli.table import print_results

DESCRIPTION = """Steps a second of the mock on one core: one hall, and many halls in one array program.

10 gNBs and 100 UEs, of which 10 move and 2 are handed over in each step; then growth with UEs and halls."""

COLUMNS = {
    "": "{0.through}",
    "halls": "{0.halls}",
    "UEs": "{0.ues}",
    "hall-steps/s": "{0.hall_steps_per_s:.0f}",
    "per s of CPU": "{0.hall_steps_per_cpu_s:.0f}",
    "us a hall-step": "{0.us_per_hall_step:.1f}",
}


@dataclass(frozen=True, kw_only=True)
class MockFlags:
    """Flags of `nru bench mock`."""

    hall_steps: int = 2000
    """About how many steps of a hall to time for each line."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: MockFlags = parse(MockFlags, arguments, command="bench mock", description=DESCRIPTION)
    check_counts(flags, "hall_steps", least=10)

    from pyagents.scenarios.indoor_factory.bench.mock import bench_mock

    results = list(bench_mock(hall_steps=flags.hall_steps))
    print_results(results, COLUMNS, title="the mock, one core, 10 gNBs", as_json=flags.json)
    return DONE
