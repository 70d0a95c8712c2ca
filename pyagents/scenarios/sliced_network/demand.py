# SPDX-License-Identifier: GPL-2.0-only
"""How demands are distributed: levels of equal probability, and how likely one is drawn anew."""

import math
from functools import cache

import numpy as np

from pyagents.core.snapshot import Floats

N_LEVELS = 64
"""Number of levels; a power of two."""

WHOLE = 2**32
"""Threshold of one who always draws anew."""

_CELLS = 200_000
_FAR = 40.0


def change_threshold(period_steps: float) -> int:
    """Below so much the high half of a mixed number has a demand drawn anew, 0 to 2^32."""
    return round(WHOLE / period_steps)


@cache
def gamma_levels(variation: float) -> Floats:
    """[64] means of a gamma distribution of mean 1 between its 64-quantiles, rising; read-only.

    Args:
        variation: coefficient of variation.
    """
    if variation == 0:
        return _sealed(np.ones(N_LEVELS))
    shape = 1 / variation**2
    far = shape + _FAR * max(math.sqrt(shape), 1.0)
    # In y = x^p the density is bounded at 0, where that in x is not if the shape is below 1.
    power = min(shape, 1.0)
    cell = far**power / _CELLS
    y = (np.arange(_CELLS) + 0.5) * cell
    x = y ** (1 / power)
    log_density = (shape / power - 1) * np.log(y) - x
    weights = np.exp(log_density - log_density.max())
    weights /= weights.sum()
    places = np.minimum((np.cumsum(weights) - weights / 2) * N_LEVELS, N_LEVELS - 1).astype(np.int64)
    means = np.bincount(places, weights * x, N_LEVELS) / np.bincount(places, weights, N_LEVELS)
    return _sealed(np.round(means / means.mean(), 6))


def _sealed(levels: Floats) -> Floats:
    levels.setflags(write=False)
    return levels
