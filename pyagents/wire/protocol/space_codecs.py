# SPDX-License-Identifier: GPL-2.0-only
"""Values of any space in their DataContainers. See `pyagents.wire.protocol.container_codec`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.box_codecs import FloatsCodec, FloatsRun, box_codec_for
from pyagents.wire.protocol.container_codec import ContainerCodec, Piece, UnusualError
from pyagents.wire.protocol.spaces import Box, Discrete, Space, Tuple, Value


def codec_for(space: Space, name: str = "", *, flat: bool = False, narrow: bool = False) -> ContainerCodec:
    """Make a codec for the values of `space`, of a name if it is an entry of a Dict.

    As stock ns3-gym's Python side does, it may announce Boxes `flat`, and send float64 Boxes in single
    precision (`narrow`).
    """
    if isinstance(space, Box):
        return box_codec_for(space, name, flat=flat, narrow=narrow)
    if isinstance(space, Discrete):
        return _DiscreteCodec(pb.Discrete, name)
    if isinstance(space, Tuple):
        places = {i: codec_for(s, flat=flat, narrow=narrow) for i, s in enumerate(space.spaces)}
        return _CollectionCodec(pb.Tuple, name, places)
    entries = {key: codec_for(s, key, flat=flat, narrow=narrow) for key, s in space.spaces.items()}
    return _CollectionCodec(pb.Dict, name, entries)


class _DiscreteCodec(ContainerCodec):
    def write(self, value: Value, pieces: list[Piece]) -> int:
        content = b"\x08" + varint.encode(value) if value else b""
        piece = self.header(len(content)) + content + self.trailer
        pieces.append(piece)
        return len(piece)

    def _take(self, frame: bytes, start: int, end: int) -> int:
        if start == end:
            return 0
        number, at = varint.decode(frame, start + 1, end)
        if frame[start] != 8 or at != end or number >= 2**31:
            raise UnusualError
        return number


class _CollectionCodec(ContainerCodec):
    """Codec of Tuples, whose elements go by place, and Dicts, whose go by name."""

    def __init__(self, kind: int, name: str, entries: dict[Any, ContainerCodec]) -> None:
        self._entries, self._is_tuple = entries, kind == pb.Tuple
        self._parts = _parts(entries.values())
        super().__init__(kind, name)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        inner: list[Piece] = []
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        size = sum([self._entries[key].write(element, inner) for key, element in entries])
        header, trailer = self.header(size), self.trailer
        pieces += (header, *inner, trailer)
        return len(header) + size + len(trailer)

    def _take(self, frame: bytes, start: int, end: int) -> Value:
        values: list[Value] = []
        for part in self._parts:
            start = part.read(frame, start, values)
        if start != end:
            raise UnusualError
        return tuple(values) if self._is_tuple else dict(zip(self._entries, values, strict=True))


def _parts(codecs: Iterable[ContainerCodec]) -> list[ContainerCodec | FloatsRun]:
    """What to read one after another: each value by itself, but for floats that follow each other."""
    parts: list[ContainerCodec | FloatsRun] = []
    for are_floats, run in itertools.groupby(codecs, lambda codec: isinstance(codec, FloatsCodec)):
        together = list(run)
        parts += [FloatsRun(together)] if are_floats else together  # type: ignore[arg-type]
    return parts
