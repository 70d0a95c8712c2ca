# SPDX-License-Identifier: GPL-2.0-only
"""Protobuf's variable-length integers: one at a time, and whole arrays at once in NumPy.

A varint carries 7 bits a byte, lowest first; the top bit of a byte says that another follows. A negative
int32 travels sign-extended to 64 bits and so takes ten bytes (protobuf encoding guide, "Base 128 varints").
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.errors import ProtocolError

MAX_BYTES = 10
_SMALL = tuple(bytes((i,)) for i in range(128))
_MASK_64 = 2**64 - 1


def encode(number: int) -> bytes:
    """The varint of an integer from -2**63 to 2**64 - 1."""
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
    """The varint at `pos`, as an unsigned number, and the position after it.

    Raises:
        ProtocolError: It runs past `end` or past ten bytes.
    """
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


def encode_packed(array: NDArray[Any]) -> bytes:
    """The varints of an int32 or uint32 array, one after another in C order."""
    flat = array.reshape(-1)
    if flat.size == 0:
        return b""
    if flat.item(flat.argmin()) >= -1 and flat.item(flat.argmax()) < 128:
        return flat.astype(np.uint8).tobytes().replace(b"\xff", _NONE)
    if flat.size <= _FEW:
        return b"".join(map(encode, flat.tolist()))
    wide = flat.astype(np.int64).view(np.uint64)
    groups = wide[:, None] >> _SHIFTS
    more = groups[:, 1:] != 0
    out = (groups & _LOW_7).astype(np.uint8)
    out[:, :-1] |= more.view(np.uint8) << 7
    sent = np.ones(out.shape, dtype=bool)
    sent[:, 1:] = more
    return out[sent].tobytes()


_NONE = encode(-1)  # what many arrays use for "none", and the only byte 255 among small numbers
_FEW_BYTES = 64
_RANGES = {"i": (-(2**31), 2**31 - 1), "u": (0, 2**32 - 1)}
_FEW = 32  # up to here one number after another is faster
_SHIFTS = np.arange(MAX_BYTES, dtype=np.uint64) * np.uint64(7)
_LOW_7 = np.uint64(127)


def decode_packed(buf: bytes, pos: int, end: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """All varints between two positions.

    Args:
        buf: The message.
        pos: First byte of the first varint.
        end: First byte after the last one.
        dtype: int32 or uint32.

    Returns:
        A read-only array [n] of `dtype`.

    Raises:
        ProtocolError: The last one is cut off, or one does not fit `dtype`.
    """
    if pos == end:
        return np.empty(0, dtype)
    chunk = buf[pos:end]
    raw = np.frombuffer(chunk, np.uint8)
    if chunk.isascii():
        values = raw.astype(dtype)
    else:
        values = _join_few(chunk, dtype) if len(chunk) <= _FEW_BYTES else _join(raw, dtype)
    values.flags.writeable = False
    return values


def count(buf: bytes, pos: int, end: int) -> int:
    """How many varints there are between two positions."""
    return int(np.count_nonzero(np.frombuffer(buf, np.uint8, end - pos, pos) < 128))


def _join_few(chunk: bytes, dtype: np.dtype[Any]) -> NDArray[Any]:
    """As `_join`, one number after another."""
    lowest, highest = _RANGES[dtype.kind]
    numbers, pos, end = [], 0, len(chunk)
    while pos < end:
        number, pos = decode(chunk, pos, end)
        if number >= 2**63 and lowest:
            number -= 2**64
        if not lowest <= number <= highest:
            raise ProtocolError(f"a packed integer is {number}; {dtype} does not hold that")
        numbers.append(number)
    return np.array(numbers, dtype)


def _join(raw: NDArray[np.uint8], dtype: np.dtype[Any]) -> NDArray[Any]:
    last = np.flatnonzero(raw < 128)
    if last.size == 0 or last[-1] != raw.size - 1:
        raise ProtocolError("packed integers end inside a number")
    first = np.empty_like(last)
    first[0] = 0
    first[1:] = last[:-1] + 1
    lengths = last - first + 1
    longest = lengths.max()
    if longest > MAX_BYTES or (longest == MAX_BYTES and raw[last[lengths == MAX_BYTES]].max() > 1):
        raise ProtocolError("a packed integer is over 64 bits")
    place = np.arange(raw.size) - np.repeat(first, lengths)
    parts = (raw & np.uint8(127)).astype(np.uint64) << (place.astype(np.uint64) * np.uint64(7))
    wide = np.add.reduceat(parts, first)
    if longest >= 5:
        fits = wide < 2**32 if dtype.kind == "u" else (wide < 2**31) | (wide >= 2**64 - 2**31)
        if not fits.all():
            number = int(wide[np.argmin(fits)])
            raise ProtocolError(f"a packed integer is {number}; {dtype} does not hold that")
    values: NDArray[Any] = wide.astype(np.uint32).view(dtype)
    return values
