# SPDX-License-Identifier: GPL-2.0-only
"""What ns-3 programs announce and send, as Gymnasium's spaces and values."""

import math
from typing import Any

import gymnasium.spaces
import numpy as np

from pyagents.wire import Box, Dict, Discrete, Space, Tuple


def gymnasium_space(space: Space) -> gymnasium.Space[Any]:
    """Make the space of Gymnasium that holds what `space` holds.

    Bounds that a Box's integers cannot reach are drawn in to what they can: -inf of a uint32 is 0. An int32
    keeps its infinite bounds, which tell Gymnasium's `sample` that there are none.
    """
    match space:
        case Box():
            low, high = _reachable_bounds(space)
            return gymnasium.spaces.Box(low, high, space.shape, space.dtype.type)
        case Discrete():
            return gymnasium.spaces.Discrete(space.n)
        case Tuple():
            return gymnasium.spaces.Tuple([gymnasium_space(place) for place in space.spaces])
        case Dict():
            return gymnasium.spaces.Dict({key: gymnasium_space(entry) for key, entry in space.spaces.items()})


def gymnasium_value(space: Space, value: Any, *, nan: float | None = None) -> Any:
    """Convert a value of `space` to Gymnasium's: arrays that may be written to, and NumPy integers.

    NaN, which lies in no space of Gymnasium, becomes `nan`; with None it stays.
    """
    match space:
        case Box():
            array = np.array(value, space.dtype)
            if nan is not None and space.dtype.kind == "f":
                array[np.isnan(array)] = nan
            return array
        case Discrete():
            return np.int64(value)
        case Tuple():
            places = zip(space.spaces, value, strict=True)
            return tuple(gymnasium_value(place, element, nan=nan) for place, element in places)
        case Dict():
            return {key: gymnasium_value(entry, value[key], nan=nan) for key, entry in space.spaces.items()}


def blank_value(space: Space) -> Any:
    """Make the value of `space` that is nearest to zero, as Gymnasium has it."""
    match space:
        case Box():
            low, high = _reachable_bounds(space)
            return np.full(space.shape, min(max(0, low), high), space.dtype)
        case Discrete():
            return np.int64(0)
        case Tuple():
            return tuple(blank_value(place) for place in space.spaces)
        case Dict():
            return {key: blank_value(entry) for key, entry in space.spaces.items()}


def _reachable_bounds(box: Box) -> tuple[float, float]:
    if box.dtype.kind == "f":
        return box.low, box.high
    limits = np.iinfo(box.dtype)

    def reachable(bound: float) -> float:
        if math.isinf(bound) and box.dtype.kind == "i":
            return bound
        return min(max(bound, int(limits.min)), int(limits.max))

    low, high = reachable(box.low), reachable(box.high)
    return (low if math.isinf(low) else math.ceil(low)), (high if math.isinf(high) else math.floor(high))
