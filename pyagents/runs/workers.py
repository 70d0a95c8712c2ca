# SPDX-License-Identifier: GPL-2.0-only
"""Who does tasks: this process, or several on this machine. One that dies costs its task, and is replaced."""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Protocol, Self

from pyagents.runs.rollout import Row
from pyagents.runs.task import Outcome, Work, perform
from pyagents.wire.process import guard

Told = Callable[[Work, int, Row], None]
"""Takes number and numbers of a step of a task that is being done."""


class LostClusterError(Exception):
    """There is no way to the workers."""


class Workers(Protocol):
    """Takes tasks, gives outcomes in any order. A context manager that ends what it started."""

    @property
    def slots(self) -> int:
        """How many tasks are done at once; at least 1."""
        ...

    def submit(self, task: Work) -> None:
        """Take a task; it begins as soon as a slot is free."""
        ...

    def next(self) -> Outcome:
        """Wait for the next outcome. There must be a task that has none yet."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Here:
    """This process, a task at a time.

    Args:
        on_step: see `Told`.
    """

    slots = 1

    def __init__(self, on_step: Told = lambda task, step, row: None) -> None:
        self._on_step = on_step
        self._waiting: deque[Work] = deque()

    def submit(self, task: Work) -> None:
        """Take a task. See `Workers.submit`."""
        self._waiting.append(task)

    def next(self) -> Outcome:
        """Do the next task. See `Workers.next`."""
        task = self._waiting.popleft()
        return perform(task, lambda step, row: self._on_step(task, step, row))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.clear()


class _Worker:
    """A process and the line to it."""

    def __init__(self, *, tells: bool) -> None:
        ours, theirs = socket.socketpair()
        what = ["tell"] if tells else []
        self.process = subprocess.Popen(
            [
                *(sys.executable, guard.__file__, str(os.getpid())),  # ends it with us, whatever ends us
                *(sys.executable, "-m", "pyagents.runs.worker", str(theirs.fileno()), *what),
            ],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_environment(),
        )
        theirs.close()
        self.pipe = Connection(ours.detach())
        self.task: Work | None = None

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.pipe.close()


class LocalWorkers:
    """Processes on this machine.

    Args:
        count: how many.
        on_step: see `Told`; None: steps are not told of, which saves the way.
    """

    def __init__(self, count: int, on_step: Told | None = None) -> None:
        self._count, self._on_step = count, on_step
        self._workers: list[_Worker] = []
        self._waiting: deque[Work] = deque()

    @property
    def slots(self) -> int:
        """How many tasks are done at once."""
        return self._count

    def submit(self, task: Work) -> None:
        """Take a task. See `Workers.submit`."""
        self._waiting.append(task)
        self._hand_out()

    def next(self) -> Outcome:
        """Wait for the next outcome. See `Workers.next`."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        while True:
            for ready in wait(list(busy)):
                worker = busy[ready]  # type: ignore[index]
                task = worker.task
                assert task is not None
                try:
                    said = worker.pipe.recv()
                except (EOFError, OSError):
                    said = Outcome(task=task, files={}, error=self._bury(worker))
                if isinstance(said, Outcome):
                    worker.task = None
                    self._hand_out()
                    return said
                if self._on_step is not None:
                    self._on_step(task, *said)

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
                idle = _Worker(tells=self._on_step is not None)
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
        return f"the worker process ended {how} during the run"


def _environment() -> dict[str, str]:
    """A worker imports what we import, and uses one thread for linear algebra: as many workers as cores."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    path = os.pathsep.join(folder for folder in sys.path if folder)
    return {**os.environ, **dict.fromkeys(threads, "1"), "PYTHONPATH": path}
