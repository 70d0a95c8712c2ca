# SPDX-License-Identifier: GPL-2.0-only
"""Splits a protobuf message into its fields without copying, for the encodings that peers really send.

Protobuf allows more than any serialiser writes: fields of later versions, a field twice, numbers unpacked. On
those `scan` raises `Unusual`, and the caller asks the protobuf runtime instead. So this reader need not be
complete, only right about what it accepts.
"""

from __future__ import annotations

from typing import Any

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import varint

VARINT, FIXED64, LEN, FIXED32 = 0, 1, 2, 5
_NAMES = {0: "varint", 1: "64-bit", 2: "length-delimited", 3: "group", 4: "end of group", 5: "32-bit"}


class Unusual(Exception):  # noqa: N818 - steers to the protobuf runtime, is not an error
    """The bytes may be legal protobuf, but not in a form that `scan` reads."""


def scan(
    buf: bytes, pos: int, end: int, types: tuple[int, ...], what: str, packed: frozenset[int] = frozenset()
) -> list[Any]:
    """The fields of one message.

    Args:
        buf: The bytes that hold it.
        pos: Where it starts.
        end: Where it ends.
        types: Wire type of each field by its number; place 0 is not used.
        what: What to call the message in an error.
        packed: Numbers of the repeated fields, which are also legal one number at a time.

    Returns:
        By field number: None if absent, an int (varint), a position (32-bit, 64-bit), or a pair of positions
        (length-delimited).

    Raises:
        ProtocolError: A field is cut off, or of another type than the protocol's.
        Unusual: An unknown field, a field twice, or an unpacked one.
    """
    found: list[Any] = [None] * len(types)
    while pos < end:
        tag = buf[pos]
        pos += 1
        if tag > 127:
            raise Unusual
        number, wire_type = tag >> 3, tag & 7
        if not 0 < number < len(types) or found[number] is not None:
            raise Unusual
        if wire_type != types[number]:
            if number in packed:
                raise Unusual
            raise ProtocolError(
                f"{what}: field {number} is {_NAMES.get(wire_type, 'of no known type')}; "
                f"allowed is {_NAMES[types[number]]}"
            )
        if wire_type == LEN:
            size, pos = varint.decode(buf, pos, end)
            if size > end - pos:
                raise ProtocolError(f"{what}: field {number} claims {size} bytes, {end - pos} are left")
            found[number] = (pos, pos + size)
            pos += size
        elif wire_type == VARINT:
            found[number], pos = varint.decode(buf, pos, end)
        else:
            found[number] = pos
            pos += 4 if wire_type == FIXED32 else 8
            if pos > end:
                raise ProtocolError(f"{what}: ends inside field {number}")
    return found
