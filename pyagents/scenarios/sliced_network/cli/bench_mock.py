# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench slices`: how fast the mock of the sliced network steps."""

from dataclasses import dataclass

from pyagents.cli.errors import DONE
from pyagents.cli.flags import check_counts, parse
from pyagents.cli.table import print_results

DESCRIPTION = """Steps a second of the mock on one core, of sites with 50 UEs: one network, and many in one
array program. In each step all are allocated anew."""

COLUMNS = {
    "": "{0.through}",
    "networks": "{0.networks}",
    "sites": "{0.sites}",
    "edge-steps/s": "{0.edge_steps_per_s:.0f}",
    "per s of CPU": "{0.edge_steps_per_cpu_s:.0f}",
}


@dataclass(frozen=True, kw_only=True)
class MockFlags:
    """Flags of `nru bench slices`."""

    edge_steps: int = 20_000
    """About how many steps of a site to time for each line."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: MockFlags = parse(MockFlags, arguments, command="bench slices", description=DESCRIPTION)
    check_counts(flags, "edge_steps", least=10)

    from pyagents.scenarios.sliced_network.bench.mock import bench_mock

    results = list(bench_mock(edge_steps=flags.edge_steps))
    print_results(results, COLUMNS, title="the mock, one core, 50 UEs a site", as_json=flags.json)
    return DONE
