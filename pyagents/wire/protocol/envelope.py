# SPDX-License-Identifier: GPL-2.0-only
"""What surrounds the value in a message: it follows from the value's length alone, and so is not parsed."""

from __future__ import annotations

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.encoding import Wrapper

_MOST = 1024
_MARGIN = 120
"""More than what surrounds a value has bytes."""


class Envelope:
    """Finds values of one kind that lie in field 1 as protobuf writes them.

    Args:
        kind: SpaceType of the values.
    """

    def __init__(self, kind: int) -> None:
        self._wrapper = Wrapper(kind, "")
        self._known: dict[bytes, tuple[bytes, int]] = {}

    def open(self, frame: bytes) -> tuple[int, int] | None:
        """Find where the value starts and ends; None if it lies otherwise."""
        length = frame[:4]  # and what follows a short one, which is always the same
        known = self._known.get(length) or self._learn(frame, length)
        if known is None:
            return None
        header, end = known
        return (len(header), end) if frame.startswith(header) and end <= len(frame) else None

    def _learn(self, frame: bytes, length: bytes) -> tuple[bytes, int] | None:
        """What surrounds a value that makes the field as long as it says, and where that ends."""
        try:
            size, start = varint.decode(frame, 1, len(frame))
        except ProtocolError:
            return None
        end = start + size
        for size in range(max(end - _MARGIN, 0), end):
            header = self._wrapper.header(size)
            if len(header) + size == end <= len(frame):
                if len(self._known) == _MOST:
                    self._known.clear()
                self._known[length] = header, end
                return header, end
        return None
