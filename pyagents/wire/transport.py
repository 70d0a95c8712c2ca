# SPDX-License-Identifier: GPL-2.0-only
"""The socket: a ZMQ REP that binds, as ns3-gym's Python side does, with a deadline on every wait."""

from __future__ import annotations

import enum
import os
import time

import zmq

from pyagents.wire.doorkeeper import Doorkeeper
from pyagents.wire.endpoints import Endpoint, resolve
from pyagents.wire.errors import LaunchError, ProtocolError
from pyagents.wire.keys import AgentKeys
from pyagents.wire.link import Link, Refusal

MAX_MESSAGE_BYTES = 64 * 2**20
_SEND_S = 1.0
_PROMPT_S = 0.05
"""Who answers within this time is waited for by a plain receive, which costs some microseconds less than a
wait that watches connection and process as well. Their end is noticed by this much later."""
_GRACE_MS = 50


class Event(enum.Enum):
    """What ended a wait."""

    MESSAGE = enum.auto()
    """A message can be received."""
    PROCESS = enum.auto()
    """The watched process may have ended."""
    DISCONNECTED = enum.auto()
    """Nobody is connected any more, though somebody was."""
    DEADLINE = enum.auto()
    """Nothing happened in time."""


class ReplySocket:
    """Listens for one simulator and answers it, turn by turn.

    Args:
        endpoint: See `endpoints.resolve`.
        keys: For CURVE, and to let in one scenario alone; None: everybody who reaches the endpoint.
        max_message_bytes: Longest message taken. A peer that sends a longer one is cut off.

    Raises:
        ValueError: The endpoint is off this machine without keys, malformed or in use.
        LaunchError: It cannot be bound.
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
        self._place = resolve(endpoint, has_keys=keys is not None)
        try:
            self._context = _shared_context() if keys is None else zmq.Context()
            self._socket = self._context.socket(zmq.REP)
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
        except BaseException:
            self._place.remove_files()
            raise
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._link.monitor, zmq.POLLIN)
        if self._doorkeeper is not None:
            self._poller.register(self._doorkeeper.socket, zmq.POLLIN)
        self._watched: int | None = None

    @property
    def endpoint(self) -> str:
        """Where it listens, with the port that was found free."""
        return self._place.address

    def flags(self) -> list[str]:
        """What a scenario has to be started with to find this socket."""
        keys = [] if self._keys is None else [f"--openGymKeys={self._keys.folder}"]
        if self._place.is_nearby:
            return [f"--openGymPort={self.endpoint.rpartition(':')[2]}", *keys]
        return [f"--openGymEndpoint={self.endpoint}", *keys]

    def refusals(self) -> tuple[int, Refusal | None]:
        """How many connections came to nothing so far, and why."""
        self._link.read()
        return self._link.n_refused, self._link.refusal

    def watch(self, fd: int | None) -> None:
        """Let `receive` also end when a file descriptor becomes readable; None ends that."""
        if self._watched is not None:
            self._poller.unregister(self._watched)
        if fd is not None:
            self._poller.register(fd, zmq.POLLIN)
        self._watched = fd

    def receive(self, timeout_s: float) -> bytes | Event:
        """Wait for a message and return it, or what happened instead. A message that came first wins.

        Raises:
            ProtocolError: It is too long, or of several frames.
        """
        if timeout_s > _PROMPT_S:
            try:
                return self._take(0)
            except zmq.Again:
                timeout_s -= _PROMPT_S
        event = self._wait(timeout_s)
        return self._take(zmq.NOBLOCK) if event is Event.MESSAGE else event

    def _wait(self, timeout_s: float) -> Event:
        deadline = time.monotonic() + timeout_s
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

    def _take(self, flags: int) -> bytes:
        frame = self._socket.recv(flags)
        if self._socket.getsockopt(zmq.RCVMORE):
            count = 1 + len(self._socket.recv_multipart(zmq.NOBLOCK))
            raise ProtocolError(f"a message of {count} frames; allowed is one")
        if len(frame) > self._max_message_bytes:
            raise ProtocolError(f"a message of {len(frame)} bytes; allowed are {self._max_message_bytes}")
        return frame

    def send(self, frame: bytes) -> None:
        """Answer the message received last.

        Raises:
            zmq.ZMQError: It could not be sent.
        """
        self._socket.send(frame)

    def hide(self) -> None:
        """Remove a private Unix socket from the file system; the connection that it made stays."""
        if self._place.private_directory is not None:
            self._place.remove_files()

    def close(self, *, in_owner: bool = True) -> None:
        """Stop listening and remove the Unix socket. May be called twice.

        Args:
            in_owner: False in a forked child, whose parent still uses files and connections.
        """
        if self._socket.closed:
            return
        self._close_sockets(in_owner=in_owner)
        if in_owner:
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
    """The context of this process's sessions without keys; a forked child cannot use its parent's."""
    context = _contexts.get(os.getpid())
    if context is None or context.closed:
        context = _contexts[os.getpid()] = zmq.Context()
    return context
