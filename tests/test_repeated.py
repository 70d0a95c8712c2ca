# SPDX-License-Identifier: GPL-2.0-only
"""Intervals for looking again and again: how often any of them is wrong, and how soon they decide."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from pyagents.statistics.interval import Array, Estimate, divide, estimate, mean
from pyagents.statistics.repeated import PLANNED, looks, stretch

RUNS = 200
LOOKS = list(looks(10, PLANNED))

Draw = Callable[[np.random.Generator], tuple[Array, Array]]
"""Of values of two agents over the seeds."""


def lognormal(rng: np.random.Generator, sigma: float) -> Array:
    """Of mean 1."""
    return rng.lognormal(-(sigma**2) / 2, sigma, PLANNED)


def calm(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.normal(1, 0.3, PLANNED), rng.normal(1, 0.3, PLANNED)


def like_variances(rng: np.random.Generator) -> tuple[Array, Array]:
    """As variances of loads are: some halls are harder than others, one agent has longer tails."""
    hall = lognormal(rng, 0.7)
    return hall * lognormal(rng, 0.9), hall * lognormal(rng, 0.5)


def with_rare_halls(rng: np.random.Generator) -> tuple[Array, Array]:
    """Each agent has twenty times as much as elsewhere in one hall of twenty."""
    return rare(rng), rare(rng)


def with_unlike_tails(rng: np.random.Generator) -> tuple[Array, Array]:
    return lognormal(rng, 1.0), lognormal(rng, 0.3)


def rare(rng: np.random.Generator) -> Array:
    """Of mean 1."""
    return lognormal(rng, 0.5) * np.where(rng.random(PLANNED) < 0.05, 20.0, 1.0) / 1.95


def ratio(ours: Array, theirs: Array, seeds: int) -> Estimate:
    return estimate([ours[:seeds], theirs[:seeds]], divide, paired=True, average=mean, resamples=500)


def seeds_until(draw: Draw, read: Callable[[Estimate], Estimate], factor: float = 1.0) -> list[float]:
    """Seeds at the first look whose interval of the ratio leaves out 1; infinity: at none."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(RUNS):
        ours, theirs = draw(rng)
        intervals = ((n, read(ratio(factor * ours, theirs, n))) for n in LOOKS)
        found.append(next((float(n) for n, e in intervals if not e.low <= 1 <= e.high), math.inf))
    return found


@pytest.mark.parametrize("draw", [calm, like_variances, with_rare_halls, with_unlike_tails])
def test_whoever_looks_again_and_again_is_wrong_in_one_case_of_twenty(draw: Draw) -> None:
    assert np.isfinite(seeds_until(draw, stretch)).mean() <= 0.05


def test_what_no_seed_has_shown_yet_is_not_reckoned_with() -> None:
    """Where one agent alone has rare halls, and they are half of its mean: the limit of the method."""
    wrong = np.isfinite(seeds_until(lambda rng: (rare(rng), lognormal(rng, 0.5)), stretch)).mean()
    assert 0.05 < wrong < 0.3


def test_intervals_of_single_looks_would_not_do() -> None:
    assert np.isfinite(seeds_until(calm, lambda e: e)).mean() > 0.15


def test_what_is_plain_is_decided_early_and_what_is_not_is_not() -> None:
    tenth, half, nearly = (np.median(seeds_until(like_variances, stretch, f)) for f in (0.1, 0.5, 0.95))
    assert tenth <= 25
    assert half <= 90
    assert nearly == math.inf


def test_the_boundary_is_crossed_by_one_walk_of_a_hundred_at_most() -> None:
    """Also by who looks at each seed, and stops wherever it pays."""
    walks = np.random.default_rng(2).normal(size=(10_000, PLANNED)).cumsum(axis=1)
    seeds = np.arange(1, PLANNED + 1)
    half = 1.959964 / np.sqrt(seeds)
    alone = (Estimate(mean=0.0, low=-h, high=h, count=n) for n, h in enumerate(half.tolist(), 1))
    ends = [stretch(estimate).high for estimate in alone]
    crossed = (np.abs(walks / seeds) > ends).any(axis=1).mean()
    assert 0.005 <= crossed <= 0.01


def test_looks_are_few_and_end_at_the_most() -> None:
    assert LOOKS == [10, 15, 20, 25, 31, 38, 47, 58, 72, 90, 112, 140, 175, 200]
    assert list(looks(6, 20)) == [6, 11, 16, 20]
    assert list(looks(10, 10)) == [10]


def test_stretching_keeps_the_estimate_and_what_has_no_interval() -> None:
    wide = stretch(Estimate(mean=1.0, low=0.9, high=1.2, count=50))
    assert (wide.mean, wide.count) == (1.0, 50)
    assert wide.low == pytest.approx(1 - 0.1 * 2 * 1.432186, rel=1e-5)
    assert wide.high == pytest.approx(1 + 0.2 * 2 * 1.432186, rel=1e-5)
    none = stretch(Estimate(mean=math.nan, low=math.nan, high=math.nan, count=0))
    assert math.isnan(none.low)
