# SPDX-License-Identifier: GPL-2.0-only
"""What libzmq tells of a socket's connections: that one was made, refused, lost."""

from __future__ import annotations

import contextlib
import enum

import zmq
from zmq.utils.monitor import recv_monitor_message

_EVENTS = (
    zmq.EVENT_ACCEPTED
    | zmq.EVENT_CONNECTED
    | zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_DISCONNECTED
)
_CRYPTOGRAPHIC, _MECHANISM_MISMATCH = 0x11000001, 0x11000002  # ZMQ_PROTOCOL_ERROR_ZMTP_... in zmq.h


class Refusal(enum.Enum):
    """Why a connection came to nothing."""

    KEY = enum.auto()
    """The connecting side's public key is not the one that is let in."""
    OTHER_SERVER_KEY = enum.auto()
    """The connecting side wants to speak to the owner of another key."""
    MECHANISM = enum.auto()
    """One side has keys, the other has none."""
    GARBAGE = enum.auto()
    """The other side does not speak ZMQ."""
    ABORTED = enum.auto()
    """The other side closed it in the middle of the handshake."""


class Link:
    """The connections of one socket, not yet bound or connected, of which at most one is the peer's.

    A socket that connects has no other; one that listens is told which (`adopt`), so that the peer's end is
    noticed whatever strangers' connections do.
    """

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self.monitor = socket.get_monitor_socket(_EVENTS)
        self.monitor.setsockopt(zmq.LINGER, 0)
        self._open: set[int] = set()
        self._own: int | None = None
        self._peer: int | None = None
        self.is_ready = False
        """Whether anybody ever was there who speaks ZMQ, and has the right keys."""
        self.is_lost = False
        """Whether there was a peer, and its connection ended."""
        self.n_refused = 0
        """Number of connections that came to nothing."""
        self.refusal: Refusal | None = None
        """Why the last of them did for which a reason is known."""

    def read(self) -> None:
        """Take note of what happened meanwhile."""
        while self.monitor.poll(0):
            message = recv_monitor_message(self.monitor)
            self._note(message["event"], message["value"])

    def adopt(self, fd: int) -> None:
        """Take the connection with this file descriptor for the peer's."""
        self.read()  # its beginning, and the end of an earlier one whose number it has
        self._peer = fd
        self.is_lost = fd not in self._open

    def close(self, *, in_owner: bool = True) -> None:
        """Listen no longer; not `in_owner`, in a forked child, without touching the socket."""
        if in_owner:
            self.read()  # libzmq waits for room before it lets go, should strangers have filled the queue
            with contextlib.suppress(zmq.ZMQError):
                self._socket.disable_monitor()
        self.monitor.close()

    def _note(self, event: int, value: int) -> None:
        match event:
            case zmq.EVENT_ACCEPTED:
                self._open.add(value)
            case zmq.EVENT_CONNECTED:
                self._own = value
            case zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self.is_ready = True
                self._peer = self._peer if self._own is None else self._own
            case zmq.EVENT_DISCONNECTED:
                self._open.discard(value)
                self.is_lost = self.is_lost or value == self._peer
            case zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self._refuse(Refusal.KEY)
            case zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL:
                known = {_CRYPTOGRAPHIC: Refusal.OTHER_SERVER_KEY, _MECHANISM_MISMATCH: Refusal.MECHANISM}
                self._refuse(known.get(value, Refusal.GARBAGE))
            case _:
                self._refuse(Refusal.ABORTED)

    def _refuse(self, why: Refusal) -> None:
        self.n_refused += 1
        if self.refusal is None or why is not Refusal.ABORTED:
            self.refusal = why
