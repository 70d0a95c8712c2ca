# SPDX-License-Identifier: GPL-2.0-only
"""Bytes made wrong: cut, turned over, put twice, spliced, and numbers that claim too much."""

from collections.abc import Sequence

import numpy as np

from pyagents.wire.protocol import varint

_CLAIMS = (0, 1, 127, 128, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1)


def mutate(frame: bytes, others: Sequence[bytes], rng: np.random.Generator) -> bytes:
    """Make one to four things of a frame wrong; parts may come from other frames."""
    data = bytearray(frame)
    for _ in range(int(rng.integers(1, 5))):
        at = int(rng.integers(0, len(data) + 1))
        end = min(len(data), at + int(rng.integers(1, 17)))
        match rng.integers(0, 8):
            case 0:
                del data[at:]
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end]
            case 3:
                data[at:at] = rng.bytes(int(rng.integers(1, 17)))
            case 4 if at < len(data):
                data[at] ^= 1 << int(rng.integers(0, 8))
            case 5 if at < len(data):
                data[at] = int(rng.choice([0, 1, 8, 10, 127, 128, 255]))
            case 6:
                data[at:end] = varint.encode(_CLAIMS[rng.integers(0, len(_CLAIMS))])
            case 7 if others:
                other = others[int(rng.integers(0, len(others)))]
                start = int(rng.integers(0, len(other) + 1))
                data[at:end] = other[start : start + int(rng.integers(1, 200))]
    return bytes(data)
