# SPDX-License-Identifier: GPL-2.0-only
"""The layer 3 filter in closed form against one step after another."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pyagents.scenarios.indoor_factory.mock.measurement import (
    filtered_rsrp_dbm,
    instants,
    last_filtered_rsrp_dbm,
)


@pytest.mark.parametrize(
    ("step", "period", "phase", "k"),
    [(160, 20, 0, 4), (160, 30, 10, 4), (320, 20, 0, 0), (80, 160, 0, 4), (80, 160, 80, 4)],
)
def test_closed_form_is_the_recursion(step: int, period: int, phase: int, k: int) -> None:
    at = instants(step, period, phase, k)
    a = 1 - (1 - 2 ** (-k / 4)) ** (period / 200)
    before, start, end = -80.0, -70.0, -60.0
    now, expected = before, [before]
    for time in at.time_s[1:-1]:
        truth = start + (end - start) * time / (step / 1000)
        now = (1 - a) * now + a * truth
        expected.append(now)
    assert_allclose([filtered_rsrp_dbm(row, before, start, end) for row in at.weights], expected)
    if at.n_measurements:
        assert last_filtered_rsrp_dbm(at.weights[-1], before, start, end) == pytest.approx(expected[-1])


def test_a_cell_is_measured_once_a_discovery_period_without_gaps() -> None:
    absolute = [k * 0.08 + time for k in range(20) for time in instants(80, 30, k * 80 % 30, 4).time_s[1:-1]]
    assert_allclose(np.diff(absolute), 0.03)


def test_what_was_never_measured_is_taken_as_it_is() -> None:
    at = instants(160, 20, 0, 4)
    assert_allclose([filtered_rsrp_dbm(row, -np.inf, -70.0, -70.0) for row in at.weights], -70.0)
    assert last_filtered_rsrp_dbm(at.weights[-1], -np.inf, -70.0, -70.0) == -np.inf
    assert at.sinr_weight == pytest.approx(1 - 0.5 ** (8 * 20 / 200))
