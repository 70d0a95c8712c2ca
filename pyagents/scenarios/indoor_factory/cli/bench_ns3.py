# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench ns3`: how fast ns-3 simulates the hall."""

from dataclasses import dataclass
from pathlib import Path

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import check_counts, parse
from pyagents.cli.table import print_results

DESCRIPTION = """Simulated seconds per second, events and memory of the ns-3 hall, on one core.

10 gNBs and 100 UEs at 2.75 Mb/s, without Wi-Fi and with one access point and two stations on each of the four
channels at 5 Mb/s; then what more gNBs and UEs cost. The agent changes nothing and answers at once.

--growth: halls of one density instead, from 10 gNBs and 100 UEs to --largest and ten times as many."""

COLUMNS = {
    "": "{0.case}",
    "simulated s per s": "{0.speed:.2f}",
    "per s of CPU": "{0.speed_cpu:.2f}",
    "events per simulated s": "{0.events_per_simulated_s:.0f}",
    "memory, MiB": "{0.memory_mib:.0f}",
    "relative cost": "{0.relative_cost:.1f}",
}
GROWTH = COLUMNS | {"over linear": "{0.beside_linear:.1f}", "a state, kB": "{0.state_kb:.0f}"}


@dataclass(frozen=True, kw_only=True)
class Ns3Flags:
    """Flags of `nru bench ns3`."""

    steps: int = 50
    """SIBx periods of a run."""
    repetitions: int = 3
    """Runs of each hall, of which the fastest counts."""
    growth: bool = False
    """Halls as dense as the first, each larger than the one before."""
    largest: int = 100
    """With --growth: most gNBs of a hall, 10 to 1000; UEs are ten times as many."""
    wifi: bool = False
    """With --growth: beside Wi-Fi, four access points for ten gNBs."""
    plot: Path | None = None
    """With --growth: a picture of cost and memory beside a straight line, .png or .pdf."""
    json: bool = False
    """Print JSON instead of a table."""


def main(arguments: list[str]) -> int:
    """Run the benchmark. See `pyagents.cli.main` for exit codes."""
    flags: Ns3Flags = parse(Ns3Flags, arguments, command="bench ns3", description=DESCRIPTION)
    check_counts(flags, "steps", "repetitions")
    check_counts(flags, "largest", least=10)
    if flags.plot and not flags.growth:
        raise BadInputError("--plot goes with --growth")

    from pyagents.scenarios.indoor_factory.bench.ns3 import CASES, bench_ns3, growth

    cases = growth(flags.largest, wifi=flags.wifi) if flags.growth else CASES
    results = list(bench_ns3(steps=flags.steps, repetitions=flags.repetitions, cases=cases))
    title = f"{results[0].simulated_s:.1f} simulated seconds, one core"
    print_results(results, GROWTH if flags.growth else COLUMNS, title=title, as_json=flags.json)
    if flags.plot:
        from pyagents.scenarios.indoor_factory.figures.growth import draw_growth

        draw_growth(results).savefig(flags.plot)
    return DONE
