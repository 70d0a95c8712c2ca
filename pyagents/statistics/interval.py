# SPDX-License-Identifier: GPL-2.0-only
"""How sure one may be of means, of medians and of what is made of two, over few seeds.

Intervals are those of the percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
chapter 13). The resamples are drawn from a generator of fixed seed: the same values give the same interval.
One value alone says nothing of its spread: its interval has no ends.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
"""Enough for the ends of a 95 % interval to two digits."""

Array = NDArray[np.float64]

Average = Callable[[Array], Array]
"""From [resample, value] to [resample]: `mean` or `median`."""

Combine = Callable[..., Array]
"""Function of as many averages as there are samples, [resample] each, elementwise; NaN without an answer."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean, or what stands in its place, and its confidence interval."""

    mean: float
    """Mean of the values; NaN without any."""
    low: float
    """Lower end; NaN where there is no interval."""
    high: float
    """Upper end; NaN where there is no interval."""
    count: int
    """Number of values."""

    def to_row(self) -> dict[str, float]:
        """The estimate as columns of a file."""
        return {"mean": self.mean, "low": self.low, "high": self.high, "seeds": self.count}

    def show(self, show: Callable[[float], str]) -> str:
        """Spell the estimate by a function of a number, such as 3 (2 to 4); a dash for NaN."""
        if math.isnan(self.mean):
            return "-"
        interval = "" if math.isnan(self.low) else f" ({show(self.low)} to {show(self.high)})"
        return f"{show(self.mean)}{interval}"


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of two means over the same draws."""

    mean: float
    """NaN where the one below is 0."""
    error: float
    """Standard error; NaN for fewer than two draws."""
    count: int
    """Number of draws."""


def mean(values: Array) -> Array:
    """Average: [resample] of [resample, value]."""
    return np.asarray(values.mean(axis=1))


def median(values: Array) -> Array:
    """Take medians: [resample] of [resample, value]."""
    return np.asarray(np.median(values, axis=1))


def divide(above: Array, below: Array) -> Array:
    """Divide elementwise; NaN where the one below is 0."""
    return np.divide(above, below, out=np.full_like(above, math.nan), where=below != 0)


def estimate(
    samples: Sequence[Iterable[float]],
    combine: Combine,
    *,
    paired: bool,
    average: Average = mean,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Estimate a function of the averages of samples, with its interval.

    Args:
        samples: values, one a seed. NaN are left out; of paired samples, with what goes with them.
        combine: of the averages.
        paired: whether samples are of the same seeds, in the same order, and are drawn together.
        average: of each sample.
        confidence: of the interval, within 0 and 1.
        resamples: how many times samples are drawn.
    """
    known = _known(samples, paired=paired)
    count = min(map(len, known))
    point = float(combine(*(average(x[None]) for x in known))[0]) if count else math.nan
    unsure = Estimate(mean=point, low=math.nan, high=math.nan, count=count)
    if count < 2 or math.isnan(point):
        return unsure
    rng = np.random.default_rng(0)
    if paired:
        drawn = [rng.integers(count, size=(resamples, count))] * len(known)
    else:
        drawn = [rng.integers(len(x), size=(resamples, len(x))) for x in known]
    values = combine(*(average(x[index]) for x, index in zip(known, drawn, strict=True)))
    values = values[~np.isnan(values)]
    if not len(values):
        return unsure
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Estimate(mean=point, low=float(low), high=float(high), count=count)


def estimate_mean(
    values: Iterable[float],
    *,
    average: Average = mean,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Estimate the mean, or another average, of values, one a seed; NaN are left out. See `estimate`."""
    return estimate(
        [values],
        lambda only: only,
        paired=True,
        average=average,
        confidence=confidence,
        resamples=resamples,
    )


def estimate_ratio(above: Iterable[float], below: Iterable[float]) -> Estimate:
    """Estimate the ratio of two means of independent samples, one value a seed; NaN are left out."""
    return estimate([above, below], divide, paired=False)


def paired_ratio(above: Iterable[float], below: Iterable[float]) -> Ratio:
    """Estimate the ratio r of two means over the same draws, with its standard error by linearisation.

    That is the standard deviation of above - r below over the draws, over the square root of their number and
    the mean of below (Cochran, Sampling Techniques, 1977, chapter 6). Draws that lack one of the two are left
    out.
    """
    over, under = _known([above, below], paired=True)
    count = len(over)
    if not count or under.mean() == 0:
        return Ratio(mean=math.nan, error=math.nan, count=count)
    ratio = float(over.mean() / under.mean())
    if count < 2:
        return Ratio(mean=ratio, error=math.nan, count=count)
    error = float((over - ratio * under).std(ddof=1) / math.sqrt(count) / abs(under.mean()))
    return Ratio(mean=ratio, error=error, count=count)


def _known(samples: Sequence[Iterable[float]], *, paired: bool) -> list[Array]:
    """The samples without NaN; of paired ones, without those that go with a NaN."""
    arrays = [np.array(list(values), dtype=np.float64) for values in samples]
    if not paired:
        return [x[~np.isnan(x)] for x in arrays]
    together = ~np.isnan(np.stack(arrays)).any(axis=0)
    return [x[together] for x in arrays]
