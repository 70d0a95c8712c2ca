# SPDX-License-Identifier: GPL-2.0-only
"""Values to DataContainer bytes.

An encoder is made once for a space and then used every step. It gathers the pieces of a message, arrays as
they lie in memory, and whoever sends it joins them: an array is copied once. The bytes are those that the
protobuf runtime would write.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.containers import DATA_FIELDS, DTYPE_NUMBERS, TYPE_URLS, WIRE_DTYPES
from pyagents.wire.protocol.spaces import Box, Discrete, Space, Tuple, Value, convert

Piece: TypeAlias = bytes | memoryview
"""A run of bytes, in memory of its own or of an array."""

_SIZES = 1024
"""For how many sizes to keep what precedes a value: integers vary in theirs from step to step."""


class Encoder:
    """Writes values of one space as field 1 of whatever message they lie in.

    The DataContainer and the Any around a value are the same bytes every time, but for three lengths.
    """

    def __init__(self, kind: int, name: str) -> None:
        url, label = TYPE_URLS[kind].encode(), name.encode()
        self._url = b"\x0a" + varint.encode(len(url)) + url
        self._kind = b"\x08" + varint.encode(kind)
        self._trailer = b"\x1a" + varint.encode(len(label)) + label if label else b""
        self._header = lru_cache(_SIZES)(self._make_header)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        """Append the bytes of `value`, which the space has checked, and return how many they are."""
        raise NotImplementedError

    def _make_header(self, size: int) -> bytes:
        """Make what precedes a value of `size` bytes; the trailer follows it."""
        any_head = self._url + (b"\x12" + varint.encode(size) if size else b"")
        head = self._kind + b"\x12" + varint.encode(len(any_head) + size) + any_head
        return b"\x0a" + varint.encode(len(head) + size + len(self._trailer)) + head


def encoder_for(space: Space, name: str = "", *, flat: bool = False, narrow: bool = False) -> Encoder:
    """Make an encoder for the values of `space`, of a name if it is an entry of a Dict.

    As stock ns3-gym's Python side does, it may announce Boxes `flat`, and send float64 Boxes in single
    precision (`narrow`).
    """
    if isinstance(space, Box):
        return _BoxEncoder(space, name, flat=flat, narrow=narrow)
    if isinstance(space, Discrete):
        return _DiscreteEncoder(pb.Discrete, name)
    if isinstance(space, Tuple):
        places = {i: encoder_for(s, flat=flat, narrow=narrow) for i, s in enumerate(space.spaces)}
        return _CollectionEncoder(pb.Tuple, name, places)
    entries = {key: encoder_for(s, key, flat=flat, narrow=narrow) for key, s in space.spaces.items()}
    return _CollectionEncoder(pb.Dict, name, entries)


class _BoxEncoder(Encoder):
    def __init__(self, space: Box, name: str, *, flat: bool, narrow: bool) -> None:
        number = DTYPE_NUMBERS[space.dtype.name]
        if narrow and number == pb.DOUBLE:
            number = pb.FLOAT
        self._dtype, self._field, self._name = WIRE_DTYPES[number], DATA_FIELDS[number], name
        shape = (space.size,) if flat else space.shape
        self._head = pb.BoxDataContainer(dtype=number, shape=shape).SerializeToString()  # type: ignore[arg-type]
        if space.size:
            field = pb.BoxDataContainer.DESCRIPTOR.fields_by_name[self._field]
            self._head += varint.encode(field.number << 3 | 2)
        super().__init__(pb.Box, name)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        if value.dtype is not self._dtype and value.dtype != self._dtype:
            try:
                value = convert(value, self._dtype)
            except ValueError as error:
                raise ValueError(f"{self._name or 'value'}: {error}") from None
        if self._dtype.kind == "f":
            payload: Piece = value.data
            size: int = value.nbytes
        else:
            payload = self._pack(value)
            size = len(payload)
        header, trailer = self._header(size), self._trailer
        pieces += (header, payload, trailer)
        return len(header) + size + len(trailer)

    def _make_header(self, size: int) -> bytes:
        """Make what precedes numbers of `size` bytes."""
        head = self._head + (varint.encode(size) if size else b"")
        return super()._make_header(len(head) + size) + head

    def _pack(self, value: NDArray[Any]) -> bytes:
        """The varints of the whole numbers, one after another in C order."""
        flat = value.reshape(-1)
        if flat.size == 0:
            return b""
        if flat.item(flat.argmin()) >= -1 and flat.item(flat.argmax()) < 128:
            return flat.astype(np.uint8).tobytes().replace(b"\xff", _NONE)
        packed = pb.BoxDataContainer(**{self._field: flat.tolist()}).SerializeToString()  # type: ignore[arg-type]
        return packed[varint.decode(packed, 1, len(packed))[1] :]


_NONE = varint.encode(-1)  # what many arrays use for "none", and the only byte 255 among small numbers


class _DiscreteEncoder(Encoder):
    def write(self, value: Value, pieces: list[Piece]) -> int:
        content = b"\x08" + varint.encode(value) if value else b""
        piece = self._header(len(content)) + content + self._trailer
        pieces.append(piece)
        return len(piece)


class _CollectionEncoder(Encoder):
    """Encoder of Tuples, whose elements go by place, and Dicts, whose go by name."""

    def __init__(self, kind: int, name: str, entries: dict[Any, Encoder]) -> None:
        self._entries = entries
        super().__init__(kind, name)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        inner: list[Piece] = []
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        size = sum([self._entries[key].write(element, inner) for key, element in entries])
        header, trailer = self._header(size), self._trailer
        pieces += (header, *inner, trailer)
        return len(header) + size + len(trailer)
