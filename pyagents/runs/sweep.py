# SPDX-License-Identifier: GPL-2.0-only
"""Many runs: those that are missing are played, longest first, and kept as they end."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyagents.runs.results import Results
from pyagents.runs.store import write_whole
from pyagents.runs.task import Outcome, Task
from pyagents.runs.workers import Workers

ATTEMPTS = 3
"""A run that failed so often is given up."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A run that was given up."""

    task: Task
    log: Path
    """What its attempts said."""


def find_missing(tasks: Sequence[Task], results: Results) -> list[Task]:
    """Those that have no record, each run once, in the order given."""
    unique = {task.run.key: task for task in tasks}
    return [task for key, task in unique.items() if results.get(key) is None]


def play_missing(
    tasks: Sequence[Task],
    results: Results,
    workers: Workers,
    *,
    failed: Path,
    on_end: Callable[[Outcome, bool], None] = lambda outcome, final: None,
) -> list[Failure]:
    """Play the tasks and keep their records.

    Args:
        tasks: those of `find_missing`.
        results: where records go; its lock is held.
        workers: who does them.
        failed: folder for the logs of runs that fail.
        on_end: called after each attempt, with whether it was the run's last.

    Returns:
        The runs that failed three times, in the order of the tasks.

    Raises:
        StoreFullError: a record cannot be written. All that were written stay.
    """
    queue = deque(sorted(tasks, key=lambda task: -task.cost))
    tries: Counter[str] = Counter()
    given_up: dict[str, Failure] = {}
    in_flight = 0
    while queue or in_flight:
        while queue and in_flight < workers.slots:
            workers.submit(queue.popleft())
            in_flight += 1
        outcome = workers.next()
        in_flight -= 1
        key = outcome.task.run.key
        tries[key] += 1
        final = not outcome.error or tries[key] == ATTEMPTS
        if not outcome.error:
            results.put(key, outcome.files)
        else:
            log = failed / f"{key[:16]}-attempt-{tries[key]}.log"
            failed.mkdir(parents=True, exist_ok=True)
            write_whole(log, f"{outcome.task.label}\n\n{outcome.error}")
            if final:
                given_up[key] = Failure(task=outcome.task, log=log)
            else:
                queue.append(outcome.task)  # later: what is wrong now may have passed by then
        on_end(outcome, final)
    return [given_up[task.run.key] for task in tasks if task.run.key in given_up]
