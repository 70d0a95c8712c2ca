# SPDX-License-Identifier: GPL-2.0-only
"""Starts a simulator's program, notices at once when it ends, and leaves nothing of it behind.

The program leads a process group of its own, so that Ctrl-C on the terminal reaches the agent alone and
`stop` reaches whatever the program started. If the agent's process is killed outright, the kernel kills the
program (prctl(2), PR_SET_PDEATHSIG; Linux only, and not what the program itself started).

The kernel counts the end of the *thread* that started the program as the end of its parent. So one thread
that lives as long as the process starts them all, and a session may be opened in a thread that soon ends.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from pyagents.core import guard
from pyagents.wire.errors import LaunchError
from pyagents.wire.process.logs import Log

_TERM_S = 1.0
_KILL_S = 5.0
_POLL_S = 0.005


class Program:
    """A running simulator; LaunchError where there is no such program, or it cannot be run.

    Its output goes to the log. Without an environment it has this process's.
    """

    def __init__(
        self, command: Sequence[str], log: Log, environment: Mapping[str, str] | None = None
    ) -> None:
        self.command = list(command)
        self.log = log
        self._popen = _start(self.command, log, environment)
        self._exit: int | None = None
        self._has_ended = False
        self._pidfd: int | None = None
        with contextlib.suppress(AttributeError, OSError):  # neither on every system nor in every sandbox
            self._pidfd = os.pidfd_open(self._popen.pid)

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self._popen.pid

    @property
    def pidfd(self) -> int | None:
        """A file descriptor that becomes readable when it ends; None where there is no such thing."""
        return self._pidfd

    @property
    def returncode(self) -> int | None:
        """Exit code as in `subprocess`; None while it runs, or if nobody knows."""
        return self._exit

    def has_ended(self) -> bool:
        """Whether it has ended. It is left unreaped, so that its group's id stays its own."""
        if not self._has_ended:
            try:
                result = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except (
                ChildProcessError
            ):  # reaped by others: SIGCHLD is ignored, or somebody waits for all children
                self._has_ended = True
            else:
                if result is not None:
                    self._has_ended = True
                    exited = result.si_code == os.CLD_EXITED
                    self._exit = result.si_status if exited else -result.si_status
        return self._has_ended

    def wait(self, timeout_s: float) -> bool:
        """Wait for its end; whether it came in time."""
        deadline = time.monotonic() + timeout_s
        while not self.has_ended():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def stop(self, patience_s: float = 0.0) -> None:
        """End it, and whatever is left of its group. May be called twice.

        It has `patience_s` to end by itself before SIGTERM; SIGKILL comes 1 s later.
        """
        if self._popen.returncode is not None:
            return
        try:
            if not self.wait(patience_s):
                self._signal(signal.SIGTERM)
                self.wait(_TERM_S)
        finally:
            # Also when it ended by itself: it may have left children. Only now is it reaped.
            self._signal(signal.SIGKILL)
            self.wait(_KILL_S)
            self._reap()

    def _signal(self, number: signal.Signals) -> None:
        if self.has_ended() and self._exit is None:
            return  # reaped by others: its id may be another process's by now
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _reap(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=0 if self._has_ended else _TERM_S)
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def forget(self) -> None:
        """In a forked child: let go of the parent's process without touching it."""
        self._popen.returncode = 0
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None


def _start(command: list[str], log: Log, environment: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    if not command:
        raise LaunchError("the command is empty")
    program = shutil.which(command[0])
    if program is None:
        raise LaunchError(f"cannot run {command[0]!r}: there is no such program, or it is not executable")
    program = str(Path(program).absolute())
    arguments = [program, *command[1:]]
    if sys.executable:
        arguments = [sys.executable, "-I", "-S", guard.__file__, str(os.getpid()), *arguments]
    started = _starter().start(arguments, log, environment)
    try:
        return started.result()
    except OSError as error:
        raise LaunchError(f"cannot run {command[0]!r}: {error.strerror}") from error
    except BaseException:  # interrupted before it was known: whoever starts it, ends it
        started.add_done_callback(_kill)
        raise


def _kill(started: Future[subprocess.Popen[bytes]]) -> None:
    with contextlib.suppress(Exception):
        popen = started.result()
        os.killpg(popen.pid, signal.SIGKILL)
        popen.wait()


@dataclass(frozen=True)
class _Order:
    arguments: list[str]
    log: Log
    environment: Mapping[str, str] | None
    started: Future[subprocess.Popen[bytes]]


class _Starter:
    """The thread that starts programs, as long-lived as its process."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="nru-wire-starter", daemon=True).start()

    def start(
        self, arguments: list[str], log: Log, environment: Mapping[str, str] | None
    ) -> Future[subprocess.Popen[bytes]]:
        order = _Order(arguments, log, environment, Future())
        self._orders.put(order)
        return order.started

    def _work(self) -> None:
        while True:
            order = self._orders.get()
            try:
                popen = subprocess.Popen(
                    order.arguments,
                    stdin=subprocess.DEVNULL,
                    stdout=order.log.file,
                    stderr=subprocess.STDOUT,
                    process_group=0,
                    env=order.environment,
                )
            except BaseException as error:  # the one who waits raises it
                order.started.set_exception(error)
            else:
                order.started.set_result(popen)
            del order


_the_starter: list[_Starter] = []
_lock = threading.Lock()


def _starter() -> _Starter:
    """Give this process's starter; a forked child makes its own, as threads do not survive a fork."""
    with _lock:
        if not _the_starter or _the_starter[0].pid != os.getpid():
            _the_starter[:] = [_Starter()]
        return _the_starter[0]


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_renew_lock)
