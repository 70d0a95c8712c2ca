# SPDX-License-Identifier: GPL-2.0-only
"""Many runs, some of them at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from pyagents.runs.execute import Result, execute
from pyagents.runs.rollout import Meter, Row
from pyagents.runs.run import Run


class _StoppedError(Exception):
    """Another run failed, or the user has had enough."""


def execute_all(
    runs: Sequence[tuple[Run, Path]],
    meter: Meter,
    *,
    workers: int,
    on_step: Callable[[Run, int, Row], None] = lambda run, step, row: None,
) -> list[Result]:
    """Play and store all runs, each in a thread that mostly waits for its own simulator process.

    If one fails, or on Ctrl-C, those that play end after their current step, and so do their simulators;
    those that wait never start.

    Args:
        runs: what to play, and the folder for each.
        meter: makes rows and summaries.
        workers: how many play at once.
        on_step: called after each step of a run, from its thread.

    Returns:
        The results in the order of the runs: the same, whatever the number of workers.

    Raises:
        What the first run that failed, in the order of the runs, raised; see `execute`.
    """
    stop = threading.Event()

    def play(run: Run, folder: Path) -> Result:
        def note(step: int, row: Row) -> None:
            if stop.is_set():
                raise _StoppedError
            on_step(run, step, row)

        if stop.is_set():
            raise _StoppedError
        try:
            return execute(run, meter, folder, on_step=note)
        except BaseException:
            stop.set()
            raise

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(play, run, folder) for run, folder in runs]
        try:
            wait(futures)
        finally:
            stop.set()
    errors = [error for future in futures if (error := future.exception()) is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, _StoppedError)):
        raise error
    return [future.result() for future in futures]
