# SPDX-License-Identifier: GPL-2.0-only
"""Workers of a Dask cluster, on any number of machines."""

import atexit
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from pyagents.core.extras import load_extra
from pyagents.runs.task import Outcome, Work
from pyagents.runs.workers import LocalWorkers, LostClusterError, limit_s

_GONE = "the Dask scheduler has gone"

_here = threading.local()
"""Of each thread of a cluster's worker: the process that does its tasks, and how long it may say nothing."""


class DaskWorkers(AbstractContextManager["DaskWorkers"]):
    """The workers of a cluster.

    They need this package in the same version, and agents' files under the same names. One that dies costs
    the runs it played: Dask gives them to another. Each does its tasks in processes beside it, and ends one
    that hangs as `LocalWorkers` does.

    Args:
        address: of the scheduler, such as tcp://127.0.0.1:8786, or tls:// with Dask's settings for it.
        patience_s: how long to wait for the scheduler and its first worker.
        limit_s: see `LocalWorkers`.

    Raises:
        MissingExtraError: Dask is not installed.
        LostClusterError: no scheduler answers there, or it has no workers.
    """

    def __init__(
        self, address: str, *, patience_s: float = 60.0, limit_s: Callable[[Work], float] = limit_s
    ) -> None:
        self._limit_s = limit_s
        self._distributed = load_extra("distributed", extra="dask")
        try:
            self._client: Any = self._distributed.Client(address, timeout=patience_s, set_as_default=False)
            self._client.wait_for_workers(1, timeout=patience_s)
        except (OSError, TimeoutError, TypeError, ValueError) as error:  # TypeError: no certificate
            raise LostClusterError(f"no Dask cluster at {address}: {error}") from error
        self._done: Any = self._distributed.as_completed(loop=self._client.loop)
        self._tasks: dict[str, Work] = {}
        self._count = 0

    @property
    def slots(self) -> int:
        """Number of tasks done at once, just now; LostClusterError where the scheduler has gone."""
        try:
            threads: dict[str, int] = self._client.nthreads()
        except OSError as error:
            raise LostClusterError(_GONE) from error
        return max(1, sum(threads.values()))

    def submit(self, task: Work) -> None:
        """Take a task. See `Workers.submit`."""
        self._count += 1
        future = self._client.submit(
            _perform,
            task,
            self._limit_s(task),
            key=f"nru-{task.key[:16]}-{self._count}",
            priority=-self._count,
            pure=False,
        )
        self._tasks[future.key] = task
        self._done.add(future)

    def next(self) -> Outcome:
        """Wait for the next outcome. See `Workers.next`; LostClusterError where the scheduler has gone."""
        future = next(self._done)
        task = self._tasks.pop(future.key)
        try:
            outcome: Outcome = future.result()
            return outcome
        except self._distributed.client.FutureCancelledError as error:
            raise LostClusterError(_GONE) from error
        except Exception as error:  # a worker that ended, or cannot even read the task
            return Outcome(task=task, files={}, error=f"{type(error).__name__}: {error}")

    def __exit__(self, *_: object) -> None:
        self._client.close()


def _perform(task: Work, limit_s: float) -> Outcome:
    """On a worker of the cluster: have a task done by the process of this thread."""
    _here.limit_s = limit_s
    if not hasattr(_here, "workers"):
        _here.workers = LocalWorkers(1, limit_s=lambda task: float(_here.limit_s))
        atexit.register(_here.workers.__exit__, None, None, None)
    _here.workers.submit(task)
    outcome: Outcome = _here.workers.next()
    return outcome
