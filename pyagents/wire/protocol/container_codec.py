# SPDX-License-Identifier: GPL-2.0-only
"""A value in its DataContainer, written and read by comparing instead of parsing.

A codec is made once for a space and then used every step: but for three lengths, what lies around a value is
the same bytes every time. Writing gathers the pieces of a message, arrays as they lie in memory, and whoever
sends it joins them: an array is copied once. The bytes are those that the protobuf runtime would write.
Reading holds a message against these bytes. Where it lies otherwise, `UnusualError` says so, and the message
is for the protobuf runtime; so that is only about speed, never about what a message means.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from pyagents.wire.protocol import varint
from pyagents.wire.protocol.containers import TYPE_URLS
from pyagents.wire.protocol.spaces import Value

Piece: TypeAlias = bytes | memoryview
"""A run of bytes, in memory of its own or of an array."""

_SIZES = 1024
"""For how many sizes to keep what precedes a value: integers vary in theirs from step to step."""


class UnusualError(Exception):
    """A message does not lie as it would be written here, whatever it means."""


class ContainerCodec:
    """Values of one space, as field 1 of whatever message they lie in."""

    def __init__(self, kind: int, name: str) -> None:
        url, label = TYPE_URLS[kind].encode(), name.encode()
        self._url = b"\x0a" + varint.encode(len(url)) + url
        self._kind = b"\x08" + varint.encode(kind)
        self.trailer = b"\x1a" + varint.encode(len(label)) + label if label else b""
        self.header = lru_cache(_SIZES)(self._make_header)
        self._last = self.header(0), 0

    def write(self, value: Value, pieces: list[Piece]) -> int:
        """Append the bytes of `value`, which the space has checked, and return how many they are."""
        raise NotImplementedError

    def read(self, frame: bytes, pos: int, values: list[Value]) -> int:
        """Append the value at `pos`, and return the position after it. Arrays are read-only.

        Raises:
            UnusualError: It does not lie as it would be written.
            ProtocolError: So, and is cut off within a number.
        """
        header, size = self._last
        if not frame.startswith(header, pos):
            header, size = self._last = self._find_header(frame, pos)
        start = pos + len(header)
        end = start + size
        if not frame.startswith(self.trailer, end):  # also if it is empty, and the frame ends before it
            raise UnusualError
        values.append(self._take(frame, start, end))
        return end + len(self.trailer)

    def _take(self, frame: bytes, start: int, end: int) -> Value:
        """Read the value from what lies between header and trailer."""
        raise NotImplementedError

    def _make_header(self, size: int) -> bytes:
        """Make what precedes a value of `size` bytes; the trailer follows it."""
        any_head = self._url + (b"\x12" + varint.encode(size) if size else b"")
        head = self._kind + b"\x12" + varint.encode(len(any_head) + size) + any_head
        return b"\x0a" + varint.encode(len(head) + size + len(self.trailer)) + head

    def _find_header(self, frame: bytes, pos: int) -> tuple[bytes, int]:
        """Find the header at `pos` and the size of its value from how long all is together."""
        length, at = varint.decode(frame, pos + 1, len(frame))
        size = within = at - pos + length - len(self.trailer)
        for _ in range(4):  # the longer the value, the longer its header
            header = self.header(size)
            if len(header) + size == within and frame.startswith(header, pos):
                return header, size
            size = max(0, within - len(header))
        raise UnusualError
