# SPDX-License-Identifier: GPL-2.0-only
"""Protobuf's variable-length integers, one at a time.

A varint carries 7 bits a byte, lowest first; the top bit of a byte says that another follows. A negative
int32 travels sign-extended to 64 bits and so takes ten bytes (protobuf encoding guide, "Base 128 varints").
"""

from __future__ import annotations

from pyagents.wire.errors import ProtocolError

MAX_BYTES = 10
_SMALL = tuple(bytes((i,)) for i in range(128))
_MASK_64 = 2**64 - 1


def encode(number: int) -> bytes:
    """Write an integer from -2**63 to 2**64 - 1."""
    if 0 <= number < 128:
        return _SMALL[number]
    number &= _MASK_64
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def decode(buf: bytes, pos: int, end: int) -> tuple[int, int]:
    """Read the unsigned varint at `pos`, and the position after it; ProtocolError past `end` or ten bytes."""
    number = shift = 0
    for at in range(pos, min(end, pos + MAX_BYTES)):
        byte = buf[at]
        number |= (byte & 127) << shift
        if byte < 128:
            if number > _MASK_64:
                raise ProtocolError(f"number at byte {pos} is over 64 bits")
            return number, at + 1
        shift += 7
    raise ProtocolError(
        f"number at byte {pos} is over {MAX_BYTES} bytes"
        if end - pos >= MAX_BYTES
        else f"message ends inside the number at byte {pos}"
    )
