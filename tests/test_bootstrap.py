# SPDX-License-Identifier: GPL-2.0-only
"""Bootstrap intervals: where they lie, how often they hold, and what they make of little."""

import math

import numpy as np
import pytest

from pyagents.runs.bootstrap import estimate_mean


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
