# SPDX-License-Identifier: GPL-2.0-only
"""Values that lie in a message as protobuf writes them, found by the length of what holds them.

What surrounds a value (types, URLs, shapes, names, lengths) follows from its space and its size alone, and so
does not have to be parsed: it is made once for each size, as for sending, and compared. `read` says None to
anything else, however legal, which is then for the decoders; so this is only about speed, never about what a
message means.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.encoding import Frame, frame_of
from pyagents.wire.protocol.layouts import Place
from pyagents.wire.protocol.spaces import Box, Discrete, Space, Tuple, Value

Found: TypeAlias = tuple[Value, int]
"""A value, and the position after what holds it."""


class FamiliarReader(Protocol):
    """Reads values of one space."""

    def read(self, buf: bytes, pos: int, end: int) -> Found | None:
        """The value in the container that is field 1 at `pos`; None if it lies otherwise."""


def familiar_reader(space: Space, name: str = "") -> FamiliarReader:
    """A reader of values of `space`, which has a name if it is an entry of a Dict."""
    if isinstance(space, Box):
        return _BoxReader(space, name)
    if isinstance(space, Discrete):
        return _DiscreteReader(space, name)
    if isinstance(space, Tuple):
        return _TupleReader(space, name)
    return DictReader(space, name)


class _Finder:
    """Finds where the content of a container lies.

    Args:
        frame: What surrounds the content.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._known: dict[bytes, tuple[bytes, int, int, int]] = {}

    def find(self, buf: bytes, pos: int, end: int) -> tuple[int, int, int] | None:
        """Start and end of the content of the container at `pos`, and its own end."""
        length = buf[pos + 1 : pos + 4]  # and what follows a short one, which is always the same
        known = self._known.get(length)
        if known is None:
            known = self._learn(buf, pos, end)
            if known is None:
                return None
            self._known[length] = known
        header, start, after, stop = known
        if pos + stop > end or not buf.startswith(header, pos):
            return None
        if not buf.startswith(self._frame.trailer, pos + after):
            return None
        return pos + start, pos + after, pos + stop

    def _learn(self, buf: bytes, pos: int, end: int) -> tuple[bytes, int, int, int] | None:
        """What surrounds a content of the size that makes the container as long as it says."""
        try:
            length, start = varint.decode(buf, pos + 1, end)
        except ProtocolError:
            return None
        stop = start - pos + length
        if stop > end - pos:
            return None
        if len(self._known) >= _MOST:
            self._known.clear()
        size, trailer = 0, self._frame.trailer
        for _ in range(_TRIES):
            header = self._frame.header(size)
            missing = stop - len(header) - size - len(trailer)
            if missing == 0:
                return header, len(header), len(header) + size, stop
            size += missing
            if size < 0:
                break
        return None


_MOST = 4096
_TRIES = 6


class _BoxReader:
    def __init__(self, space: Box, name: str) -> None:
        self.name = name
        self.shape, self.dtype, self.size = space.shape, space.dtype, space.size
        self.is_float = space.dtype.kind == "f"
        self._most_bytes = self.size * (self.dtype.itemsize if self.is_float else varint.MAX_BYTES)
        self._finder = _Finder(frame_of(space, name))

    def read(self, buf: bytes, pos: int, end: int) -> Found | None:
        found = self.find(buf, pos, end)
        if found is None:
            return None
        start, after, stop = found
        if self.is_float:
            return np.ndarray(self.shape, self.dtype, buf, start), stop
        if varint.count(buf, start, after) != self.size:
            return None
        try:
            return varint.decode_packed(buf, start, after, self.dtype).reshape(self.shape), stop
        except ProtocolError:
            return None

    def find(self, buf: bytes, pos: int, end: int) -> tuple[int, int, int] | None:
        """Start and end of the numbers, and the end of what holds them."""
        found = self._finder.find(buf, pos, end)
        if found is None:
            return None
        n_bytes = found[1] - found[0]
        fits = n_bytes == self._most_bytes if self.is_float else n_bytes <= self._most_bytes
        return found if fits else None


class _DiscreteReader:
    def __init__(self, space: Discrete, name: str) -> None:
        self._finder = _Finder(frame_of(space, name))

    def read(self, buf: bytes, pos: int, end: int) -> Found | None:
        found = self._finder.find(buf, pos, end)
        if found is None:
            return None
        start, after, stop = found
        if start == after:
            return 0, stop
        is_short = after == start + 2 and buf[start] == _NUMBER_TAG and buf[start + 1] < 128
        return (buf[start + 1], stop) if is_short else None


_NUMBER_TAG = 0x08


class _TupleReader:
    def __init__(self, space: Tuple, name: str) -> None:
        self._finder = _Finder(frame_of(space, name))
        self._readers = [familiar_reader(s) for s in space.spaces]

    def read(self, buf: bytes, pos: int, end: int) -> Found | None:
        found = self._finder.find(buf, pos, end)
        if found is None:
            return None
        at, after, stop = found
        values = []
        for reader in self._readers:
            inner = reader.read(buf, at, after) if at < after else None
            if inner is None:
                return None
            values.append(inner[0])
            at = inner[1]
        return (tuple(values), stop) if at == after else None


class DictReader:
    """Reads Dicts whose entries come in the order of their space.

    Args:
        space: A Dict.
        name: Its name, if it is an entry of another.

    Attributes:
        places: Where the numbers of the Dict read last lie; empty unless it is one of Boxes alone.
    """

    def __init__(self, space: Space, name: str = "") -> None:
        self._finder = _Finder(frame_of(space, name))
        self._readers = {key: familiar_reader(s, key) for key, s in space.spaces.items()}  # type: ignore[union-attr]
        self.places: list[Place] = []

    def read(self, buf: bytes, pos: int, end: int) -> Found | None:
        """See `FamiliarReader`."""
        found = self._finder.find(buf, pos, end)
        if found is None:
            return None
        at, after, stop = found
        values: dict[str, Value] = {}
        whole: list[tuple[_BoxReader, int, int]] = []
        places = []
        for key, reader in self._readers.items():
            if at >= after:
                return None
            if isinstance(reader, _BoxReader):
                box = reader.find(buf, at, after)
                if box is None:
                    return None
                start, last, at = box
                places.append(Place(key, reader.dtype, reader.shape, start, last))
                if reader.is_float:
                    values[key] = np.ndarray(reader.shape, reader.dtype, buf, start)
                else:
                    values[key] = None  # for its place among the others
                    whole.append((reader, start, last))
            else:
                inner = reader.read(buf, at, after)
                if inner is None:
                    return None
                values[key], at = inner
        if at != after or (whole and not _read_integers(buf, whole, values)):
            return None
        self.places = places if len(places) == len(self._readers) else []
        return values, stop


def _read_integers(buf: bytes, boxes: list[tuple[_BoxReader, int, int]], values: dict[str, Value]) -> bool:
    """Read the whole numbers of all Boxes at once; whether all is well."""
    chunks = [buf[start:last] for _, start, last in boxes]
    for dtype in ("int32", "uint32"):
        own = [(box, chunk) for (box, _, _), chunk in zip(boxes, chunks, strict=True) if box.dtype == dtype]
        packed = b"".join([chunk for _, chunk in own])
        if not packed:
            if any(box.size for box, _ in own):
                return False
            for box, _ in own:
                values[box.name] = np.empty(box.shape, dtype)
            continue
        ends = np.cumsum([len(chunk) for _, chunk in own])
        sizes = np.array([box.size for box, _ in own])
        # Every Box ends where a number does, and has as many as it should.
        n_ended = np.concatenate(([0], np.cumsum(np.frombuffer(packed, np.uint8) < 128)))[ends]
        if (n_ended != np.cumsum(sizes)).any() or any(chunk and chunk[-1] > 127 for _, chunk in own):
            return False
        try:
            numbers = varint.decode_packed(packed, 0, len(packed), np.dtype(dtype))
        except ProtocolError:
            return False
        first = 0
        for box, _ in own:
            values[box.name] = numbers[first : first + box.size].reshape(box.shape)
            first += box.size
    return True
