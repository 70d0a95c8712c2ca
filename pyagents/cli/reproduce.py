# SPDX-License-Identifier: GPL-2.0-only
"""`nru reproduce`: a paper's evaluation, from runs to report."""

import dataclasses
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro
from rich.console import Console

from pyagents.cli.errors import DONE, FAILED, BadInputError, refusing
from pyagents.cli.flags import check_counts, make_folder, parse
from pyagents.cli.reproduce_progress import ReproduceProgress
from pyagents.cli.workers import list_programs, make_workers, refuse_replay
from pyagents.core.families import find_family
from pyagents.core.files import BusyFolderError, locked
from pyagents.reproduction.contender import find_contenders
from pyagents.reproduction.experiment import find_experiments
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import Plan, make_plan
from pyagents.reproduction.verdict import MIN_SEEDS
from pyagents.runs.store import Store
from pyagents.runs.sweep import Failure, find_missing, play_missing
from pyagents.runs.workers import LostClusterError
from pyagents.simulators.registry import find_simulator
from pyagents.training.seeds import VALIDATION_SEED

DESCRIPTION = """A paper's figures, and what becomes of its claims: plays the runs that are missing, draws,
and writes results/report/index.html.

Runs are kept as they end: start again, after whatever happened, and only what is missing is played. Figures
are declared in experiments/, a folder a family and a file each; name a file of your own, my.toml, instead."""


@dataclass(frozen=True, kw_only=True)
class ReproduceFlags:
    """What `nru reproduce` takes."""

    figures: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Names such as fig7, or path/to/experiment.toml; none: all of the family. Where two families have a
    figure of one name: family/fig7."""
    family: str = ""
    """Family whose figures these are; by default the first, or that of the figures."""
    simulator: str = "ns3"
    """ns3 or mock."""
    agents: str = ""
    """Names as `nru run` takes them, separated by commas; by default those of the family's agents.toml. A +
    in front adds to them."""
    quick: bool = False
    """Six seeds, the fewest that decide a claim, fewer points, shorter runs: minutes instead of an hour."""
    seeds: int | None = None
    """Number of random runs of each point: 1, 2, and so on; by default 10, with --quick 6."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Number of runs that play at once on this machine."""
    scheduler: str = ""
    """Address of a Dask scheduler, tcp://HOST:PORT or tls://HOST:PORT: its workers play instead."""
    resume: bool = True
    """Play only what is missing; --no-resume: everything, anew."""
    out: Path = Path("results")
    """Folder for runs/ (the store), figures/, report/ and failed/."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: ReproduceFlags = parse(ReproduceFlags, arguments, command="reproduce", description=DESCRIPTION)
    plan = make_plan_of(flags)
    folder = make_folder(flags.out)
    console = Console()
    tell_left_out(plan, console)
    try:
        results = Store(folder / "runs")
        with locked(folder):
            failures = _play(plan, results, flags, console)
            return _report(plan, results, failures, folder, console)
    except (BusyFolderError, LostClusterError, OSError, ValueError) as error:
        print(f"nru reproduce: {error}\nRuns that ended are kept; start again to go on.", file=sys.stderr)
        return FAILED


def make_plan_of(flags: ReproduceFlags) -> Plan:
    """What is to be played.

    Raises:
        BadInputError: a flag is wrong.
    """
    seeds = count_seeds(flags)
    refuse_replay(flags.simulator)
    with refusing():
        experiments = find_experiments(flags.figures, find_family(flags.family) if flags.family else None)
        find_simulator(flags.simulator, experiments[0].family)
        return make_plan(
            experiments,
            find_contenders(flags.agents, experiments[0].family),
            seeds=seeds,
            simulator=flags.simulator,
            quick=flags.quick,
        )


def count_seeds(flags: Any) -> int:
    """How many random runs of each point the flags ask for, once they and the workers are checked.

    Raises:
        BadInputError: a number is not allowed.
    """
    seeds: int = flags.seeds if flags.seeds is not None else MIN_SEEDS if flags.quick else 10
    check_counts(dataclasses.replace(flags, seeds=seeds), "seeds", "workers")
    if seeds >= VALIDATION_SEED:
        most = VALIDATION_SEED - 1
        raise BadInputError(f"seeds={seeds} is not allowed: at most {most}, for agents are trained on others")
    return seeds


def tell_left_out(plan: Plan, console: Console) -> None:
    """Say who does not play, and why."""
    for contender, why in plan.left_out.items():
        console.print(f"Without {contender.label}: {why}", style="yellow", highlight=False, soft_wrap=True)


def tell_failures(failures: Sequence[Failure], console: Console) -> None:
    """Say which runs were given up."""
    for failure in failures:
        console.print(
            f"Failed three times: {failure.task.label}; see {failure.log}", highlight=False, soft_wrap=True
        )


def _play(plan: Plan, results: Store, flags: ReproduceFlags, console: Console) -> list[Failure]:
    """Play what is missing."""
    tasks = plan.tasks()
    missing = find_missing(tasks, results) if flags.resume else tasks
    if not missing:
        console.print(f"All {len(tasks)} runs are there.", highlight=False)
        return []
    with (
        make_workers(
            list_programs(task.run for task in missing), count=flags.workers, scheduler=flags.scheduler
        ) as workers,
        ReproduceProgress(tasks, missing, workers, console) as progress,
    ):
        return play_missing(missing, results, workers, failed=flags.out / "failed", on_end=progress.note)


def _report(plan: Plan, results: Store, failures: Sequence[Failure], folder: Path, console: Console) -> int:
    """Draw, judge, write the page; say where everything is."""
    from pyagents.report.page import Page, write_report
    from pyagents.reproduction.drawing import draw_all

    outcomes = Outcomes(plan, results)
    tell_failures(failures, console)
    if outcomes.missing == outcomes.count:
        console.print("No run was played: there is nothing to report.", highlight=False)
        return FAILED
    drawings = draw_all(outcomes, folder / "figures")
    page = Page(outcomes=outcomes, drawings=drawings, failures=failures, folder=folder)
    path = write_report(page)
    print(folder / "figures")
    print(path)
    return FAILED if failures else DONE
