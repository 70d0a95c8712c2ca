# SPDX-License-Identifier: GPL-2.0-only
"""Who does tasks: processes on this machine. One that dies costs the run that it played, and is replaced."""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Protocol, Self

from pyagents.runs.task import Outcome, Task


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
    """A process and the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pyagents.runs.worker", str(theirs.fileno()), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_environment(),
        )
        theirs.close()
        self.pipe = Connection(ours.detach())
        self.task: Task | None = None

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
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
        try:
            code = worker.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0  # it hung up, but lives
        worker.end()
        self._workers.remove(worker)
        how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with {code}"
        return f"the worker process ended {how} during the run\n"


def _environment() -> dict[str, str]:
    """A worker imports what we import, and uses one thread for linear algebra: as many workers as cores."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    path = os.pathsep.join(folder for folder in sys.path if folder)
    return {**os.environ, **dict.fromkeys(threads, "1"), "PYTHONPATH": path}
