# SPDX-License-Identifier: GPL-2.0-only
"""How sure one may be of a mean over few seeds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
"""Enough for the ends of a 95 % interval to two digits."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean and its confidence interval."""

    mean: float
    """Of the values; NaN without any."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    count: int
    """How many values there were."""


def estimate_mean(
    values: Sequence[float], *, confidence: float = 0.95, resamples: int = RESAMPLES
) -> Estimate:
    """Mean with its percentile bootstrap interval (Efron and Tibshirani, 1993, chapter 13).

    The resamples are drawn from a generator of fixed seed: the same values give the same interval. One value
    alone says nothing of its spread: its interval has no ends.

    Args:
        values: one a seed; NaN are left out.
        confidence: of the interval, within 0 and 1.
        resamples: how many means are drawn.
    """
    known = np.array([value for value in values if not math.isnan(value)], dtype=np.float64)
    if len(known) < 2:
        mean = float(known[0]) if len(known) else math.nan
        return Estimate(mean=mean, low=math.nan, high=math.nan, count=len(known))
    drawn = np.random.default_rng(0).integers(len(known), size=(resamples, len(known)))
    tail = (1 - confidence) / 2
    low, high = np.quantile(known[drawn].mean(axis=1), [tail, 1 - tail])
    return Estimate(mean=float(known.mean()), low=float(low), high=float(high), count=len(known))
