# SPDX-License-Identifier: GPL-2.0-only
"""The scenario's side of the wire: a ZMQ REQ that connects to the agent, as the ns-3 program does."""

from __future__ import annotations

import contextlib
import time

import zmq

from pyagents.wire.errors import WireError
from pyagents.wire.process.endpoints import check_peer
from pyagents.wire.process.keys import ScenarioKeys
from pyagents.wire.process.link import Link, Refusal

_GRACE_MS = 50
_WORDS = {
    Refusal.KEY: "lets in another scenario.public than ours",
    Refusal.MECHANISM: "has no keys, or asks for some where we have none",
    Refusal.GARBAGE: "does not speak ZMQ",
}
"""After these libzmq tries no more."""


class NoAnswerError(WireError):
    """The agent is not there, silent, or wants other keys."""


class RequestSocket(contextlib.AbstractContextManager["RequestSocket"]):
    """Asks the agent that listens at an endpoint, see `check_peer`, turn by turn. A context manager."""

    def __init__(self, endpoint: str, *, keys: ScenarioKeys | None = None, timeout_s: float) -> None:
        place = check_peer(endpoint, has_keys=keys is not None)
        self._endpoint, self._timeout_s, self._has_keys = endpoint, timeout_s, keys is not None
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.REQ)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.IPV6, place.is_ipv6)
        if keys is not None:
            keys.use(self._socket)
        self._link = Link(self._socket)
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._link.monitor, zmq.POLLIN)
        self._socket.connect(place.address)

    def ask(self, frame: bytes) -> bytes:
        """Send a message and wait for its answer; NoAnswerError where none came in time, or ever will."""
        with contextlib.suppress(zmq.Again):  # nobody to send to any more: the reason is found below
            self._socket.send(frame, zmq.NOBLOCK)
        deadline = time.monotonic() + self._timeout_s
        while True:
            # Perhaps noticed in the wait before, which its last answer ended; another may be under way.
            if self._link.is_lost and not self._socket.poll(_GRACE_MS):
                raise NoAnswerError(f"the agent at {self._endpoint} closed its connection")
            if self._link.refusal in _WORDS:
                raise NoAnswerError(f"the agent at {self._endpoint} {_WORDS[self._link.refusal]}")
            left_ms = max(0, round((deadline - time.monotonic()) * 1000))
            sources = [source for source, _ in self._poller.poll(left_ms)]
            if self._socket in sources:
                return self._socket.recv()
            if not sources:
                raise NoAnswerError(f"{self._silence()} within {self._timeout_s:g} s")
            self._link.read()

    def close(self) -> None:
        """End the connection. May be called twice."""
        if not self._socket.closed:
            self._link.close()
            self._context.destroy(linger=0)

    def __exit__(self, *_: object) -> None:
        self.close()

    def _silence(self) -> str:
        if self._link.is_ready:
            return f"the agent at {self._endpoint} does not answer"
        if self._link.refusal is None:
            return f"no agent answers at {self._endpoint}"
        keys = "has other keys than agent.public, or none" if self._has_keys else "asks for keys"
        return f"whoever listens at {self._endpoint} {keys}: no handshake"
