# SPDX-License-Identifier: GPL-2.0-only
"""Who does tasks: processes on this machine. One that dies costs the run that it played, and is replaced."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Protocol, Self

from pyagents.runs.rollout import Row
from pyagents.runs.task import Outcome, Task, perform


class LostClusterError(Exception):
    """There is no way to the workers."""


class Workers(Protocol):
    """Takes tasks, gives outcomes in any order. A context manager that ends what it started."""

    @property
    def slots(self) -> int:
        """How many tasks are done at once; at least 1."""
        ...

    def submit(self, task: Task) -> None:
        """Take a task; it begins as soon as a slot is free."""
        ...

    def next(self) -> Outcome:
        """Wait for the next outcome. There must be a task that has none yet."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class _Worker:
    """A process and the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")  # no copies of our threads and locks
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_serve, args=(theirs, os.getpid()), name="nru-worker", daemon=True
        )
        with _one_thread_each():
            self.process.start()
        theirs.close()
        self.task: Task | None = None

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class LocalWorkers:
    """Processes on this machine.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._workers: list[_Worker] = []
        self._waiting: deque[Task] = deque()

    @property
    def slots(self) -> int:
        """How many tasks are done at once."""
        return self._count

    def submit(self, task: Task) -> None:
        """Take a task. See `Workers.submit`."""
        self._waiting.append(task)
        self._hand_out()

    def next(self) -> Outcome:
        """Wait for the next outcome. See `Workers.next`."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        ready = next(pipe for pipe in wait(list(busy)) if isinstance(pipe, Connection))
        worker = busy[ready]
        task = worker.task
        assert task is not None
        try:
            outcome: Outcome = worker.pipe.recv()
        except (EOFError, OSError):
            outcome = Outcome(task=task, files={}, error=self._bury(worker))
        worker.task = None
        self._hand_out()
        return outcome

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()
        self._workers = []

    def _hand_out(self) -> None:
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None:
                if len(self._workers) == self._count:
                    return
                idle = _Worker()
                self._workers.append(idle)
            task = self._waiting.popleft()
            try:
                idle.pipe.send(task)
            except OSError:  # it died idle
                self._waiting.appendleft(task)
                self._bury(idle)
            else:
                idle.task = task

    def _bury(self, worker: _Worker) -> str:
        worker.process.join(timeout=5)
        code = worker.process.exitcode
        worker.end()
        self._workers.remove(worker)
        how = f"by signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"with {code}"
        return f"the worker process ended {how} during the run\n"


def _serve(pipe: Connection, parent: int) -> None:
    """Do tasks until the pipe closes. What a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle

    def look_up(step: int, row: Row) -> None:
        if os.getppid() != parent:
            os._exit(1)  # nobody waits for this any more; the simulator ends with us

    while True:
        try:
            pipe.send(perform(pipe.recv(), look_up))
        except (EOFError, OSError):
            return


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started within use one thread for linear algebra: as many workers as cores, no more."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
