# SPDX-License-Identifier: GPL-2.0-only
"""`nru stress`: attacks on this installation, counted and judged."""

from dataclasses import dataclass

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, FAILED, BadInputError
from pyagents.cli.flags import check_counts, parse
from pyagents.cli.table import make_table, say
from pyagents.stress.campaign import ATTACKS, Result, run

DESCRIPTION = f"""Attack what runs, keeps and speaks, and judge what comes of it.

{"; ".join(f"{name}: {what}" for name, what in ATTACKS.items())}. All stays on loopback and in
temporary folders. A fault is told with what plays its round again. Exit code 1 if there was one."""


@dataclass(frozen=True, kw_only=True)
class StressFlags:
    """What `nru stress` takes."""

    attacks: str = "all"
    """Names of attacks, separated by commas."""
    rounds: int = 100
    """Most rounds of each."""
    minutes: float = 1.0
    """Longest time for each."""
    seed: int = 1
    """Seed of all chance."""
    first: int = 0
    """Number of the first round."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: StressFlags = parse(StressFlags, arguments, command="stress", description=DESCRIPTION)
    check_counts(flags, "rounds", "seed")
    check_counts(flags, "minutes", "first", least=0)
    names = list(ATTACKS) if flags.attacks == "all" else flags.attacks.split(",")
    for name in names:
        if name not in ATTACKS:
            raise BadInputError(f"attacks={name!r} is not allowed: must be of {', '.join(ATTACKS)}")
    console = Console()

    def tell(result: Result) -> None:
        counted = ", ".join(f"{count} {what}" for what, count in sorted(result.tally.counts.items()))
        say(console, f"{result.name}: {result.rounds} rounds in {result.seconds:.1f} s: {counted}")
        for fault in result.tally.faults:
            say(console, f"  fault: {fault}", style="red")

    results = run(
        names, seed=flags.seed, rounds=flags.rounds, most_s=60 * flags.minutes, first=flags.first, tell=tell
    )
    table = make_table(f"seed {flags.seed}", "rounds", "faults", "s")
    for result in results:
        table.add_row(result.name, str(result.rounds), str(len(result.tally.faults)), f"{result.seconds:.1f}")
    console.print(table)
    return FAILED if any(result.tally.faults for result in results) else DONE
