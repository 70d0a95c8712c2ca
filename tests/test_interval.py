# SPDX-License-Identifier: GPL-2.0-only
"""Bootstrap intervals: where they lie, how often they hold, and what they make of little."""

import math
from typing import Any

import numpy as np
import pytest

from pyagents.statistics.interval import (
    Estimate,
    divide,
    estimate,
    estimate_mean,
    estimate_ratio,
    median,
    paired_ratio,
)

OURS = [0.31, 0.12, math.nan, 0.75, 0.22, 2.5, 0.18]
THEIRS = [0.62, 0.30, 0.41, 0.9, math.nan, 1.1, 0.55]


def near(mean: float, low: float, high: float, count: int) -> Any:
    return pytest.approx((mean, low, high, count), rel=1e-12, nan_ok=True)


def numbers(e: Estimate) -> tuple[float, float, float, int]:
    return e.mean, e.low, e.high, e.count


def test_numbers_stay_what_they_were() -> None:
    """Of published results: they change with the generator, the order of draws, or the kind of interval."""
    assert numbers(estimate_mean(OURS)) == near(0.68, 0.19333333333333336, 1.4466666666666665, 6)
    few = estimate_mean(OURS, confidence=0.5, resamples=500)
    assert numbers(few) == near(0.68, 0.37583333333333335, 0.9566666666666666, 6)
    apart = estimate_ratio(OURS, THEIRS)
    assert numbers(apart) == near(1.0515463917525776, 0.28211009174311924, 2.439243880283035, 6)
    assert numbers(estimate_ratio([1.0, 2.0, 3.0], [0.0, 0.0, 1.0])) == near(6.0, 1.6666666666666667, 8.0, 3)
    gain = estimate([OURS, THEIRS], lambda a, b: divide(a, b) - 1, paired=True)
    assert numbers(gain) == near(0.11239193083573507, -0.6077586206896551, 0.7885462555066081, 5)
    difference = estimate([OURS, THEIRS], lambda a, b: a - b, paired=True)
    assert numbers(difference) == near(0.07800000000000007, -0.31400000000000006, 0.7419999999999998, 5)
    linearised = paired_ratio(OURS, THEIRS)
    assert linearised.mean == pytest.approx(1.112391930835735, rel=1e-12)
    assert linearised.error == pytest.approx(0.46339643941618686, rel=1e-12)
    assert linearised.count == 5


def test_medians_do_not_see_one_run_that_is_far_off() -> None:
    calm = [1.0, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98]
    wild = [*calm[:-1], 50.0]
    assert estimate_mean(wild).mean > 8
    of_median = estimate_mean(wild, average=median)
    assert of_median.mean == 1.02
    assert of_median.low < 1.02
    gain = estimate([wild, calm], lambda a, b: divide(a, b) - 1, paired=True, average=median)
    assert gain.mean == pytest.approx(0.02)


def test_a_ratio_over_nothing_is_no_number() -> None:
    none, one = estimate_ratio([1.0, 2.0], [0.0, 0.0]), estimate_ratio([1.0], [2.0, 4.0])
    assert numbers(none) == near(math.nan, math.nan, math.nan, 2)
    assert numbers(one) == near(1 / 3, math.nan, math.nan, 1)
    assert math.isnan(paired_ratio([1.0, 2.0], [0.0, 0.0]).mean)


def test_interval_is_around_the_mean_and_within_the_values() -> None:
    estimate = estimate_mean([1.0, 2.0, 4.0, 9.0])
    assert estimate.mean == 4.0
    assert estimate.count == 4
    assert 1.0 <= estimate.low < 4.0 < estimate.high <= 9.0


def test_same_values_same_interval_and_order_hardly_matters() -> None:
    values = [0.3, 0.1, 0.7, 0.2, 0.5]
    assert estimate_mean(values) == estimate_mean(values)
    other = estimate_mean(values[::-1])
    assert other.low == pytest.approx(estimate_mean(values).low, abs=0.01)


def test_it_holds_the_true_mean_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    estimates = [estimate_mean(rng.normal(3, 1, 30).tolist(), resamples=500) for _ in range(400)]
    held = np.mean([estimate.low <= 3 <= estimate.high for estimate in estimates])
    assert 0.90 <= held <= 0.98


def test_more_confidence_is_wider() -> None:
    values = np.random.default_rng(2).normal(size=20).tolist()
    narrow, wide = estimate_mean(values, confidence=0.5), estimate_mean(values, confidence=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_what_is_no_number_is_left_out() -> None:
    assert estimate_mean([1.0, math.nan, 3.0]) == estimate_mean([1.0, 3.0])
    assert estimate_mean([5.0, 5.0]).low == 5.0


def test_one_value_has_no_interval_and_none_no_mean() -> None:
    one, none = estimate_mean([2.0]), estimate_mean([math.nan])
    assert (one.mean, one.count) == (2.0, 1)
    assert math.isnan(one.low)
    assert math.isnan(none.mean)
    assert none.count == 0
