# SPDX-License-Identifier: GPL-2.0-only
"""Much work: what is missing is done, longest first, and kept as it ends."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pyagents.core.files import write_whole
from pyagents.runs.record import RECORDING
from pyagents.runs.store import LostRecordError, Store
from pyagents.runs.task import Outcome, Work
from pyagents.runs.workers import Workers

T = TypeVar("T", bound=Work)

ATTEMPTS = 3
"""Number of failures after which work is given up."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Work that was given up."""

    task: Work
    """Work that failed."""
    outcome: Outcome
    """Outcome of the last attempt."""
    log: Path
    """File with what the last attempt said."""


def find_missing(tasks: Sequence[T], store: Store) -> list[T]:
    """List those that the store has nothing of, each once, in the order given."""
    unique = {task.key: task for task in tasks}
    return [task for task in unique.values() if not task.is_kept(store)]


def play_missing(
    tasks: Sequence[Work],
    store: Store,
    workers: Workers,
    *,
    failed: Path,
    patient: bool = True,
    on_end: Callable[[Outcome, bool], None] = lambda outcome, final: None,
) -> list[Failure]:
    """Do the tasks and keep what they leave.

    Args:
        tasks: those of `find_missing`, in any order: each waits for those that it needs.
        store: where files go.
        workers: who does them.
        failed: folder for the logs of those that fail.
        patient: try three times what fails, and do all others; otherwise the first failure ends all.
        on_end: called after each attempt, with whether it was the task's last.

    Returns:
        The tasks that were given up, in the order of the tasks.

    Raises:
        UnwritableError: files cannot be written. All that were written stay.
    """
    queue = deque(sorted(tasks, key=lambda task: -task.cost))
    tries: Counter[str] = Counter()
    given_up: dict[str, Failure] = {}
    in_flight, ahead = 0, {task.key for task in tasks}
    while queue or in_flight:
        lacks: Outcome | None = None
        while lacks is None and in_flight < workers.slots:
            ready = next((task for task in queue if ahead.isdisjoint(task.needs)), None)
            if ready is None:
                break
            queue.remove(ready)
            try:
                workers.submit(ready.take(store))
                in_flight += 1
            except LostRecordError as error:
                lacks = Outcome(task=ready, files={}, error=str(error), hopeless=True)
        outcome = lacks or workers.next()
        in_flight -= lacks is None
        task = outcome.task
        tries[task.key] += 1
        final = not outcome.error or outcome.hopeless or not patient or tries[task.key] == ATTEMPTS
        if not outcome.error:
            store.put(task.key, outcome.files)
        else:
            log = _keep_log(outcome, failed, tries[task.key])
            if final:
                given_up[task.key] = Failure(task=task, outcome=outcome, log=log)
            else:
                queue.append(task)  # later: what is wrong now may have passed by then
        if final:
            ahead.discard(task.key)  # those that need it find it, or that it is not there
        on_end(outcome, final)
        if given_up and not patient:
            break
    return [given_up[task.key] for task in tasks if task.key in given_up]


def _keep_log(outcome: Outcome, failed: Path, attempt: int) -> Path:
    """Write down what an attempt said, and as much as it recorded."""
    log = failed / f"{outcome.task.key[:16]}-attempt-{attempt}.log"
    write_whole(log, f"{outcome.task.label}\n\n{outcome.error}\n\n{outcome.details}")
    if RECORDING in outcome.files:
        write_whole(log.with_suffix(".npz"), outcome.files[RECORDING])
    return log
