# SPDX-License-Identifier: GPL-2.0-only
"""Workers that play runs, on this machine or in a cluster; failures end the command."""

from collections.abc import Collection, Iterable, Sequence

from pyagents.cli.console import Console
from pyagents.cli.errors import BadInputError, CommandError, refusing
from pyagents.cli.progress import RunProgress, SweepProgress
from pyagents.cli.table import say
from pyagents.core.extras import MissingExtraError
from pyagents.runs.record import Record
from pyagents.runs.run import Run
from pyagents.runs.store import Store
from pyagents.runs.sweep import find_missing, play_missing
from pyagents.runs.task import Task, Work
from pyagents.runs.workers import LocalWorkers, LostClusterError, Told, Workers
from pyagents.simulators.registry import REPLAY


def make_workers(
    programs: Collection[str], *, count: int, scheduler: str = "", on_step: Told | None = None
) -> Workers:
    """Make the workers that were asked for.

    Args:
        programs: ns-3 programs that they are to play; see `list_programs`.
        count: how many on this machine.
        scheduler: address of a Dask scheduler, whose workers play instead, and tell of no steps; empty: none.
        on_step: told of each step; None: nobody is.

    Raises:
        BadInputError: there is no such cluster, or no Dask.
        ToolchainError: ns-3 is not there, or a program cannot be built.
    """
    if scheduler:
        from pyagents.runs.dask_workers import DaskWorkers

        with refusing(MissingExtraError, LostClusterError):
            return DaskWorkers(scheduler)
    build_programs(programs)
    return LocalWorkers(count, on_step)


def build_programs(programs: Iterable[str]) -> None:
    """Build ns-3 programs before a progress bar hides it; ToolchainError where they cannot be."""
    for program in programs:
        from pyagents.toolchain import scenario_program

        scenario_program(program)


def list_programs(runs: Iterable[Run]) -> set[str]:
    """List the ns-3 programs that runs are played by."""
    return {run.family.program for run in runs if run.simulator == "ns3"}


def play(tasks: Sequence[Work], store: Store, workers: Workers) -> None:
    """Do work that is missing until some fails: CommandError, which says why and where its log is."""
    failed = store.folder.parent / "failed"
    for failure in play_missing(tasks, store, workers, failed=failed, patient=False):
        kind = BadInputError if failure.outcome.hopeless else CommandError
        raise kind(f"{failure.task.label}: {failure.outcome.error}\nAll that it said: {failure.log}")


def play_all(
    tasks: Sequence[Task],
    store: Store,
    console: Console,
    *,
    count: int,
    resume: bool = True,
    progress: type[RunProgress | SweepProgress] = SweepProgress,
) -> list[Record]:
    """Play runs of one length that are missing, or all, as `play` does; the records of all, in order."""
    missing = find_missing(tasks, store) if resume else list(tasks)
    if len(missing) < len(tasks):
        say(console, f"{len(tasks) - len(missing)} of {len(tasks)} runs are in the store.")
    if missing:
        programs = list_programs(task.run for task in missing)
        with (
            progress(missing, console) as shown,
            make_workers(programs, count=count, on_step=shown.note) as workers,
        ):
            play(missing, store, workers)
    return [store.load(task.key) for task in tasks]


def refuse_replay(simulator: str) -> None:
    """Refuse a replay where agents are judged, with BadInputError."""
    if simulator.startswith(REPLAY):
        raise BadInputError(
            f"simulator={simulator} is not allowed: a replay shows the recorded agent's states, whoever "
            "acts, so it compares nobody"
        )
