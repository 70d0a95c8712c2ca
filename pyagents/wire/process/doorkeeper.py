# SPDX-License-Identifier: GPL-2.0-only
"""Decides by its key who may speak to an agent: ZeroMQ's authentication protocol, ZAP (RFC 27).

libzmq asks for each connection, at a socket of the listener's context. It is answered by whoever waits for
messages, in the same thread; nobody is let in while nobody waits.
"""

from __future__ import annotations

import zmq
from zmq.utils import z85

_ADDRESS = "inproc://zeromq.zap.01"
_DOMAIN = b"nru"
_LET_IN, _REFUSED = b"200", b"400"


class Doorkeeper:
    """Lets in one public key (Z85); a context has room for one doorkeeper."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], key: bytes) -> None:
        self._key = z85.decode(key)
        self.socket = context.socket(zmq.REP)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.bind(_ADDRESS)

    def guard(self, listener: zmq.Socket[bytes], secret: bytes) -> None:
        """Let a listener, not yet bound, speak CURVE with its secret key (Z85) alone, and ask here."""
        listener.setsockopt(zmq.CURVE_SERVER, 1)
        listener.setsockopt(zmq.CURVE_SECRETKEY, secret)
        listener.setsockopt(zmq.ZAP_DOMAIN, _DOMAIN)
        listener.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)

    def answer(self) -> None:
        """Answer whatever libzmq asks now."""
        while self.socket.poll(0):
            version, request, _, _, _, mechanism, *credentials = self.socket.recv_multipart()
            is_known = mechanism == b"CURVE" and credentials == [self._key]
            self.socket.send_multipart([version, request, _LET_IN if is_known else _REFUSED, b"", b"", b""])
