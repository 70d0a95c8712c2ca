# SPDX-License-Identifier: GPL-2.0-only
"""Boxes in their DataContainers: floats, which lie there as in memory, and whole numbers, which do not."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.container_codec import ContainerCodec, Piece, UnusualError
from pyagents.wire.protocol.containers import DATA_FIELDS, DTYPE_NUMBERS, WIRE_DTYPES
from pyagents.wire.protocol.spaces import Box, Value, convert

_SHORT = 50
_NONE = varint.encode(-1)  # what many arrays use for "none", and the only byte 255 among small numbers


def box_codec_for(space: Box, name: str = "", *, flat: bool = False, narrow: bool = False) -> BoxCodec:
    """Make a codec for arrays of `space`. See `codec_for`."""
    kind = FloatsCodec if space.dtype.kind == "f" else WholesCodec
    return kind(space, name, flat=flat, narrow=narrow)


class BoxCodec(ContainerCodec):
    """Arrays of one Box."""

    def __init__(self, space: Box, name: str, *, flat: bool, narrow: bool) -> None:
        number = DTYPE_NUMBERS[space.dtype.name]
        if narrow and number == pb.DOUBLE:
            number = pb.FLOAT
        self.dtype, self._field, self._name = WIRE_DTYPES[number], DATA_FIELDS[number], name
        self.size, self.shape = space.size, space.shape
        shape = (space.size,) if flat else space.shape
        self._head = pb.BoxDataContainer(dtype=number, shape=shape).SerializeToString()  # type: ignore[arg-type]
        self._tag = varint.encode(pb.BoxDataContainer.DESCRIPTOR.fields_by_name[self._field].number << 3 | 2)
        super().__init__(pb.Box, name)

    def write(self, value: Value, pieces: list[Piece]) -> int:
        """Append the bytes of an array. See `ContainerCodec.write`."""
        if value.dtype is not self.dtype and value.dtype != self.dtype:
            try:
                value = convert(value, self.dtype)
            except ValueError as error:
                raise ValueError(f"{self._name or 'value'}: {error}") from None
        payload, size = self._payload(value)
        header, trailer = self.header(size), self.trailer
        pieces += (header, payload, trailer)
        return len(header) + size + len(trailer)

    def _payload(self, value: NDArray[Any]) -> tuple[Piece, int]:
        """The numbers one after another in C order, and how many bytes they are."""
        raise NotImplementedError

    def _make_header(self, size: int) -> bytes:
        """Make what precedes numbers of `size` bytes."""
        head = self._head + (self._tag + varint.encode(size) if size else b"")
        return super()._make_header(len(head) + size) + head


class FloatsCodec(BoxCodec):
    """Arrays of floats, as long every time."""

    def read(self, frame: bytes, pos: int, values: list[Value]) -> int:
        """Append the array, a view of `frame`. See `ContainerCodec.read`."""
        return self._alone.read(frame, pos, values)

    @cached_property
    def _alone(self) -> FloatsRun:
        return FloatsRun([self])

    @property
    def nbytes(self) -> int:
        """How many bytes the numbers are."""
        return self.size * self.dtype.itemsize

    def _payload(self, value: NDArray[Any]) -> tuple[Piece, int]:
        return value.data, value.nbytes


class FloatsRun:
    """Arrays of floats that follow each other, read in one go.

    What lies between them is compared, and they are the fields of one record that lies over the message.
    """

    def __init__(self, boxes: Sequence[FloatsCodec]) -> None:
        self._boxes = boxes
        self._size = sum(len(box.header(box.nbytes)) + box.nbytes + len(box.trailer) for box in boxes)

    def read(self, frame: bytes, pos: int, values: list[Value]) -> int:
        """Append the arrays, views of `frame`. See `ContainerCodec.read`."""
        if self._size > len(frame) - pos:
            raise UnusualError
        between, expected, record, names = self._form
        if between(frame, pos) != expected:
            raise UnusualError
        numbers = np.ndarray((), record, frame, pos)
        values += [numbers[name] for name in names]
        return pos + self._size

    @cached_property
    def _form(self) -> tuple[Callable[[bytes, int], tuple[bytes, ...]], tuple[bytes, ...], Any, list[str]]:
        """What gets the bytes between arrays, what these have to be, the record, and its fields."""
        expected, offsets, form, pos = [], list[int](), "<", 0
        trailer = b""
        for box in self._boxes:
            expected.append(trailer + box.header(box.nbytes))
            form += f"{len(expected[-1])}s{box.nbytes}x"
            offsets.append(pos + len(expected[-1]))
            pos, trailer = offsets[-1] + box.nbytes, box.trailer
        names = [str(i) for i in range(len(offsets))]
        formats = [(box.dtype, box.shape) for box in self._boxes]
        record = np.dtype({"names": names, "formats": formats, "offsets": offsets})
        return struct.Struct(f"{form}{len(trailer)}s").unpack_from, (*expected, trailer), record, names


class WholesCodec(BoxCodec):
    """Arrays of whole numbers, each a varint."""

    def _payload(self, value: NDArray[Any]) -> tuple[Piece, int]:
        payload = self._pack(value.reshape(-1))
        return payload, len(payload)

    def _pack(self, flat: NDArray[Any]) -> bytes:
        """Write numbers as varints."""
        if flat.size == 0:
            return b""
        if flat.item(flat.argmin()) >= -1 and flat.item(flat.argmax()) < 128:
            return flat.astype(np.uint8).tobytes().replace(b"\xff", _NONE)
        packed = pb.BoxDataContainer(**{self._field: flat.tolist()}).SerializeToString()
        return packed[varint.decode(packed, 1, len(packed))[1] :]

    def _take(self, frame: bytes, start: int, end: int) -> NDArray[Any]:
        payload = frame[start:end]
        if len(payload) == self.size and payload.isascii():
            numbers = np.ndarray(self.size, np.uint8, payload).astype(self.dtype)
        else:
            numbers = self._unpack(payload)
        numbers.shape = self.shape
        numbers.setflags(write=False)
        return numbers

    def _unpack(self, payload: bytes) -> NDArray[Any]:
        """Read varints, as many as there have to be."""
        packed = self._tag + varint.encode(len(payload)) + payload
        try:
            message = pb.BoxDataContainer.FromString(packed)
        except Exception as error:  # what the runtimes raise differs
            raise UnusualError from error
        numbers = getattr(message, self._field)
        if len(numbers) != self.size or message.SerializeToString() != packed:
            raise UnusualError
        return np.array(numbers[:] if self.size < _SHORT else numbers, self.dtype)  # what is faster
