# SPDX-License-Identifier: GPL-2.0-only
"""What the network expects of a link, against numbers worked out by hand."""

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.agents.reported_links import (
    MAX_RATE_BPS,
    correction,
    expected_airtime,
    expected_rate_bps,
    needed_airtime,
)
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD

SCENARIO = Scenario(snr_gap_db=0.0, ue_noise_figure_db=9.0)
NOISE_DBM = -174 + 73.0103 + 9 - 27.87


def test_rate_is_shannons_up_to_the_highest_mcs() -> None:
    snr_db = np.array([[0.0, 10.0, 60.0, -np.inf]])
    rate = expected_rate_bps(snr_db + NOISE_DBM, SCENARIO)
    expected = np.array([[1.0, np.log2(11), 7.4063, 0.0]]) / 7.4063 * MAX_RATE_BPS
    np.testing.assert_allclose(rate, expected, rtol=1e-5)


def test_the_gap_of_coding_counts_as_less_power() -> None:
    power = np.array([[NOISE_DBM + 10]])
    with_gap = expected_rate_bps(power, Scenario(snr_gap_db=4.0, ue_noise_figure_db=9.0))
    np.testing.assert_allclose(with_gap, expected_rate_bps(power - 4, SCENARIO))


def test_cells_of_the_same_channel_interfere_for_as_long_as_they_transmit() -> None:
    power = np.array([[-50.0, -50.0, -50.0]])
    channel, used = np.array([0, 0, 1], np.int32), np.array([1.0, 0.5, 1.0])
    rate = expected_rate_bps(power, SCENARIO, channel=channel, used=used)
    expected = np.array([np.log2(1 + 2), np.log2(1 + 1), 7.4063]) / 7.4063 * MAX_RATE_BPS
    np.testing.assert_allclose(rate[0], expected, rtol=1e-3)


def test_airtime_is_demand_over_rate_and_endless_without_rate() -> None:
    airtime = expected_airtime(np.array([[50e6, 0.0]]), np.array([5e6]))
    np.testing.assert_array_equal(airtime, [[0.1, np.inf]])


def test_correction_is_measured_over_expected_within_limits() -> None:
    expected = np.array([[0.1, 0.9], [0.2, 0.9], [0.9, 0.2], [np.inf, 0.9]])
    serving = np.array([0, 0, 1, 0], np.int32)
    np.testing.assert_allclose(correction(expected, serving, np.array([0.6, 0.1])), [2.0, 0.5])
    np.testing.assert_allclose(correction(expected, serving, np.array([9.0, 0.0])), [10.0, 0.5])
    assert correction(expected, np.zeros(4, np.int32), np.array([0.5, 0.0]))[1] == pytest.approx(1.0)


def test_the_powers_of_all_others_on_the_channel_add_up() -> None:
    power, channel = np.array([[-90.0, -93.0103, -93.0103, -80.0]]), np.array([0, 0, 0, 1], np.int32)
    rate = expected_rate_bps(power, SCENARIO, channel=channel)[0]
    assert rate[0] == pytest.approx(MAX_RATE_BPS / 7.4063, rel=1e-3), "an SINR of 0 dB: one bit a symbol"
    assert rate[3] == pytest.approx(MAX_RATE_BPS), "alone on its channel"


def test_a_batch_of_halls_is_each_by_itself() -> None:
    rng = np.random.default_rng(1)
    power, used = rng.uniform(-120, -80, (3, 5, 4)), rng.random((3, 4))
    channel = rng.integers(0, 2, (3, 4)).astype(np.int32)
    together = expected_rate_bps(power, SCENARIO, channel=channel, used=used)
    for k in range(3):
        alone = expected_rate_bps(power[k], SCENARIO, channel=channel[k], used=used[k])
        np.testing.assert_allclose(together[k], alone)


def test_a_cell_whose_load_is_at_its_limit_needs_at_least_what_is_expected_of_its_ues() -> None:
    expected = np.array([[0.3, 9.0, 9.0], [0.2, 9.0, 9.0], [9.0, 0.4, 9.0], [9.0, 9.0, np.inf]])
    load, airtime = np.array([MAX_LOAD, 0.5, MAX_LOAD]), np.array([0.05, 0.6, 0.1])
    needed = needed_airtime(load, airtime, expected, np.array([0, 0, 1, 2], np.int32))
    np.testing.assert_allclose(needed, [0.5, 0.3, 0.4], rtol=1e-4)
