# SPDX-License-Identifier: GPL-2.0-only
"""How demands are distributed: levels of equal probability, and how likely one is drawn anew."""

import math

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


def gamma_levels(variation: float) -> Floats:
    """[64] means of a gamma distribution of mean 1 between its 64-quantiles, rising; all of them average 1.

    Args:
        variation: coefficient of variation.
    """
    if variation == 0:
        return np.ones(N_LEVELS)
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
    levels: Floats = np.round(means / means.mean(), 6)
    return levels
