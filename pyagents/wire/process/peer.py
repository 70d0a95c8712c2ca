# SPDX-License-Identifier: GPL-2.0-only
"""The simulator at the other end of a session: its socket, its program, its log, and their common end."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import zmq

from pyagents.wire.errors import (
    LaunchError,
    PeerDescription,
    PeerDiedError,
    PeerTimeoutError,
    SessionError,
    WireError,
    describe_exit,
    describe_peer,
)
from pyagents.wire.process.keys import AgentKeys
from pyagents.wire.process.launcher import Program
from pyagents.wire.process.link import Refusal
from pyagents.wire.process.logs import Log
from pyagents.wire.process.transport import Event, ReplySocket

_POLITE_S = 1.0
"""Longest time for a program to obey a stop, and for a connection to close behind it, s."""
_FINISH_S = 10.0
"""Longest time for a program to write its results after its last state, s."""
_SLICE_S = 0.05
"""Time between looks after a program where the kernel does not tell of its end, s."""

_REFUSALS = {
    Refusal.KEY: "its key is not the one in scenario.public",
    Refusal.OTHER_SERVER_KEY: "its agent.public is not this agent's",
    Refusal.MECHANISM: "one side has keys, the other has none",
    Refusal.GARBAGE: "what it sent is not ZMQ's",
    Refusal.ABORTED: "one side has keys, the other has none (or it hung up in the handshake)",
}


class Peer:
    """One simulator, from its start to its end. See `ReplySocket`, `Program` and `Log` for what it takes."""

    def __init__(
        self,
        command: Sequence[str] | None,
        *,
        endpoint: str | None,
        keys: AgentKeys | None,
        environment: Mapping[str, str] | None,
        log_path: Path | None,
        timeout_s: float,
        max_message_bytes: int,
        lock: threading.RLock,
    ) -> None:
        self._owner = os.getpid()
        self._lock = lock
        self._timeout_s = timeout_s
        self._max_message_bytes = max_message_bytes
        self._farewell: bytes | None = None
        self._has_spoken = False
        self._patience_s = 0.0
        self._log: Log | None = None
        self._program: Program | None = None
        self._socket = ReplySocket(endpoint, keys=keys, max_message_bytes=max_message_bytes)
        try:
            if command is not None:
                self._log = Log(log_path)
                self._program = Program([*command, *self.flags], self._log, environment)
                self._socket.watch(self._program.pidfd)
        except OSError as error:
            self.release()
            raise LaunchError(f"cannot write the log {log_path}: {error.strerror}") from error
        except BaseException:
            self.release()
            raise

    @property
    def endpoint(self) -> str:
        """Address that the socket listens at."""
        return self._socket.endpoint

    @property
    def flags(self) -> list[str]:
        """Flags by which the program finds the socket."""
        return self._socket.flags()

    @property
    def pid(self) -> int | None:
        """Process id of the program; None if it was started by hand."""
        return None if self._program is None else self._program.pid

    @property
    def returncode(self) -> int | None:
        """Exit code of the program, as in `subprocess`; None while it runs, or if nobody knows."""
        if self._program is None:
            return None
        self._program.has_ended()
        return self._program.returncode

    @property
    def is_ours(self) -> bool:
        """Whether this process started it, and was not forked from the one that did."""
        return os.getpid() == self._owner

    def check_owner(self) -> None:
        """Refuse to work in a process that was forked from the simulator's owner, with SessionError."""
        if not self.is_ours:
            raise SessionError(
                f"the session belongs to process {self._owner}, this is process {os.getpid()}; make one here"
            )

    def receive(self, what: str, farewell: bytes) -> bytes:
        """Wait for the next message; `farewell` answers it should the session end before there is an answer.

        Raises:
            PeerDiedError: The simulator ended first.
            PeerTimeoutError: The deadline passed first.
            ProtocolError: The message is too long, or of several frames.
        """
        deadline = time.monotonic() + self._timeout_s
        is_blind = self._program is not None and self._program.pidfd is None
        while True:
            left_s = max(0.0, deadline - time.monotonic())
            had_ended = is_blind and self._program is not None and self._program.has_ended()
            found = self._socket.receive(min(left_s, _SLICE_S) if is_blind else left_s)
            if isinstance(found, bytes):
                self._farewell = farewell
                if not self._has_spoken:
                    self._has_spoken = True
                    self._socket.hide()
                return found
            if had_ended or found is not Event.DEADLINE:
                raise self._dead(what)
            if time.monotonic() >= deadline:
                raise self._late(what)

    def send(self, frame: bytes) -> None:
        """Answer the message received last; WireError where there is nobody to answer."""
        self._farewell = None
        try:
            self._socket.send(frame)
        except zmq.ZMQError as error:
            raise WireError(f"the scenario takes no answer ({error})") from error

    def expect_end(self) -> None:
        """From here on the program ends by itself: `release` gives it time to."""
        self._patience_s = _FINISH_S

    def annotate(self, error: WireError) -> None:
        """Add to an error who the simulator is and what it wrote last."""
        if self._program is not None:
            about = self._describe()
            lines = describe_peer(about["command"], about["log_path"], about["log_tail"])
            error.add_note("\n".join(lines))

    def release(self) -> None:
        """End the simulator and remove what belongs to the session. May be called twice."""
        if not self.is_ours:
            self._abandon()
            return
        if not self._lock.acquire(blocking=False):  # the interpreter ends while a thread still waits
            self._socket.remove_files()
            return
        try:
            if self._farewell is not None:
                self._patience_s = _POLITE_S
                with contextlib.suppress(WireError):
                    self.send(self._farewell)
            if self._program is not None:
                self._program.stop(self._patience_s)
            elif self._patience_s:
                self._socket.drain(_POLITE_S)
        finally:
            self._patience_s = 0.0
            self._socket.close()
            if self._log is not None:
                self._log.close()
            self._lock.release()

    def _abandon(self) -> None:
        self._socket.close(in_owner=False)
        if self._program is not None:
            self._program.forget()
        if self._log is not None:
            self._log.close()

    def _describe(self) -> PeerDescription:
        program, log = self._program, self._log
        return {
            "command": None if program is None else program.command,
            "returncode": self.returncode,
            "log_path": None if log is None else log.path,
            "log_tail": [] if log is None else log.tail(),
        }

    def _dead(self, what: str) -> PeerDiedError:
        program = self._program
        if program is not None and program.wait(_POLITE_S):
            words = describe_exit(program.returncode)
        else:
            words = f"closed its connection, or sent more than {self._max_message_bytes} bytes,"
        return PeerDiedError(f"the scenario {words} while {what} was awaited", **self._describe())

    def _late(self, what: str) -> PeerTimeoutError:
        within = f"within {self._timeout_s:g} s"
        if self._program is not None:
            words = f"the scenario (process {self._program.pid}, still running) did not send {what} {within}"
        elif self._has_spoken:
            words = f"the scenario did not send {what} {within}"
        else:
            words = f"no scenario connected to {self.endpoint} and spoke {within}"
        if not self._has_spoken:
            if self._socket.has_company():
                words += (
                    f"; somebody connected, but said nothing, or more than {self._max_message_bytes} bytes"
                )
            words += self._describe_refusals()
        return PeerTimeoutError(words, timeout_s=self._timeout_s, **self._describe())

    def _describe_refusals(self) -> str:
        count, last = self._socket.refusals()
        if last is None:
            return ""
        tries = "a connection" if count == 1 else f"{count} connections"
        return f"; {tries} came to nothing, because {_REFUSALS[last]}"
