# SPDX-License-Identifier: GPL-2.0-only
"""Bytes made wrong: cut, turned over, put twice, spliced, and numbers that claim too much."""

from collections.abc import Sequence
from random import Random

from pyagents.wire.protocol import varint

_CLAIMS = (0, 1, 127, 128, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1)


def mutate(frame: bytes, others: Sequence[bytes], rng: Random) -> bytes:
    """Make one to four things of a frame wrong; parts may come from other frames."""
    data = bytearray(frame)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.randint(1, 16))
        match rng.randrange(8):
            case 0:
                del data[at:]
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end]
            case 3:
                data[at:at] = rng.randbytes(rng.randint(1, 16))
            case 4 if at < len(data):
                data[at] ^= 1 << rng.randrange(8)
            case 5 if at < len(data):
                data[at] = rng.choice((0, 1, 8, 10, 127, 128, 255))
            case 6:
                data[at:end] = varint.encode(rng.choice(_CLAIMS))
            case 7 if others:
                other = rng.choice(others)
                start = rng.randint(0, len(other))
                data[at:end] = other[start : start + rng.randint(1, 199)]
    return bytes(data)
