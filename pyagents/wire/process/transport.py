# SPDX-License-Identifier: GPL-2.0-only
"""The socket that binds, as ns3-gym's Python side does, with a deadline on every wait.

A ROUTER in place of stock ns3-gym's REP, which is the same to a scenario's REQ: it tells who sent a message,
so that one scenario is spoken with, and whoever else connects is told to stop.
"""

from __future__ import annotations

import contextlib
import enum
import os
import time

import zmq

from pyagents.wire.errors import LaunchError, ProtocolError
from pyagents.wire.process.doorkeeper import Doorkeeper
from pyagents.wire.process.endpoints import Endpoint, resolve
from pyagents.wire.process.keys import AgentKeys
from pyagents.wire.process.link import Link, Refusal
from pyagents.wire.process.open_files import Reservation

MAX_MESSAGE_BYTES = 64 * 2**20
_SEND_S = 1.0
_PROMPT_S = 0.05
"""Who answers within this time is waited for by a plain receive, which costs some microseconds less than a
wait that watches connection and process as well. Their end is noticed by this much later."""
_GRACE_MS = 50
_NEEDED_FILES, _NEEDED_FILES_WITH_KEYS = 20, 28
"""File descriptors that a session takes at most: its sockets, its program, and the first one's context."""
_MAX_SOCKETS = 2**14
"""Most sockets of a context; a session takes three."""
_STOP = b"\x10\x01"
"""`stopSimReq` set: the same bytes as SimInitAck and as EnvActMsg."""


class Event(enum.Enum):
    """What ended a wait."""

    MESSAGE = enum.auto()
    """A message can be received."""
    PROCESS = enum.auto()
    """The watched process may have ended."""
    DISCONNECTED = enum.auto()
    """The connection of the one who spoke has ended."""
    DEADLINE = enum.auto()
    """Nothing happened in time."""


class ReplySocket:
    """Listens for one simulator, the first that speaks, and answers it, turn by turn.

    Args:
        endpoint: See `endpoints.resolve`.
        keys: For CURVE, and to let in one scenario alone; None: everybody who reaches the endpoint.
        max_message_bytes: Longest message taken. A peer that sends a longer one is cut off.

    Raises:
        ValueError: The endpoint is off this machine without keys, malformed or in use.
        LaunchError: It cannot be bound, or too many files are open.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        keys: AgentKeys | None = None,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
    ) -> None:
        self._keys = keys
        self._doorkeeper: Doorkeeper | None = None
        self._room = Reservation(_NEEDED_FILES if keys is None else _NEEDED_FILES_WITH_KEYS)
        try:
            self._place = resolve(endpoint, has_keys=keys is not None)
        except BaseException:
            self._room.end()
            raise
        try:
            self._context = _shared_context() if keys is None else zmq.Context()
            self._socket = self._context.socket(zmq.ROUTER)
            self._link = Link(self._socket)
            self._socket.setsockopt(zmq.LINGER, 0)
            self._socket.setsockopt(zmq.SNDTIMEO, int(_SEND_S * 1000))
            self._socket.setsockopt(zmq.RCVTIMEO, int(_PROMPT_S * 1000))
            # A little above, so that what is just over is refused by name and the rest by disconnection.
            self._socket.setsockopt(zmq.MAXMSGSIZE, 2 * max_message_bytes)
            self._socket.setsockopt(zmq.IPV6, self._place.is_ipv6)
            self._max_message_bytes = max_message_bytes
            if keys is not None:
                self._doorkeeper = Doorkeeper(self._context, keys.scenario)
                self._doorkeeper.guard(self._socket, keys.secret)
            self._bind()
        except zmq.ZMQError as error:
            self._fail()
            raise LaunchError(f"cannot open a socket: {os.strerror(error.errno or 0)}") from error
        except BaseException:
            self._fail()
            raise
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._link.monitor, zmq.POLLIN)
        if self._doorkeeper is not None:
            self._poller.register(self._doorkeeper.socket, zmq.POLLIN)
        self._watched: int | None = None
        self._peer: bytes | None = None

    @property
    def endpoint(self) -> str:
        """Address that it listens at, with the port that was found free."""
        return self._place.address

    def flags(self) -> list[str]:
        """Make what a scenario has to be started with to find this socket."""
        keys = [] if self._keys is None else [f"--openGymKeys={self._keys.folder}"]
        if self._place.is_nearby:
            return [f"--openGymPort={self.endpoint.rpartition(':')[2]}", *keys]
        return [f"--openGymEndpoint={self.endpoint}", *keys]

    def refusals(self) -> tuple[int, Refusal | None]:
        """Count connections that came to nothing so far, and say why the last did."""
        self._link.read()
        return self._link.n_refused, self._link.refusal

    def has_company(self) -> bool:
        """Whether anybody has connected who speaks ZMQ, and has the right keys."""
        self._link.read()
        return self._link.is_ready

    def watch(self, fd: int | None) -> None:
        """Let `receive` also end when a file descriptor becomes readable; None ends that."""
        if self._watched is not None:
            self._poller.unregister(self._watched)
        if fd is not None:
            self._poller.register(fd, zmq.POLLIN)
        self._watched = fd

    def receive(self, timeout_s: float) -> bytes | Event:
        """Wait for a message, which wins over all that happens meanwhile; ProtocolError if it is too long."""
        deadline = time.monotonic() + timeout_s
        if timeout_s > _PROMPT_S:
            with contextlib.suppress(zmq.Again):
                frame = self._take(0)
                if frame is not None:
                    return frame
        while True:
            event = self._wait(deadline)
            if event is not Event.MESSAGE:
                return event
            frame = self._take(zmq.NOBLOCK)
            if frame is not None:
                return frame
            if time.monotonic() >= deadline:
                return Event.DEADLINE

    def _wait(self, deadline: float) -> Event:
        while True:
            if self._link.is_lost:  # perhaps noticed in an earlier wait, which its last message ended
                return self._settle(Event.DISCONNECTED)
            left_ms = max(0, round((deadline - time.monotonic()) * 1000))
            ready = self._poller.poll(left_ms)
            if not ready:
                return Event.DEADLINE
            sources = [source for source, _ in ready]
            if self._socket in sources:
                return Event.MESSAGE
            if self._watched in sources:
                return self._settle(Event.PROCESS)
            if self._doorkeeper is not None:
                self._doorkeeper.answer()
            self._link.read()

    def _settle(self, event: Event) -> Event:
        """`event`, unless a message that was under way when it happened arrives after all."""
        return Event.MESSAGE if self._socket.poll(_GRACE_MS) else event

    def drain(self, timeout_s: float) -> None:
        """Wait until the peer has read the last answer and closed its connection, or the time is over."""
        deadline = time.monotonic() + timeout_s
        self._link.read()
        while not self._link.is_lost and (left_s := deadline - time.monotonic()) > 0:
            self._link.monitor.poll(round(left_s * 1000))
            self._link.read()

    def _take(self, flags: int) -> bytes | None:
        """The next message, which has to be there or come soon; None if it was a stranger's."""
        if self._peer is None:
            letters = self._socket.recv_multipart(flags, copy=False)
            sender, *envelope = [letter.bytes for letter in letters]
            if not envelope or envelope[0]:
                return None  # no REQ
            self._peer = sender
            self._room.end()
            self._link.adopt(int(letters[0].get(zmq.SRCFD)))
        else:
            sender, *envelope = self._socket.recv_multipart(flags)
            if sender != self._peer:
                self._refuse(sender)
                return None
        if len(envelope) != 2 or envelope[0]:
            count = max(2, len(envelope) - (not envelope[0]))
            raise ProtocolError(f"a message of {count} frames; allowed is one")
        frame = envelope[1]
        if len(frame) > self._max_message_bytes:
            raise ProtocolError(f"a message of {len(frame)} bytes; allowed are {self._max_message_bytes}")
        return frame

    def _refuse(self, sender: bytes) -> None:
        """Tell a stranger to stop, if it still listens."""
        with contextlib.suppress(zmq.ZMQError):
            self._socket.send_multipart([sender, b"", _STOP], zmq.NOBLOCK)

    def send(self, frame: bytes) -> None:
        """Answer the message received last; zmq.ZMQError where it cannot be sent."""
        self._socket.send_multipart([self._peer or b"", b"", frame])

    def hide(self) -> None:
        """Remove a private Unix socket from the file system; the connection that it made stays."""
        if self._place.private_directory is not None:
            self._place.remove_files()

    def remove_files(self) -> None:
        """Remove the Unix socket from the file system."""
        self._place.remove_files()

    def close(self, *, in_owner: bool = True) -> None:
        """Stop listening and remove the Unix socket; not `in_owner`, in a forked child, leave it all."""
        if self._socket.closed:
            return
        self._close_sockets(in_owner=in_owner)
        if in_owner:
            self._room.end()
            self._place.remove_files()

    def _fail(self) -> None:
        """Leave nothing of what could not be opened."""
        self._room.end()
        self._place.remove_files()

    def _close_sockets(self, *, in_owner: bool = True) -> None:
        self._link.close(in_owner=in_owner)
        self._socket.close(linger=0)
        if self._doorkeeper is not None:
            self._doorkeeper.socket.close()
            if in_owner:
                self._context.term()

    def _bind(self) -> None:
        try:
            self._socket.bind(self._place.address)
        except zmq.ZMQError as error:
            self._close_sockets()
            why = os.strerror(error.errno or 0)
            raise LaunchError(f"cannot listen on {self._place.address}: {why}") from error
        if self._place.socket_path is None:
            address = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)
            self._place = Endpoint(address=address)


_contexts: dict[int, zmq.Context[zmq.Socket[bytes]]] = {}


def _shared_context() -> zmq.Context[zmq.Socket[bytes]]:
    """Give the context of sessions without keys; a forked child cannot use its parent's."""
    context = _contexts.get(os.getpid())
    if context is None or context.closed:
        context = _contexts[os.getpid()] = zmq.Context()
        context.set(zmq.MAX_SOCKETS, _MAX_SOCKETS)
    return context
