# SPDX-License-Identifier: GPL-2.0-only
"""What can go wrong on the wire.

Everything that the other side, the machine or the order of calls can cause is a `WireError`. What the
caller hands in wrongly (an endpoint off this machine, an action outside its space) is a `ValueError`.
"""

from __future__ import annotations

import shlex
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

from pyagents.core.plain_text import plain

_MAX_TEXT = 1000
"""Longest text of an error about what a peer sent, in characters."""


class WireError(Exception):
    """Base of all errors of the bridge."""


class ProtocolError(WireError):
    """The peer sent bytes that mean nothing, or values that contradict what it announced. Plain text, cut."""

    def __init__(self, text: str) -> None:
        text = plain(text)
        super().__init__(text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]} ...")


class IncompleteError(ProtocolError):
    """The peer sent fewer numbers, elements or entries than it announced."""


class SessionError(WireError):
    """A session was used out of turn: stepped before its start, after its end, or in another process."""


class LaunchError(WireError):
    """The simulator's program could not be started, or the endpoint could not be bound."""


class PeerDescription(TypedDict, total=False):
    """Facts about a simulator: see `PeerError`."""

    command: Sequence[str] | None
    returncode: int | None
    log_path: Path | None
    log_tail: Sequence[str]


class PeerError(WireError):
    """The simulator failed to answer. Says who it was, how it ended and what it wrote last.

    Attributes:
        command: The program and its arguments; None for a scenario started by hand.
        returncode: Exit code, or minus the signal number, as in `subprocess`; None while it runs, or unknown.
        log_path: Where its output went; None if that was an anonymous file or not ours to see.
        log_tail: The last lines of its output, oldest first.
    """

    def __init__(
        self,
        what: str,
        *,
        command: Sequence[str] | None = None,
        returncode: int | None = None,
        log_path: Path | None = None,
        log_tail: Sequence[str] = (),
    ) -> None:
        self.command = None if command is None else list(command)
        self.returncode = returncode
        self.log_path = log_path
        self.log_tail = list(log_tail)
        super().__init__("\n".join([what, *describe_peer(command, log_path, log_tail)]))


class PeerDiedError(PeerError):
    """The simulator ended, or closed its connection, while a message from it was awaited."""


class PeerTimeoutError(PeerError):
    """The simulator sent nothing before the deadline.

    Attributes:
        timeout_s: The deadline that passed, in seconds.
    """

    def __init__(
        self,
        what: str,
        *,
        timeout_s: float,
        **about: Unpack[PeerDescription],
    ) -> None:
        self.timeout_s = timeout_s
        super().__init__(what, **about)


def describe_peer(command: Sequence[str] | None, log_path: Path | None, log_tail: Sequence[str]) -> list[str]:
    """Make lines for the end of an error: the command as a shell takes it, and the end of its log."""
    if command is None:
        return []
    lines = [f"  command: {shlex.join(command)}"]
    place = f"  log {log_path}" if log_path else "  log"
    if log_tail:
        lines.append(f"{place}, last {len(log_tail)} line{'s' if len(log_tail) > 1 else ''}:")
        lines += [f"  | {line}" for line in log_tail]
    else:
        lines.append(f"{place}: empty")
    return lines


def describe_exit(returncode: int | None) -> str:
    """Say how a process ended: exit code, minus the signal number as in `subprocess`, or None if unknown."""
    if returncode is None:
        return "ended, exit code unknown"
    if returncode >= 0:
        return f"exited with code {returncode}"
    try:
        name = signal.Signals(-returncode).name
    except ValueError:
        return f"was killed by signal {-returncode}"
    return f"was killed by {name} (signal {-returncode})"
