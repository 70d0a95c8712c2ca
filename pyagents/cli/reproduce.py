# SPDX-License-Identifier: GPL-2.0-only
"""`nru reproduce`: a paper's evaluation, from runs to report."""

import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import tyro

from pyagents.cli.console import Console, complain
from pyagents.cli.errors import DONE, FAILED, BadInputError, refusing
from pyagents.cli.flags import check_counts, make_folder, parse
from pyagents.cli.reproduce_progress import ReproduceProgress
from pyagents.cli.table import say
from pyagents.cli.workers import list_programs, make_workers, refuse_replay
from pyagents.core.families import find_family
from pyagents.core.files import BusyFolderError, locked
from pyagents.reproduction.contender import find_contenders
from pyagents.reproduction.experiment import find_experiments
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import Plan, make_plan
from pyagents.reproduction.verdict import MIN_SEEDS, Verdict, look_again
from pyagents.runs.store import Store
from pyagents.runs.sweep import Failure, find_missing, play_missing
from pyagents.runs.task import Task
from pyagents.runs.workers import LostClusterError
from pyagents.simulators.registry import find_simulator
from pyagents.statistics.repeated import PLANNED, looks
from pyagents.training.seeds import VALIDATION_SEED

DESCRIPTION = """A paper's figures, and what becomes of its claims: plays the runs that are missing, draws,
and writes results/report/index.html.

Runs are kept as they end: start again, after whatever happened, and only what is missing is played. Figures
are declared in experiments/, a folder a family and a file each; name a file of your own, my.toml, instead."""


@dataclass(frozen=True, kw_only=True)
class ReproduceFlags:
    """Flags of `nru reproduce`."""

    figures: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Names such as fig7, or path/to/experiment.toml; none: all of the family. Where several families
    have a figure of one name the first one's is meant; name another's as family/fig7."""
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
    until_decided: bool = False
    """Then play more seeds of what undecided claims are about, until each is decided. Intervals allow for
    looking again and again: they are wider."""
    most: int | None = None
    """Number of seeds at which --until-decided stops, 200 at most and by default."""
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
            sweep = _Sweep(results=results, flags=flags, console=console)
            if plan.most:
                plan, verdicts = _decide(plan, sweep)
            else:
                sweep.play(plan)
                verdicts = []
            return _report(plan, verdicts, sweep, folder)
    except (BusyFolderError, LostClusterError, OSError, ValueError) as error:
        complain("reproduce", f"{error}\nRuns that ended are kept; start again to go on.")
        return FAILED


def make_plan_of(flags: ReproduceFlags) -> Plan:
    """Tell what is to be played; BadInputError where a flag is wrong."""
    seeds = count_seeds(flags)
    if flags.most is not None and not flags.until_decided:
        raise BadInputError(f"most={flags.most} goes with --until-decided")
    most = (PLANNED if flags.most is None else flags.most) if flags.until_decided else 0
    if flags.until_decided and not seeds <= most <= PLANNED:
        raise BadInputError(f"most={most} is not allowed: from {seeds}, the seeds of all, to {PLANNED}")
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
            most=most,
        )


def count_seeds(flags: Any) -> int:
    """Count the seeds that flags ask for; BadInputError where they or the workers are not allowed."""
    seeds: int = flags.seeds if flags.seeds is not None else MIN_SEEDS if flags.quick else 10
    check_counts(dataclasses.replace(flags, seeds=seeds), "seeds", "workers")
    if seeds >= VALIDATION_SEED:
        most = VALIDATION_SEED - 1
        raise BadInputError(f"seeds={seeds} is not allowed: at most {most}, for agents are trained on others")
    return seeds


def tell_left_out(plan: Plan, console: Console) -> None:
    """Say who does not play, and why."""
    for contender, why in plan.left_out.items():
        say(console, f"Without {contender.label}: {why}", style="yellow")


def tell_failures(failures: Sequence[Failure], console: Console) -> None:
    """Say which runs were given up."""
    for failure in failures:
        say(console, f"Given up: {failure.task.label}; see {failure.log}")


@dataclass(kw_only=True)
class _Sweep:
    """Plays what plans lack."""

    results: Store
    flags: ReproduceFlags
    console: Console
    failures: list[Failure] = field(default_factory=list)
    """Runs that could not be played; they are not tried again."""
    ended: set[str] = field(default_factory=set)
    """Keys of what was played, or given up."""

    def play(self, plan: Plan, about: str = "") -> None:
        """Play what is missing; `about` is shown beside how many runs are done."""
        tasks, flags = plan.tasks(), self.flags
        missing = find_missing(tasks, self.results) if flags.resume else tasks
        missing = [task for task in missing if task.key not in self.ended]
        self.ended |= {task.key for task in missing}
        if not missing:
            say(self.console, f"All {len(tasks)} runs are there{about}.")
            return
        with (
            make_workers(
                list_programs(task.run for task in missing if isinstance(task, Task)),
                count=flags.workers,
                scheduler=flags.scheduler,
            ) as workers,
            ReproduceProgress(tasks, missing, workers, self.console, about) as progress,
        ):
            self.failures += play_missing(
                missing, self.results, workers, failed=flags.out / "failed", on_end=progress.note
            )


def _decide(plan: Plan, sweep: "_Sweep") -> tuple[Plan, list[Verdict]]:
    """Play all, then more seeds of what undecided claims are about, as far as allowed: plan and verdicts."""
    verdicts: list[Verdict] = []
    for seeds in looks(len(plan.seeds), plan.most):
        open_spots = {(v.experiment.name, *place) for v in verdicts for place in v.needs}
        if seeds > len(plan.seeds) and not open_spots:
            break
        plan = plan.go_further(open_spots, seeds)
        sweep.play(plan, _count_decided(verdicts))
        verdicts = look_again(Outcomes(plan, sweep.results), verdicts)
    if verdicts:
        say(sweep.console, _count_decided(verdicts).removeprefix("; "))
    return plan, verdicts


def _count_decided(verdicts: Sequence[Verdict]) -> str:
    """Count the claims that are decided; nothing before the first look."""
    decided = sum(verdict.answer != "undecided" for verdict in verdicts)
    return f"; {decided} of {len(verdicts)} claims decided" if verdicts else ""


def _report(plan: Plan, verdicts: Sequence[Verdict], sweep: "_Sweep", folder: Path) -> int:
    """Draw, judge, write the page; say where everything is."""
    from pyagents.report.page import Page, write_report
    from pyagents.reproduction.drawing import draw_all

    outcomes, console = Outcomes(plan, sweep.results), sweep.console
    tell_failures(sweep.failures, console)
    if outcomes.missing == outcomes.count:
        say(console, "No run was played: there is nothing to report.")
        return FAILED
    drawings = draw_all(outcomes, folder / "figures")
    page = Page(
        outcomes=outcomes, drawings=drawings, failures=sweep.failures, folder=folder, verdicts=verdicts
    )
    path = write_report(page)
    print(folder / "figures")
    print(path)
    return FAILED if sweep.failures else DONE
