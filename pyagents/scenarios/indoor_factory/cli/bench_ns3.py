# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench ns3`: how fast ns-3 simulates the hall."""

from dataclasses import dataclass

from pyagents.cli.errors import DONE
from pyagents.cli.flags import check_counts, parse
from pyagents.cli.table import print_results

DESCRIPTION = """Simulated seconds per second, events and memory of the ns-3 hall, on one core.

10 gNBs and 100 UEs at 2.75 Mb/s, without Wi-Fi and with one access point and two stations on each of the four
channels at 5 Mb/s; then what more gNBs and UEs cost. The agent changes nothing and answers at once."""

COLUMNS = {
    "": "{0.case}",
    "simulated s per s": "{0.speed:.2f}",
    "per s of CPU": "{0.speed_cpu:.2f}",
    "events per simulated s": "{0.events_per_simulated_s:.0f}",
    "memory, MiB": "{0.memory_mib:.0f}",
    "relative cost": "{0.relative_cost:.1f}",
}


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
    check_counts(flags, "steps", "repetitions")

    from pyagents.scenarios.indoor_factory.bench.ns3 import bench_ns3

    results = list(bench_ns3(steps=flags.steps, repetitions=flags.repetitions))
    title = f"{results[0].simulated_s:.1f} simulated seconds, one core"
    print_results(results, COLUMNS, title=title, as_json=flags.json)
    return DONE
