# SPDX-License-Identifier: GPL-2.0-only
"""What lies in a space and what an error says of what does not."""

from typing import Any

import numpy as np
import pytest

from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Space, Tuple, check

INF = float("inf")
BOX = Box(-24, 24, (2, 2))
INTEGERS = Box(-1, 9, (3,), "int32")
NESTED = Dict({"cio": BOX, "pair": Tuple((Discrete(3), INTEGERS)), "in": Dict({"x": Discrete(2)})})


@pytest.mark.parametrize(
    ("space", "value"),
    [
        (BOX, np.zeros((2, 2))),
        (BOX, [[1, 2], [3, 4]]),
        (BOX, np.arange(4)),
        (BOX, np.asfortranarray(np.arange(4.0).reshape(2, 2))),
        (INTEGERS, np.array([-1, 0, 9], "int64")),
        (INTEGERS, np.array([True, False, True])),
        (INTEGERS, (1, 2, 3)),
        (Box(-24, 24, (4,)), np.zeros((2, 2))),
        (Box(0, 0.7, ()), 0.7),  # 0.7 is above what single precision makes of it
        (Box(-INF, INF, (2,)), [INF, -INF]),
        (Box(0, 1, (0, 4)), np.empty((0, 4))),
        (Discrete(3), np.int64(2)),
        (Discrete(3), np.array([1])),
        (NESTED, {"cio": np.zeros(4), "pair": [2, [1, 2, 3]], "in": {"x": 0}}),
    ],
)
def test_inside(space: Space, value: Any) -> None:
    assert space.contains(value)
    assert space.contains(check(space, value))


@pytest.mark.parametrize(
    ("space", "value", "message"),
    [
        (BOX, np.zeros((2, 3)), r"act: shape is \(2, 3\); allowed is \(2, 2\), or flat \(4,\)"),
        (Box(-24, 24, (4,)), np.zeros((2, 3)), r"act: shape is \(2, 3\); allowed is \(4,\), or any of 4"),
        (BOX, [[25, 0], [0, 0]], "act: has an element 25; allowed is -24.0 to 24.0"),
        (BOX, [[np.nan, 0], [0, 0]], "act: has an element nan; allowed is -24.0 to 24.0"),
        (BOX, [[1, 2], [3]], "act: not an array"),
        (BOX, np.zeros((2, 2), complex), "act: dtype is complex128; allowed are real numbers"),
        (BOX, [["a", "b"], ["c", "d"]], "act: dtype is <U1"),
        (BOX, None, "act: shape is"),
        (INTEGERS, [0.0, 1.0, 2.0], "act: dtype is float64; allowed are whole numbers for int32"),
        (INTEGERS, [0, 1, 2**40], "has an element 1099511627776"),
        (Box(-INF, INF, (1,), "uint32"), [-1], "has an element -1"),
        (Box(-INF, INF, (1,), "float32"), [1e300], r"has an element 1e\+300; allowed is at most 3.4"),
        (Discrete(3), 3, "act: is 3; allowed is 0 to 2"),
        (Discrete(3), 1.0, "act: is 1.0; allowed is an integer from 0 to 2"),
        (Discrete(3), "1", "act: is '1'"),
        (NESTED, {"cio": np.zeros(4)}, "act: lacks the entry 'pair'"),
        (NESTED, {"cia": 1}, "act: has no entry 'cia'; allowed are cio, pair, in"),
        (NESTED, {"in": {"x": 2}, "cio": np.zeros(4), "pair": (0, [1, 2, 3])}, r"act\['in'\]\['x'\]: is 2"),
        (NESTED, {"in": {"x": 1}, "cio": np.zeros(4), "pair": (0, [1, 2])}, r"act\['pair'\]\[1\]: shape"),
        (NESTED, [1], "act: is a list; allowed is a mapping"),
        (Tuple((BOX,)), [], "act: has 0 elements; allowed are 1"),
        (Tuple((BOX,)), "x", "act: is a str; allowed is a sequence of 1"),
    ],
)
def test_outside(space: Space, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(space, value, "act")
    assert not space.contains(value)


def test_entries_may_be_missing_where_that_means_unchanged() -> None:
    assert check(NESTED, {}, partial=True) == {}
    assert check(NESTED, {"in": {}}, partial=True) == {"in": {}}


def test_nothing_is_copied_that_fits() -> None:
    array = np.zeros((2, 2))
    assert BOX.check(array) is array


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2, 1), "low is 2, high is 1"),
        ((float("nan"), 1), "neither NaN"),
        ((0, 1, (-1,)), r"shape is \(-1,\)"),
        ((0, 1, (1,) * 33), "at most 32 dimensions"),
        ((0, 1, (2,), "int64"), "dtype is int64; allowed are int32, uint32, float32, float64"),
    ],
)
def test_boxes_that_cannot_be(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Box(*arguments)


def test_others_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="n is 0; allowed is 1 to"):
        Discrete(0)
    with pytest.raises(ValueError, match="a name is 3; allowed are strings"):
        Dict({3: BOX})  # type: ignore[dict-item]


def test_spaces_are_values() -> None:
    assert Dict({"a": BOX}) == Dict({"a": Box(-24, 24, [2, 2], float)})
    assert hash(NESTED) == hash(Dict(dict(NESTED.spaces)))
    assert NESTED["cio"] is BOX
    assert Box(0, 1, (2,), ">f4").dtype.isnative
