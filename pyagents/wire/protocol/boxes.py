# SPDX-License-Identifier: GPL-2.0-only
"""BoxDataContainer bytes to arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.containers import WIRE_DTYPES
from pyagents.wire.protocol.fields import LEN, VARINT, Unusual, scan
from pyagents.wire.protocol.strictness import check_count, check_rank, parse

_BOX = (0, VARINT, LEN, LEN, LEN, LEN, LEN)
_REPEATED = frozenset({2, 3, 4, 5, 6})
_FIELDS: dict[int, str] = {
    pb.INT: "intData",
    pb.UINT: "uintData",
    pb.FLOAT: "floatData",
    pb.DOUBLE: "doubleData",
}


def read_box(buf: bytes, pos: int, end: int, where: str, most: int | None = None) -> NDArray[Any]:
    """The BoxDataContainer between two positions, read-only, in the shape that came with it.

    Args:
        buf: The message that holds it.
        pos: Where it starts.
        end: Where it ends.
        where: What to call it in an error.
        most: How many numbers there is use for; None: as many as it has.

    Raises:
        ProtocolError: It is malformed, holds numbers of two dtypes or of another than it says, or not as many
            as its shape needs.
    """
    try:
        _, dtype, dims, *data = scan(buf, pos, end, _BOX, where, _REPEATED)
    except Unusual:
        return _read_unusual(parse(pb.BoxDataContainer, buf[pos:end], where, most=most), where)
    shape = None if dims is None else _read_shape(buf, dims, where)
    filled = [field for field, span in enumerate(data) if span is not None and span[0] < span[1]]
    number = _choose(dtype or 0, [field + pb.INT for field in filled], where)
    if not filled:
        return _shaped(np.empty(0, WIRE_DTYPES[number]), shape, where)
    span = data[number - pb.INT]
    if number in (pb.INT, pb.UINT) and most is not None:  # they grow when they are read
        check_count(varint.count(buf, *span), most, where)
    return _shaped(_read_numbers(buf, span[0], span[1], number, where), shape, where)


def _read_numbers(buf: bytes, pos: int, end: int, number: int, where: str) -> NDArray[Any]:
    dtype = WIRE_DTYPES[number]
    if number in (pb.INT, pb.UINT):
        try:
            return varint.decode_packed(buf, pos, end, dtype)
        except ProtocolError as error:
            raise ProtocolError(f"{where}: {error}") from None
    if (end - pos) % dtype.itemsize:
        raise ProtocolError(
            f"{where}: {_FIELDS[number]} has {end - pos} bytes, no multiple of {dtype.itemsize}"
        )
    return np.frombuffer(buf, dtype, (end - pos) // dtype.itemsize, pos)


def _read_shape(buf: bytes, span: tuple[int, int], where: str) -> tuple[int, ...]:
    pos, end = span
    check_rank(varint.count(buf, pos, end), where)
    shape = []
    while pos < end:
        dim, pos = varint.decode(buf, pos, end)
        if dim >= 2**32:
            raise ProtocolError(f"{where}: a dimension is {dim}; allowed is at most 2**32 - 1")
        shape.append(dim)
    return tuple(shape)


def _choose(announced: int, filled: Sequence[int], where: str) -> int:
    """The Dtype of the one data field that is filled."""
    if announced not in (pb.NoDType, *WIRE_DTYPES):
        raise ProtocolError(f"{where}: its dtype is {announced}; allowed are 0 to 4")
    if len(filled) > 1:
        names = " and ".join(_FIELDS[number] for number in filled)
        raise ProtocolError(f"{where}: has numbers in {names}; allowed is one of them")
    if not filled:
        return announced or pb.FLOAT
    if announced not in (pb.NoDType, filled[0]):
        name = pb.Dtype.Name(announced)
        raise ProtocolError(f"{where}: says {name}, but has its numbers in {_FIELDS[filled[0]]}")
    return filled[0]


def _shaped(array: NDArray[Any], shape: tuple[int, ...] | None, where: str) -> NDArray[Any]:
    if shape is None:
        return array
    if math.prod(shape) != array.size:
        kind = IncompleteError if array.size < math.prod(shape) else ProtocolError
        raise kind(f"{where}: has {array.size} numbers; its shape {shape} needs {math.prod(shape)}")
    try:
        return array.reshape(shape)
    except ValueError as error:
        raise ProtocolError(f"{where}: its shape {shape} is none that NumPy holds ({error})") from error


def _read_unusual(message: pb.BoxDataContainer, where: str) -> NDArray[Any]:
    filled = [number for number, name in _FIELDS.items() if len(getattr(message, name))]
    number = _choose(message.dtype, filled, where)
    array = np.array(getattr(message, _FIELDS[number]), WIRE_DTYPES[number])
    array.flags.writeable = False
    return _shaped(array, tuple(message.shape) or None, where)
