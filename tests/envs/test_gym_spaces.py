# SPDX-License-Identifier: GPL-2.0-only
"""Spaces and values of the wire keep their meaning in Gymnasium."""

from typing import Any

import gymnasium.spaces
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyagents.envs.gym_spaces import blank_value, gymnasium_space, gymnasium_value
from pyagents.wire import Box, Dict, Discrete, Space, Tuple

INFINITY = float("inf")
NUMBERS = st.floats(-1e6, 1e6, width=32) | st.sampled_from([-INFINITY, INFINITY])


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
    dtype = draw(st.sampled_from(["int32", "uint32", "float32", "float64"]))
    if dtype in ("int32", "uint32"):  # integers between two fractions may be none
        low, high = np.floor(low), np.ceil(high)
    if dtype == "uint32":
        high = max(high, 0.0)
    if low == high and np.isinf(low):
        low, high = -INFINITY, INFINITY
    return Box(low, high, draw(st.lists(st.integers(0, 3), max_size=3)), dtype)


SPACES: Any = st.recursive(
    boxes() | st.integers(1, 9).map(Discrete),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda spaces: Tuple(tuple(spaces)))
        | st.dictionaries(st.text("abc", min_size=1), inner, min_size=1, max_size=3).map(Dict)
    ),
    max_leaves=6,
)


@given(SPACES, st.integers(0, 99))
def test_what_gymnasium_samples_lies_in_the_space_of_the_wire_and_comes_back(space: Space, seed: int) -> None:
    twin = gymnasium_space(space)
    twin.seed(seed)
    sample = twin.sample()
    assert space.contains(sample)
    assert gymnasium_value(space, sample) in twin


@given(SPACES)
def test_a_blank_value_lies_in_the_space(space: Space) -> None:
    assert blank_value(space) in gymnasium_space(space)


@pytest.mark.parametrize(
    ("box", "low", "high"),
    [
        (Box(-INFINITY, INFINITY, (2,), "uint32"), 0, 2**32 - 1),
        (Box(-5, 2**31, (2,), "uint32"), 0, 2**31),
        (Box(-(2.0**33), 2.0**33, (2,), "int32"), -(2**31), 2**31 - 1),
        (Box(-0.5, 1.5, (2,), "int32"), 0, 1),
    ],
)
def test_bounds_of_integers_are_those_that_they_can_reach(box: Box, low: int, high: int) -> None:
    twin = gymnasium_space(box)
    assert isinstance(twin, gymnasium.spaces.Box)
    assert (twin.low[0], twin.high[0]) == (low, high)


def test_integers_without_bounds_have_none() -> None:
    twin = gymnasium_space(Box(-INFINITY, INFINITY, (), "int32"))
    assert isinstance(twin, gymnasium.spaces.Box)
    assert not twin.is_bounded("below")
    assert not twin.is_bounded("above")


def test_nan_stays_unless_a_number_is_to_stand_for_it() -> None:
    space = Dict({"x": Box(-1, 1, (2,), "float32"), "n": Box(-1, 9, (1,), "int32")})
    value = {"x": np.array([np.nan, 1], np.float32), "n": np.array([3], np.int32)}
    assert np.isnan(gymnasium_value(space, value)["x"][0])
    assert gymnasium_value(space, value, nan=-1.0)["x"].tolist() == [-1, 1]
    assert np.isnan(value["x"][0])
