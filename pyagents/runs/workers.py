# SPDX-License-Identifier: GPL-2.0-only
"""Workers that do tasks: this process, or several on this machine.

One that dies costs its task, and is replaced. So does one that hangs: see `limit_s`.
"""

import signal
import socket
import struct
import subprocess
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol

from pyagents.core.private_directory import PrivateDirectory
from pyagents.runs.child import Child
from pyagents.runs.rollout import Row
from pyagents.runs.task import Outcome, Work, perform

Told = Callable[[Work, int, Row], None]
"""Takes number and numbers of a step of a task that is being done."""


SILENCE_S = 600.0
"""Longest time without a step that any worker is granted: it may have to compile, or to wait for a core."""

_LOOK_S = 1.0
"""Time between looks at workers that say nothing."""


def limit_s(task: Work) -> float:
    """Tell the longest time, s, that a worker may take for a step of a task, or to begin or end it.

    Ten minutes, and a second for each unit of the whole task's cost: a hundred times what a run takes. Only
    time in which this process runs itself is counted, so suspending all ends nothing.
    """
    return SILENCE_S + task.cost


class LostClusterError(Exception):
    """There is no way to the workers."""


class Workers(AbstractContextManager["Workers"], Protocol):
    """Takes tasks, gives outcomes in any order. A context manager that ends what it started."""

    @property
    def slots(self) -> int:
        """Number of tasks that are done at once; at least 1."""
        ...

    def submit(self, task: Work) -> None:
        """Take a task; it begins as soon as a slot is free."""
        ...

    def next(self) -> Outcome:
        """Wait for the next outcome. There must be a task that has none yet."""
        ...


class Here(AbstractContextManager["Here"]):
    """This process, a task at a time."""

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

    def __exit__(self, *_: object) -> None:
        self._waiting.clear()


class _Worker:
    """A process and the line to it."""

    def __init__(self, *, tells: bool, temporary: Path) -> None:
        self._child = Child("pyagents.runs.worker", *(["tell"] if tells else []), temporary=temporary)
        self.process, ours = self._child.process, self._child.socket
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):  # it may stop in the middle of a message
            ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", int(SILENCE_S), 0))
        self.pipe = Connection(ours.detach())
        self.task: Work | None = None
        self.silent_s = 0.0

    def end(self) -> None:
        self._child.end()
        self.pipe.close()


class LocalWorkers(AbstractContextManager["LocalWorkers"]):
    """Processes on this machine.

    Without `on_step` steps are told of now and then, which saves the way. A worker that says nothing for
    `limit_s` of its task is replaced.
    """

    def __init__(
        self, count: int, on_step: Told | None = None, *, limit_s: Callable[[Work], float] = limit_s
    ) -> None:
        self._count, self._on_step, self._limit_s = count, on_step, limit_s
        self._workers: list[_Worker] = []
        self._waiting: deque[Work] = deque()
        self._temporary: PrivateDirectory | None = None

    @property
    def slots(self) -> int:
        """Number of tasks that are done at once."""
        return self._count

    def submit(self, task: Work) -> None:
        """Take a task. See `Workers.submit`."""
        self._waiting.append(task)
        self._hand_out()

    def next(self) -> Outcome:
        """Wait for the next outcome. See `Workers.next`."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        while True:
            start = time.monotonic()
            spoke = {busy[pipe] for pipe in wait(list(busy), _LOOK_S)}  # type: ignore[index]
            passed_s = min(time.monotonic() - start, 2 * _LOOK_S)  # longer: this process was stopped as well
            for worker in busy.values():
                task = worker.task
                assert task is not None
                worker.silent_s = 0.0 if worker in spoke else worker.silent_s + passed_s
                said: Outcome | tuple[int, Row]
                if worker in spoke:
                    try:
                        said = worker.pipe.recv()
                    except (EOFError, OSError):
                        said = Outcome(task=task, files={}, error=self._bury(worker))
                elif worker.silent_s > (limit := self._limit_s(task)):
                    self._bury(worker, patience_s=0)
                    error = f"the worker process said nothing for {limit:g} s, all that it has, and was ended"
                    said = Outcome(task=task, files={}, error=error)
                else:
                    continue
                if isinstance(said, Outcome):
                    worker.task = None
                    self._hand_out()
                    return said
                if self._on_step is not None:
                    self._on_step(task, *said)

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers = []
        if self._temporary is not None:
            self._temporary.remove()  # with all that workers did not come to remove
            self._temporary = None

    def _hand_out(self) -> None:
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None:
                if len(self._workers) == self._count:
                    return
                if self._temporary is None:
                    self._temporary = PrivateDirectory("nru-workers-")
                idle = _Worker(tells=self._on_step is not None, temporary=self._temporary.path)
                self._workers.append(idle)
            task = self._waiting.popleft()
            try:
                idle.pipe.send(task)
            except OSError:  # it died idle
                self._waiting.appendleft(task)
                self._bury(idle)
            else:
                idle.task, idle.silent_s = task, 0.0

    def _bury(self, worker: _Worker, patience_s: float = 5.0) -> str:
        """End a worker, and say how it ended."""
        try:
            code = worker.process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            code = 0  # it hung up, but lives
        worker.end()
        self._workers.remove(worker)
        how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with {code}"
        return f"the worker process ended {how} during the run"
