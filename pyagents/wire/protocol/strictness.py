# SPDX-License-Identifier: GPL-2.0-only
"""Reads messages more strictly than protobuf does, and by the same rules as ns3_scratch/gym/gym-message.h.

Fields that a message does not have are those of a later version, and skipped. Refused are its own fields with
another type, for those are another message's, which protobuf takes for unknown; integers beyond their 32
bits, which protobuf cuts; and, before memory is spent on them, names of more than 255 bytes, more than 32
dimensions, and more elements than there is use for.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.fields import FIXED32, FIXED64, LEN, VARINT
from pyagents.wire.protocol.spaces import MAX_RANK

MAX_NAME_BYTES = 255
MAX_ELEMENTS = 4096
"""Most elements of a Tuple or Dict where no space says how many."""

_WIDTHS = {FIXED64: 8, FIXED32: 4}
_WIRE_TYPES = {
    FieldDescriptor.TYPE_DOUBLE: FIXED64,
    FieldDescriptor.TYPE_FLOAT: FIXED32,
    FieldDescriptor.TYPE_STRING: LEN,
    FieldDescriptor.TYPE_BYTES: LEN,
    FieldDescriptor.TYPE_MESSAGE: LEN,
}
_DTYPES: dict[int, np.dtype[Any]] = {
    FieldDescriptor.TYPE_INT32: np.dtype("int32"),
    FieldDescriptor.TYPE_ENUM: np.dtype("int32"),
    FieldDescriptor.TYPE_UINT32: np.dtype("uint32"),
}

_REPEATED = frozenset({"element", "shape", "intData", "uintData", "floatData", "doubleData"})

MessageT = TypeVar("MessageT", bound=Message)


def parse(kind: type[MessageT], data: bytes, what: str, *, most: int | None = None) -> MessageT:
    """`data` as a protobuf message, by the protobuf runtime.

    Args:
        kind: The message's class.
        data: Its bytes.
        what: What to call it in an error.
        most: How many elements or numbers it may hold; None: as many as it wants.

    Raises:
        ProtocolError: It is none, or breaks a rule.
    """
    try:
        _examine(kind.DESCRIPTOR, data, 0, len(data), what, most)
    except ProtocolError as error:
        raise error if str(error).startswith(what) else ProtocolError(f"{what}: {error}") from error
    try:
        message = kind()
        message.ParseFromString(data)
    # What the runtimes raise differs: DecodeError, but also IndexError, struct.error or UnicodeDecodeError.
    except Exception as error:
        raise ProtocolError(f"{what}: {len(data)} bytes are not a {kind.__name__} ({error})") from error
    return message


def check_name(size: int, what: str) -> None:
    """Refuse a name that is too long.

    Raises:
        ProtocolError: It is.
    """
    if size > MAX_NAME_BYTES:
        raise ProtocolError(f"{what}: has a name of {size} bytes; allowed are {MAX_NAME_BYTES}")


def check_rank(rank: int, what: str) -> None:
    """Refuse a shape of too many dimensions.

    Raises:
        ProtocolError: It is.
    """
    if rank > MAX_RANK:
        raise ProtocolError(f"{what}: its shape has {rank} dimensions; allowed are {MAX_RANK}")


def check_count(count: int, most: int | None, what: str) -> None:
    """Refuse more elements or numbers than there is use for.

    Raises:
        ProtocolError: There are.
    """
    if most is not None and count > most:
        raise ProtocolError(f"{what}: has {count} elements or numbers; allowed are {most}")


def _examine(kind: Any, buf: bytes, pos: int, end: int, what: str, most: int | None) -> None:
    """Refuse a message that breaks a rule."""
    rank = count = 0
    fields = kind.fields_by_number
    while pos < end:
        tag, pos = varint.decode(buf, pos, end)
        wire_type, field = tag & 7, fields.get(tag >> 3)
        if wire_type == LEN:
            size, pos = varint.decode(buf, pos, end)
        elif wire_type == VARINT:
            number, after = varint.decode(buf, pos, end)
            size = after - pos
        elif wire_type in _WIDTHS:
            size = _WIDTHS[wire_type]
        else:
            raise ProtocolError(f"{what}: field {tag >> 3} is a group, or of no known type")
        if size > end - pos:
            raise ProtocolError(f"{what}: field {tag >> 3} claims {size} bytes, {end - pos} are left")
        if field is None:
            pos += size
            continue
        natural = _WIRE_TYPES.get(field.type, VARINT)
        is_repeated = field.name in _REPEATED
        is_packed = wire_type == LEN and natural != LEN and is_repeated
        if wire_type != natural and not is_packed:
            raise ProtocolError(f"{what}: field {tag >> 3} does not belong there, or not with that type")
        n = 1
        if is_packed:
            n = size // _WIDTHS[natural] if natural in _WIDTHS else varint.count(buf, pos, pos + size)
        if field.name == "shape":
            rank += n
            check_rank(rank, what)
        elif is_repeated:
            count += n
            check_count(count, most, what)
        if natural == VARINT:
            if is_packed:
                varint.decode_packed(buf, pos, pos + size, _DTYPES[field.type])
            else:
                _check_number(number, field, what)
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            _examine(field.message_type, buf, pos, pos + size, what, most)
        elif field.name == "name":
            check_name(size, what)
        pos += size


def _check_number(number: int, field: Any, what: str) -> None:
    dtype = _DTYPES.get(field.type)
    if dtype is None:
        return
    if dtype.kind == "i" and number >= 2**63:
        number -= 2**64
    limits = np.iinfo(dtype)
    if not limits.min <= number <= limits.max:
        raise ProtocolError(f"{what}: {field.name} is {number}; {dtype} does not hold that")
