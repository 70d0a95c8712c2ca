# SPDX-License-Identifier: GPL-2.0-only
"""`nru ladder`: the paper's claims on the way from its equations to the full scenario."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import tyro

from pyagents.cli.console import Console, complain
from pyagents.cli.errors import DONE, FAILED, refusing
from pyagents.cli.flags import make_folder, parse
from pyagents.cli.reproduce import count_seeds, tell_failures, tell_left_out
from pyagents.cli.reproduce_progress import ReproduceProgress
from pyagents.cli.table import say
from pyagents.cli.workers import make_workers
from pyagents.core.families import find_family
from pyagents.core.files import BusyFolderError, locked, to_csv, write_whole
from pyagents.reproduction.contender import Contender, find_contenders
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import Plan
from pyagents.runs.store import Store
from pyagents.runs.sweep import Failure, find_missing, play_missing
from pyagents.runs.workers import LostClusterError, Workers
from pyagents.scenarios.indoor_factory.cli.ladder_table import print_agents, print_fates
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.ladder.calibration import Matches, load_matches, load_published
from pyagents.scenarios.indoor_factory.ladder.climb import (
    Standing,
    agent_rows,
    fate_rows,
    find_fates,
    twin_rows,
    verdict_rows,
)
from pyagents.scenarios.indoor_factory.ladder.matching import Matcher, MatchingError
from pyagents.scenarios.indoor_factory.ladder.rungs import ROLES, SIMULATORS, Ladder, load_ladder
from pyagents.scenarios.indoor_factory.scenario import Scenario

DESCRIPTION = """Which assumption breaks which claim: plays all methods from the paper's own equations to
everything at once, one assumption a rung, at the same load on all rungs.

Rungs are declared in experiments/indoor-factory/ladder/rungs.toml, the demands that make loads alike in
demands.json beside it; demands that are missing there are searched first. Runs are kept as they end:
start again, and only what is missing is played. docs/ladder.md says more."""


@dataclass(frozen=True, kw_only=True)
class LadderFlags:
    """Flags of `nru ladder`."""

    declaration: Annotated[Path | None, tyro.conf.Positional] = None
    """A ladder of your own, my.toml; by default experiments/indoor-factory/ladder/rungs.toml."""
    simulator: str = "both"
    """mock, ns3, or both."""
    agents: str = ""
    """Names as `nru run` takes them, separated by commas; by default those of agents.toml that
    figures draw. A + in front adds to them."""
    quick: bool = False
    """Six seeds, runs of 25 steps instead of 50, loads matched over fewer halls."""
    seeds: int | None = None
    """Number of random runs of each agent on each rung: 1, 2, and so on; by default 10, with --quick
    6."""
    calibrate: bool = False
    """Search all demands anew."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Number of runs that play at once on this machine."""
    scheduler: str = ""
    """Address of a Dask scheduler, tcp://HOST:PORT or tls://HOST:PORT: its workers play instead."""
    out: Path = Path("results")
    """Folder for runs/ (the store, which `nru reproduce` shares), ladder/ and failed/."""

    @property
    def simulators(self) -> tuple[str, ...]:
        """Simulators that play."""
        return SIMULATORS if self.simulator == "both" else (self.simulator,)

    def __post_init__(self) -> None:
        if self.simulator not in ("both", *SIMULATORS):
            raise ValueError(
                f"simulator={self.simulator!r} is not allowed: must be both, {' or '.join(SIMULATORS)}"
            )


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: LadderFlags = parse(LadderFlags, arguments, command="ladder", description=DESCRIPTION)
    seeds = count_seeds(flags)
    folder = make_folder(flags.out / "ladder")
    with refusing():
        ladder = load_ladder(flags.declaration)
        contenders = find_climbers(flags.agents)
        known = () if flags.calibrate else (load_matches(folder / "demands.json"), load_published())
    console = Console()
    results = Store(flags.out / "runs")
    programs = {FAMILY.program} if "ns3" in flags.simulators else set()
    try:
        with (
            locked(folder),
            make_workers(programs, count=flags.workers, scheduler=flags.scheduler) as workers,
        ):
            matches = _match(ladder, flags, known, results, workers, console)
            plans = _make_plans(ladder, flags, contenders, matches, seeds)
            tell_left_out(next(iter(plans.values())), console)
            failures = [
                failure
                for simulator in flags.simulators
                for failure in _play(
                    [p for p in plans.values() if p.simulator == simulator], results, workers, flags, console
                )
            ]
            standings = [
                Standing(rung=rung, match=matches.at(rung, simulator), outcomes=Outcomes(plan, results))
                for (rung, simulator), plan in plans.items()
            ]
            return _report(ladder, standings, failures, folder, console)
    except (BusyFolderError, LostClusterError, MatchingError, OSError) as error:
        complain("ladder", f"{error}\nRuns that ended are kept; start again to go on.")
        return FAILED


def find_climbers(agents: str) -> list[Contender]:
    """Find those that figures draw, or those named, or both; none that is confined to some figures."""
    return [
        c for c in find_contenders(agents, find_family(Scenario.family)) if c.role in ROLES and not c.only
    ]


def _match(
    ladder: Ladder,
    flags: LadderFlags,
    known: Sequence[Matches],
    results: Store,
    workers: Workers,
    console: Console,
) -> Matches:
    """The demands of all rungs that are to be played."""
    matcher = Matcher(
        ladder=ladder,
        results=results,
        workers=workers,
        failed=flags.out / "failed",
        tell=partial(say, console),
        quick=flags.quick,
    )
    places = _places(ladder, flags)
    return matcher.match_all(
        places, known, keep=lambda matches: matches.save(flags.out / "ladder" / "demands.json")
    )


def _places(ladder: Ladder, flags: LadderFlags) -> list[tuple[int, str]]:
    return [
        (number, simulator)
        for number in range(len(ladder.rungs))
        for simulator in flags.simulators
        if ladder.plays(number, simulator)
    ]


def _make_plans(
    ladder: Ladder, flags: LadderFlags, contenders: Sequence[Contender], matches: Matches, seeds: int
) -> dict[tuple[int, str], Plan]:
    return {
        (number, simulator): ladder.plan(
            number,
            simulator,
            contenders,
            demand_mbps=matches.at(number, simulator).demand_mbps,
            seeds=seeds,
            quick=flags.quick,
        )
        for number, simulator in _places(ladder, flags)
    }


def _play(
    plans: Sequence[Plan], results: Store, workers: Workers, flags: LadderFlags, console: Console
) -> list[Failure]:
    """Play what is missing on one simulator."""
    tasks = [task for plan in plans for task in plan.tasks()]
    missing = find_missing(tasks, results)
    if not missing:
        say(console, f"All {len(tasks)} runs on {plans[0].simulator} are there.")
        return []
    say(console, f"On {plans[0].simulator}:")
    with ReproduceProgress(tasks, missing, workers, console) as progress:
        return play_missing(missing, results, workers, failed=flags.out / "failed", on_end=progress.note)


def _report(
    ladder: Ladder, standings: Sequence[Standing], failures: Sequence[Failure], folder: Path, console: Console
) -> int:
    """Print, draw, write; say where everything is."""
    from pyagents.scenarios.indoor_factory.ladder.drawing import draw

    tell_failures(failures, console)
    standings = [standing for standing in standings if standing.contenders]
    if not standings:
        say(console, "No run was played: there is nothing to report.")
        return FAILED
    fates = find_fates(ladder, standings)
    print_agents(console, ladder, standings)
    print_fates(console, ladder, fates)
    draw(ladder, standings, fates, folder)
    for name, rows in (
        ("rungs.csv", agent_rows(ladder, standings)),
        ("verdicts.csv", verdict_rows(ladder, standings)),
        ("claims.csv", fate_rows(ladder, fates)),
        ("twins.csv", twin_rows(ladder, standings)),
    ):
        if not rows:
            continue
        write_whole(folder / name, to_csv(rows))
        print(folder / name)
    print(folder / "ladder.png")
    return FAILED if failures else DONE
