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
from pyagents.wire.protocol.spaces import MAX_RANK

MAX_NAME_BYTES = 255
MAX_ELEMENTS = 4096
"""Most elements of a Tuple or Dict where no space says how many."""

_SMALL_BYTES = 2**18
"""Length up to which a message may be read before it is examined: it cannot take much memory."""
_VARINT, _FIXED64, _LEN, _FIXED32 = 0, 1, 2, 5
_WIDTHS = {_FIXED64: 8, _FIXED32: 4}
_WIRE_TYPES = {
    FieldDescriptor.TYPE_DOUBLE: _FIXED64,
    FieldDescriptor.TYPE_FLOAT: _FIXED32,
    FieldDescriptor.TYPE_STRING: _LEN,
    FieldDescriptor.TYPE_BYTES: _LEN,
    FieldDescriptor.TYPE_MESSAGE: _LEN,
}
_LONG_BYTES = 5
"""Length from which on an integer may be beyond 32 bits."""
_INT32, _UINT32 = (-(2**31), 2**31 - 1), (0, 2**32 - 1)
_RANGES = {
    FieldDescriptor.TYPE_INT32: _INT32,
    FieldDescriptor.TYPE_ENUM: _INT32,
    FieldDescriptor.TYPE_UINT32: _UINT32,
}
_REPEATED = frozenset({"element", "shape", "intData", "uintData", "floatData", "doubleData"})

MessageT = TypeVar("MessageT", bound=Message)


def parse(kind: type[MessageT], data: bytes, what: str, *, most: int | None = None) -> tuple[MessageT, bytes]:
    """Read a protobuf message by the protobuf runtime.

    A message that the runtime would write in the same bytes breaks no rule about types and ranges.

    Args:
        kind: Its class.
        data: Its bytes.
        what: What to call it in an error.
        most: How many elements it may hold, or numbers if it is long; None: as many as it wants.

    Returns:
        The message, and its bytes as protobuf writes them: no field that it does not know, each once, numbers
        packed, in the order of their fields.

    Raises:
        ProtocolError: It is none, or breaks a rule.
    """
    if len(data) > _SMALL_BYTES:
        _examine(kind, data, what, most, is_deep=False)
    try:
        message = kind.FromString(data)
    # What the runtimes raise differs: DecodeError, but also IndexError, struct.error or UnicodeDecodeError.
    except Exception as error:
        _examine(kind, data, what, most)  # which knows better what is wrong, if it is to see
        raise ProtocolError(f"{what}: {len(data)} bytes are no {kind.__name__} ({error})") from error
    message.DiscardUnknownFields()
    written = message.SerializeToString()
    if written != data:
        _examine(kind, data, what, most)
    for field, value in message.ListFields():
        if field.name == "shape":
            _check_rank(len(value), what)
        elif field.message_type is not None:
            parts = value if field.name in _REPEATED else (value,)
            _check_count(len(parts), most, what)
            for part in parts:
                _check_name(len(part.name.encode()), f"an entry of {what}")
    return message, written


def _check_name(size: int, what: str) -> None:
    if size > MAX_NAME_BYTES:
        raise ProtocolError(f"{what}: has a name of {size} bytes; allowed are {MAX_NAME_BYTES}")


def _check_rank(rank: int, what: str) -> None:
    if rank > MAX_RANK:
        raise ProtocolError(f"{what}: its shape has {rank} dimensions; allowed are {MAX_RANK}")


def _check_count(count: int, most: int | None, what: str) -> None:
    if most is not None and count > most:
        raise ProtocolError(f"{what}: has {count} elements or numbers; allowed are {most}")


def _examine(kind: type[Message], data: bytes, what: str, most: int | None, *, is_deep: bool = True) -> None:
    """Refuse a message that breaks a rule, field by field, without reading it into memory.

    If it is to be deep, look at the values of numbers, and into the messages in it, too. See `parse`.
    """
    try:
        _examine_fields(kind.DESCRIPTOR, data, 0, len(data), what, most, is_deep=is_deep)
    except ProtocolError as error:
        raise error if str(error).startswith(what) else ProtocolError(f"{what}: {error}") from error


def _examine_fields(
    kind: Any, buf: bytes, pos: int, end: int, what: str, most: int | None, *, is_deep: bool
) -> None:
    rank = count = 0
    fields = kind.fields_by_number
    while pos < end:
        tag, pos = varint.decode(buf, pos, end)
        wire_type, field = tag & 7, fields.get(tag >> 3)
        if wire_type == _LEN:
            size, pos = varint.decode(buf, pos, end)
        elif wire_type == _VARINT:
            size = varint.decode(buf, pos, end)[1] - pos
        elif wire_type in _WIDTHS:
            size = _WIDTHS[wire_type]
        else:
            raise ProtocolError(f"{what}: field {tag >> 3} is a group, or of no known type")
        if size > end - pos:
            raise ProtocolError(f"{what}: field {tag >> 3} claims {size} bytes, {end - pos} are left")
        pos += size
        if field is None:
            continue
        natural = _WIRE_TYPES.get(field.type, _VARINT)
        is_repeated = field.name in _REPEATED
        is_packed = wire_type == _LEN and natural != _LEN and is_repeated
        if wire_type != natural and not is_packed:
            raise ProtocolError(f"{what}: field {tag >> 3} does not belong there, or not with that type")
        n = 1 if not is_packed else _count(buf, pos - size, pos, natural)
        if field.name == "shape":
            rank += n
            _check_rank(rank, what)
        elif is_repeated:
            count += n
            _check_count(count, most, what)
        elif field.name == "name":
            _check_name(size, what)
        if not is_deep:
            continue
        if field.type in _RANGES and size >= _LONG_BYTES:
            _examine_numbers(buf, pos - size, pos, field, what)
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            _examine_fields(field.message_type, buf, pos - size, pos, what, most, is_deep=True)


def _count(buf: bytes, pos: int, end: int, wire_type: int) -> int:
    """Count the packed numbers between two positions."""
    if wire_type in _WIDTHS:
        return (end - pos) // _WIDTHS[wire_type]
    return int(np.count_nonzero(np.frombuffer(buf, np.uint8, end - pos, pos) < 128))


def _examine_numbers(buf: bytes, pos: int, end: int, field: Any, what: str) -> None:
    """Refuse numbers that their field does not hold."""
    ends = np.flatnonzero(np.frombuffer(buf, np.uint8, end - pos, pos) < 128)
    starts = np.concatenate(([0], ends + 1))
    if starts[-1] != end - pos:
        raise ProtocolError(f"{what}: {field.name} ends inside a number")
    lowest, highest = _RANGES[field.type]
    for start in starts[:-1][np.diff(starts) >= _LONG_BYTES]:
        number = varint.decode(buf, pos + int(start), end)[0]
        if lowest and number >= 2**63:
            number -= 2**64
        if not lowest <= number <= highest:
            name = "int32" if lowest else "uint32"
            raise ProtocolError(f"{what}: {field.name} is {number}; {name} does not hold that")
