# SPDX-License-Identifier: GPL-2.0-only
"""`nru reproduce`: the paper's evaluation, from runs to report."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from pyagents.cli.errors import DONE, FAILED, BadInputError
from pyagents.cli.flags import make_folder, parse
from pyagents.cli.reproduce_progress import ReproduceProgress
from pyagents.cli.run import make_meter
from pyagents.cli.workers import check_counts, make_workers
from pyagents.core.agent_spec import find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.families import default_family
from pyagents.reproduction.experiment import (
    Contender,
    Experiment,
    load_contenders,
    load_experiment,
    load_experiments,
)
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import Plan, make_plan
from pyagents.runs.results import Results, StoreBusyError, StoreFullError
from pyagents.runs.sweep import Failure, find_missing, play_missing
from pyagents.runs.workers import LostClusterError
from pyagents.simulators.registry import find_simulator

DESCRIPTION = """The paper's figures 5 to 15, and what becomes of its claims: plays the runs that are missing,
draws, and writes results/report/index.html.

Runs are kept as they end: start again, after whatever happened, and only what is missing is played. Figures
are declared in experiments/, a file each; name a file of your own, my.toml, instead."""


@dataclass(frozen=True, kw_only=True)
class ReproduceFlags:
    """What `nru reproduce` takes."""

    figures: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Such as fig7, or path/to/experiment.toml; none: all."""
    simulator: str = "ns3"
    """ns3 or mock."""
    agents: str = ""
    """Names as `nru run` takes them, separated by commas; by default those of the family's agents.toml. A +
    in front adds to them."""
    quick: bool = False
    """Three seeds, runs of 25 steps instead of 50, fewer points: minutes instead of an hour."""
    seeds: int | None = None
    """How many random runs of each point: numbers 1, 2, and so on; by default 10, with --quick 3."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """How many runs play at once on this machine."""
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
    for contender, why in plan.left_out.items():
        console.print(f"Without {contender.label}: {why}", style="yellow", highlight=False, soft_wrap=True)
    try:
        with Results(make_folder(folder / "runs")) as results:
            failures = _play(plan, results, flags, console)
            return _report(plan, results, failures, folder, console)
    except (StoreBusyError, StoreFullError, LostClusterError, OSError) as error:
        print(f"nru reproduce: {error}\nRuns that ended are kept; start again to go on.", file=sys.stderr)
        return FAILED


def make_plan_of(flags: ReproduceFlags) -> Plan:
    """What is to be played.

    Raises:
        BadInputError: a flag is wrong.
    """
    seeds = flags.seeds if flags.seeds is not None else 3 if flags.quick else 10
    check_counts(seeds=seeds, workers=flags.workers)
    try:
        find_simulator(flags.simulator, default_family())
        return make_plan(
            find_figures(flags.figures),
            find_contenders(flags.agents),
            seeds=seeds,
            simulator=flags.simulator,
            quick=flags.quick,
        )
    except ValueError as error:
        raise BadInputError(str(error)) from error


def find_figures(names: Sequence[str]) -> list[Experiment]:
    """The experiments of these names, in the order of their numbers.

    Raises:
        ValueError: there is none of a name.
    """
    known = load_experiments()
    if not names:
        return list(known.values())
    wanted = {}
    for name in names:
        if name.endswith(".toml"):
            wanted[name] = load_experiment(Path(name))
        elif name in known:
            wanted[name] = known[name]
        else:
            raise ValueError(f"figure {name!r} is unknown: one of {', '.join(known)}, or a .toml file")
    return sorted(wanted.values(), key=lambda e: (not e.number, e.number, e.name))


def find_contenders(agents: str) -> list[Contender]:
    """The declared ones, or those named, or both.

    Raises:
        ValueError: an agent that was named does not exist or cannot be made here.
    """
    declared = load_contenders()
    if not agents:
        return declared
    labels = {contender.name: contender for contender in declared}
    named = []
    for name in (part.strip() for part in agents.removeprefix("+").split(",")):
        try:
            find_agent(name).make()
        except MissingExtraError as error:
            raise ValueError(f"agent {name!r}: {error}") from error
        label = Path(name).name.rpartition(":")[2]
        named.append(labels.get(name, Contender(name=name, label=label)))
    kept = [c for c in declared if c not in named] if agents.startswith("+") else []
    return [*kept, *named]


def _play(plan: Plan, results: Results, flags: ReproduceFlags, console: Console) -> list[Failure]:
    """Play what is missing."""
    tasks = plan.tasks(make_meter)
    missing = find_missing(tasks, results) if flags.resume else tasks
    if not missing:
        console.print(f"All {len(tasks)} runs are there.", highlight=False)
        return []
    with (
        make_workers([plan.simulator], count=flags.workers, scheduler=flags.scheduler) as workers,
        ReproduceProgress(tasks, missing, workers, console) as progress,
    ):
        return play_missing(missing, results, workers, failed=flags.out / "failed", on_end=progress.note)


def _report(plan: Plan, results: Results, failures: Sequence[Failure], folder: Path, console: Console) -> int:
    """Draw, judge, write the page; say where everything is."""
    from pyagents.report.page import write_report
    from pyagents.reproduction.drawing import draw_all
    from pyagents.scenarios.indoor_factory.figures.hearing_runs import draw_all_hearing

    outcomes = Outcomes(plan, results)
    for failure in failures:
        console.print(
            f"Failed three times: {failure.task.label}; see {failure.log}", highlight=False, soft_wrap=True
        )
    if outcomes.missing == outcomes.count:
        console.print("No run was played: there is nothing to report.", highlight=False)
        return FAILED
    drawings = draw_all(outcomes, folder / "figures")
    hearing = draw_all_hearing(plan, folder / "figures")
    page = write_report(outcomes, drawings, failures, folder / "report", hearing)
    print(folder / "figures")
    print(page)
    return FAILED if failures else DONE
