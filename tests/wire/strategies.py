# SPDX-License-Identifier: GPL-2.0-only
"""Random spaces, values in them, and damaged messages."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pyagents.wire.protocol.spaces import DTYPES, Box, Dict, Discrete, Space, Tuple, Value

INFINITY = float("inf")
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
names = st.text(st.characters(codec="utf-8"), max_size=6)


def boxes() -> st.SearchStrategy[Space]:
    return st.builds(
        Box, st.just(-INFINITY), st.just(INFINITY), shapes, st.sampled_from(list(DTYPES.values()))
    )


def spaces() -> st.SearchStrategy[Space]:
    leaves = st.one_of(boxes(), st.builds(Discrete, st.integers(1, 2**31 - 1)))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Tuple, st.lists(inner, max_size=3).map(tuple)),
            st.builds(Dict, st.dictionaries(names, inner, max_size=4)),
        ),
        max_leaves=6,
    )


@st.composite
def values(draw: st.DrawFn, space: Space) -> Value:
    if isinstance(space, Discrete):
        return draw(st.integers(0, space.n - 1))
    if isinstance(space, Box):
        return draw(hnp.arrays(space.dtype, space.shape))
    if isinstance(space, Tuple):
        return tuple(draw(values(s)) for s in space.spaces)
    return {key: draw(values(s)) for key, s in space.spaces.items()}


@st.composite
def space_and_values(draw: st.DrawFn, count: int = 1) -> tuple[Any, ...]:
    space = draw(spaces())
    return (space, *(draw(values(space)) for _ in range(count)))


@st.composite
def damaged(draw: st.DrawFn, frame: bytes) -> bytes:
    """`frame` with bytes changed, removed, inserted, repeated or cut off."""
    damage = bytearray(frame)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(damage)))
        match draw(st.integers(0, 5)):
            case 0 if at < len(damage):
                damage[at] = draw(st.integers(0, 255))
            case 1 if at < len(damage):
                damage[at] ^= 1 << draw(st.integers(0, 7))
            case 2:
                del damage[at : at + draw(st.integers(1, 9))]
            case 3:
                damage[at:at] = draw(st.binary(min_size=1, max_size=9))
            case 4:
                damage[at:at] = damage[at : at + draw(st.integers(1, 40))]
            case _:
                del damage[at:]
    return bytes(damage)
