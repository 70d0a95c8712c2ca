# SPDX-License-Identifier: GPL-2.0-only
"""Transport blocks, thresholds and rates against the standard's tables and the laws of our ns-3 model."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pyagents.scenarios.indoor_factory.mock.phy import make_amc, normal_cdf, place
from pyagents.scenarios.nr import code_blocks, noise_dbm, transport_block_bits

AMC = make_amc(4.4)


@pytest.mark.parametrize(
    ("mcs", "prbs", "symbols", "bits"),
    [(27, 51, 12, 50184), (10, 51, 12, 17424), (0, 1, 12, 24), (0, 51, 12, 1608)],
)
def test_transport_block_sizes_of_ts_38_214(mcs: int, prbs: int, symbols: int, bits: int) -> None:
    assert transport_block_bits(mcs, prbs, symbols) == bits


def test_a_gnb_alone_carries_a_hundred_megabit_a_second() -> None:
    assert AMC.full_band_rate_bps(np.array([60.0])) == pytest.approx(100.368e6)


def test_noise_over_51_prbs() -> None:
    assert noise_dbm(9.0) == pytest.approx(-92.36, abs=0.01)


def test_thresholds_lie_the_gap_above_shannon() -> None:
    efficiency = 8 * 948 / 1024
    assert AMC.threshold_db[27] == pytest.approx(10 * math.log10(2**efficiency - 1) + 4.4)
    assert (np.diff(AMC.threshold_db) > 0).all()


def test_rate_is_that_of_the_highest_mcs_whose_threshold_is_met() -> None:
    sinr = np.random.default_rng(1).uniform(-20, 50, 20_000)
    far = np.abs(sinr[:, None] - AMC.threshold_db).min(axis=1) > 1 / 64  # the tables round to that
    wanted = AMC.rate_bps[np.searchsorted(AMC.threshold_db, sinr, side="right")]
    assert_allclose(AMC.full_band_rate_bps(sinr)[far], wanted[far])
    assert far.mean() > 0.95


def test_threshold_of_the_chosen_mcs_is_met() -> None:
    for sinr in np.linspace(-2.5, 40, 5000):
        at = place(sinr, AMC.tables)
        assert AMC.tables.threshold_db_at[at] <= sinr + 1 / 64
        assert AMC.tables.rate_bps_at[at] == AMC.full_band_rate_bps(np.array([sinr]))[0]


def test_out_of_range_there_is_no_rate() -> None:
    assert AMC.full_band_rate_bps(np.array([-3.5, -100.0, -1e6])).tolist() == [0, 0, 0]


def test_code_blocks_of_ts_38_212() -> None:
    assert code_blocks(64, 0.117) == (1, 80)
    assert code_blocks(50184, 0.926)[0] == 6


def test_sibx_is_lost_at_half_its_median_and_below_detection_always() -> None:
    success = AMC.sibx_success(np.array([-40.0, -6.1, AMC.sibx_median_db, 10.0]))
    assert success[:2].tolist() == [0, 0]
    assert success[2] == pytest.approx(0.5)
    assert success[3] == pytest.approx(1.0, abs=1e-3)


def test_normal_distribution_to_three_ten_thousandths() -> None:
    x = np.linspace(-6, 6, 1001)
    exact = [0.5 * math.erfc(-value / math.sqrt(2)) for value in x]
    assert_allclose(normal_cdf(x), exact, atol=3e-4)
