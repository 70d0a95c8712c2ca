# SPDX-License-Identifier: GPL-2.0-only
"""Values to DataContainer bytes.

An encoder is made once for a space and then used every step. It gathers the pieces of a message, arrays as
they lie in memory, and whoever sends it joins them: an array is copied once. The bytes are those that the
protobuf runtime would write.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, TypeAlias

from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.containers import (
    DTYPE_NUMBERS,
    FIRST_DATA_FIELD,
    MESSAGES,
    PACKAGE,
    URL_PREFIX,
    WIRE_DTYPES,
)
from pyagents.wire.protocol.spaces import Box, Discrete, Space, Tuple, Value, convert

Piece: TypeAlias = bytes | memoryview
"""A run of bytes, in memory of its own or of an array."""


_SIZES = 1024
"""For how many sizes to keep what precedes a value: integers vary in theirs from step to step."""


class Encoder(Protocol):
    """Writes one value of one space as field 1 of whatever message it lies in."""

    def write(self, value: Value, pieces: list[Piece]) -> int:
        """Append the bytes of `value`, which the space has checked, and return how many they are."""


def encoder_for(space: Space, name: str = "", *, flat: bool = False, narrow: bool = False) -> Encoder:
    """An encoder for the values of `space`.

    Args:
        space: Where the values come from.
        name: Its name, if it is an entry of a Dict.
        flat: Announce Boxes in one dimension, as stock ns3-gym's Python side does.
        narrow: Send float64 Boxes in single precision, as stock ns3-gym's Python side does.
    """
    if isinstance(space, Box):
        return _BoxEncoder(space, name, flat=flat, narrow=narrow)
    if isinstance(space, Discrete):
        return _DiscreteEncoder(name)
    if isinstance(space, Tuple):
        return _TupleEncoder([encoder_for(s, flat=flat, narrow=narrow) for s in space.spaces], name)
    return _DictEncoder(
        {key: encoder_for(s, key, flat=flat, narrow=narrow) for key, s in space.spaces.items()}, name
    )


class Frame(Protocol):
    """What surrounds a value of one space."""

    trailer: bytes

    def header(self, size: int) -> bytes:
        """What precedes a content of `size` bytes; `trailer` follows it."""


def frame_of(space: Space, name: str = "") -> Frame:
    """What surrounds the content of `space`: the numbers of a Box, all of another's value."""
    if isinstance(space, Box):
        return _BoxEncoder(space, name, flat=False, narrow=False)
    kinds = {Discrete: pb.Discrete, Tuple: pb.Tuple}
    return _Wrapper(kinds.get(type(space), pb.Dict), name)


class _Wrapper:
    """The DataContainer and the Any around a value: the same bytes every time, but for three lengths."""

    def __init__(self, kind: int, name: str) -> None:
        url = URL_PREFIX + PACKAGE + MESSAGES[kind]
        self._url = b"\x0a" + varint.encode(len(url)) + url
        self._kind = b"\x08" + varint.encode(kind)
        label = name.encode()
        self.trailer = b"\x1a" + varint.encode(len(label)) + label if label else b""

    def header(self, size: int) -> bytes:
        """What precedes a value of `size` bytes; `trailer` follows it."""
        any_head = self._url + (b"\x12" + varint.encode(size) if size else b"")
        head = self._kind + b"\x12" + varint.encode(len(any_head) + size) + any_head
        return b"\x0a" + varint.encode(len(head) + size + len(self.trailer)) + head


class _BoxEncoder:
    def __init__(self, space: Box, name: str, *, flat: bool, narrow: bool) -> None:
        dtype = DTYPE_NUMBERS[space.dtype.name]
        if narrow and dtype == pb.DOUBLE:
            dtype = pb.FLOAT
        self._dtype = WIRE_DTYPES[dtype]
        self._name = name
        self._is_packed = dtype in (pb.INT, pb.UINT)
        shape = b"".join(varint.encode(d) for d in ((space.size,) if flat else space.shape))
        self._head = b"\x08" + varint.encode(dtype)
        if shape:
            self._head += b"\x12" + varint.encode(len(shape)) + shape
        self._tag = varint.encode((dtype - pb.INT + FIRST_DATA_FIELD) << 3 | 2)
        self._wrapper = _Wrapper(pb.Box, name)
        self.trailer = self._wrapper.trailer
        self._header = lru_cache(_SIZES)(self.header)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        if value.dtype is not self._dtype and value.dtype != self._dtype:
            try:
                value = convert(value, self._dtype)
            except ValueError as error:
                raise ValueError(f"{self._name or 'value'}: {error}") from None
        payload: Piece = varint.encode_packed(value) if self._is_packed else value.data
        size = len(payload) if isinstance(payload, bytes) else payload.nbytes
        header, trailer = self._header(size), self._wrapper.trailer
        pieces += (header, payload, trailer)
        return len(header) + size + len(trailer)

    def header(self, size: int) -> bytes:
        """What precedes numbers of `size` bytes."""
        box = self._head + (self._tag + varint.encode(size) if size else b"")
        return self._wrapper.header(len(box) + size) + box


class _DiscreteEncoder:
    def __init__(self, name: str) -> None:
        self._wrapper = _Wrapper(pb.Discrete, name)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        content = b"\x08" + varint.encode(value) if value else b""
        piece = self._wrapper.header(len(content)) + content + self._wrapper.trailer
        pieces.append(piece)
        return len(piece)


class _TupleEncoder:
    def __init__(self, elements: list[Encoder], name: str) -> None:
        self._elements = elements
        self._wrapper = _Wrapper(pb.Tuple, name)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        inner: list[Piece] = []
        size = sum(encoder.write(v, inner) for encoder, v in zip(self._elements, value, strict=True))
        header, trailer = self._wrapper.header(size), self._wrapper.trailer
        pieces += (header, *inner, trailer)
        return len(header) + size + len(trailer)


class _DictEncoder:
    def __init__(self, entries: dict[str, Encoder], name: str) -> None:
        self._entries = entries
        self._wrapper = _Wrapper(pb.Dict, name)
        self._header = lru_cache(_SIZES)(self._wrapper.header)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        inner: list[Piece] = []
        size = sum([self._entries[key].write(v, inner) for key, v in value.items()])
        header, trailer = self._header(size), self._wrapper.trailer
        pieces += (header, *inner, trailer)
        return len(header) + size + len(trailer)
