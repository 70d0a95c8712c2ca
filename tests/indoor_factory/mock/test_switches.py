# SPDX-License-Identifier: GPL-2.0-only
"""Switches that take one thing out of the model, to find what breaks a claim."""

import dataclasses

import numpy as np
import pytest

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock import BatchedMock, MockSimulator
from pyagents.scenarios.indoor_factory.mock.phy import DETECTION_SINR_DB, make_amc
from pyagents.scenarios.indoor_factory.mock.state import Bearers
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Action, Snapshot
from pyagents.scenarios.nr import noise_dbm

CROWD = Scenario(n_gnbs=8, n_channels=1, n_ues=60, mobile_share=0.2, propagation="inh-mixed", steps=10)
"""All on one channel; many do not hear each other."""


def last(scenario: Scenario, seed: int = 1) -> Snapshot:
    simulator = MockSimulator()
    now = simulator.reset(scenario, seed)
    while not simulator.done:
        now = simulator.step(Action())
    return now


def snr_db(now: Snapshot) -> Floats:
    """Of what UEs measure, over noise alone."""
    return now.rsrp_dbm + RESOURCE_ELEMENTS_DB - noise_dbm(9.0)


DEAF = dataclasses.replace(CROWD, ceiling_links="drawn")


def test_without_interference_noise_alone_counts() -> None:
    alone = last(dataclasses.replace(DEAF, mobile_share=0.0, interference=False))
    seen = np.isfinite(alone.rsrp_dbm)
    rates = make_amc(4.4).full_band_rate_bps(np.where(seen, snr_db(alone), -99.0))
    np.testing.assert_allclose(alone.rate_bps, rates)
    assert last(DEAF).rate_bps.sum() < alone.rate_bps.sum()
    # Listen-before-talk still hears: eight share what one would have.
    assert alone.airtime.mean() < 0.6


def test_without_loss_each_ue_in_range_hears_each_sibx() -> None:
    lossy, sure = (last(dataclasses.replace(DEAF, mobile_share=0.0, sib_loss=loss)) for loss in (True, False))
    in_range = snr_db(sure) >= DETECTION_SINR_DB
    np.testing.assert_array_equal(sure.sib_heard, np.where(in_range, sure.sib_due, 0))
    np.testing.assert_array_equal(sure.sib_sent, sure.sib_due)
    np.testing.assert_allclose(sure.sib_age_s[in_range], 0.16)
    assert (lossy.sib_heard.sum(axis=0) < sure.sib_heard.sum(axis=0)).any()


def test_expected_rates_are_means_over_whom_the_cell_does_not_hear() -> None:
    """By hand for a cell and a neighbour, which is on for the airtime that it used in the last step.

    The access point is no gNB, though it is not heard either.
    """
    scenario = dataclasses.replace(
        CROWD, n_gnbs=2, n_ues=40, demand_mbps=3.0, ed_threshold_dbm=0.0, rate_knowledge="expected"
    )
    scenario = dataclasses.replace(
        scenario, mobile_share=0.0, shadowing=False, n_wifi_aps=1, wifi_channels="0"
    )
    now = last(scenario)
    signal = 10 ** ((snr_db(now)) / 10)
    seen = np.isfinite(now.rsrp_dbm).all(axis=1)
    amc = make_amc(4.4)
    for cell, other in ((0, 1), (1, 0)):
        quiet, loud = signal[:, cell], signal[:, cell] / (1 + signal[:, other])
        share = now.airtime_used[other]
        rates = [amc.full_band_rate_bps(10 * np.log10(sinr)) for sinr in (quiet[seen], loud[seen])]
        np.testing.assert_allclose(now.rate_bps[seen, cell], (1 - share) * rates[0] + share * rates[1])
    measured = last(dataclasses.replace(scenario, rate_knowledge="measured"))
    assert not np.allclose(measured.rate_bps, now.rate_bps)


def test_a_cell_that_hears_all_others_expects_what_noise_alone_leaves() -> None:
    scenario = dataclasses.replace(
        CROWD, mobile_share=0.0, ed_threshold_dbm=-100.0, rate_knowledge="expected"
    )
    now = last(scenario)
    seen = np.isfinite(now.rsrp_dbm)
    rates = make_amc(4.4).full_band_rate_bps(np.where(seen, snr_db(now), -99.0))
    np.testing.assert_allclose(now.rate_bps[seen], rates[seen])


PAPER = Scenario(
    n_gnbs=6,
    n_channels=6,
    n_ues=40,
    mobile_share=0.0,
    demand_mbps=5.0,
    rate_model="shannon",
    interference=False,
    sib_loss=False,
    handover_interruption_ms=0.0,
    cho_time_to_trigger_ms=0,
    steps=15,
)
"""All that the paper's equations leave out is off."""


def test_shannon_is_eq_1_to_a_64th_of_a_db() -> None:
    now = last(PAPER)
    seen = np.isfinite(now.rsrp_dbm)
    bound = 20e6 * np.log2(1 + 10 ** (snr_db(now)[seen] / 10))
    assert (now.rate_bps[seen] <= bound * (1 + 1e-6)).all()
    assert (now.rate_bps[seen] >= bound - 20e6 * np.log2(10) / 640 - 1).all()
    assert now.rate_bps.max() > 150e6  # no ceiling
    assert (now.rate_bps[~seen] == 0).all()


def test_with_all_switches_loads_are_eq_2_and_association_is_instant() -> None:
    simulator = MockSimulator()
    now = simulator.reset(PAPER, 2)
    rng = np.random.default_rng(1)
    while not simulator.done:
        strong = now.rsrp_dbm >= -118.0
        target = np.where(strong.any(axis=1), (rng.random(strong.shape) * strong).argmax(axis=1), now.serving)
        now = simulator.step(Action(cho_target=target.astype(np.int32)))
        np.testing.assert_array_equal(now.serving, target)
        rate = now.rate_bps[np.arange(PAPER.n_ues), now.serving]
        needed = np.bincount(now.serving, now.demand_bps / rate, minlength=PAPER.n_gnbs)
        np.testing.assert_allclose(now.load, needed / now.airtime, rtol=1e-3)
        # Alone on its channel a gNB has all of the time but access and discovery bursts.
        assert (now.airtime > 0.94).all()
        np.testing.assert_allclose(now.delivered_bps.sum(), now.demand_bps.sum(), rtol=0.05)
    assert now.handover_failures.sum() == 0


def test_loads_end_where_sibx_does() -> None:
    heavy = dataclasses.replace(CROWD, demand_mbps=30.0)
    now = last(heavy)
    assert now.load.max() == 65535 / 16384
    assert np.nanmax(now.sib_load) == 65535 / 16384


@pytest.mark.parametrize("window_ms", [100.0, 320.0, 400.0, 2000.0])
def test_airtime_is_the_mean_over_the_averaging_window(window_ms: float) -> None:
    short, long = BatchedMock(), BatchedMock()
    brief = dataclasses.replace(CROWD, averaging_window_ms=160.0, warmup_periods=0)
    steps = [short.reset(brief, [1, 2])]
    means = [long.reset(dataclasses.replace(brief, averaging_window_ms=window_ms), [1, 2])]
    target = (np.arange(60, dtype=np.int32) * np.ones((2, 1), dtype=np.int32)) % 8
    for k in range(10):
        action = Action(cho_target=(target + k) % 8)
        steps.append(short.step(action))
        means.append(long.step(action))
    for k, now in enumerate(means):
        weights = np.clip(max(window_ms / 160, 1) - np.arange(k + 1), 0, 1)
        each = np.array([steps[k - back].airtime for back in range(k + 1)])
        np.testing.assert_allclose(now.airtime, np.tensordot(weights / weights.sum(), each, 1))


def test_the_load_counts_what_data_cost() -> None:
    """A gNB alone: nothing is sent again; what is left are the control symbols of cut slots."""
    alone = dataclasses.replace(
        CROWD, n_gnbs=1, n_ues=4, demand_mbps=3.0, mobile_share=0.0, shadowing=False, steps=60
    )
    still = dataclasses.replace(alone, outer_loop_step_db=0.0)
    one = last(still)
    rate = one.rate_bps[:, 0]
    needed = (one.demand_bps / rate).sum() / one.airtime[0]
    assert 1.0 < one.load[0] / needed < 1.11
    aligned = last(dataclasses.replace(still, start_alignment="slot"))
    needed = (one.demand_bps / rate).sum() / aligned.airtime[0]
    assert aligned.load[0] / needed == pytest.approx(1, abs=1e-3)


def test_retransmissions_are_part_of_the_load() -> None:
    """Two gNBs that do not hear each other, with UEs half way: q of first transmissions fail."""
    deaf = dataclasses.replace(
        CROWD,
        n_gnbs=2,
        n_ues=30,
        mobile_share=0.0,
        ed_threshold_dbm=0.0,
        outer_loop_step_db=0.0,
        start_alignment="slot",
        steps=60,
    )
    simulator = BatchedMock()
    now = simulator.reset(deaf, [3])
    while not simulator.done:
        now = simulator.step(Action())
    bare = np.zeros(2)
    rate = np.take_along_axis(now.rate_bps[0], now.serving[0][:, None].astype(np.intp), axis=1)[:, 0]
    np.add.at(bare, now.serving[0], now.demand_bps[0] / rate)
    costs = now.load[0] * now.airtime[0] / bare
    bearers = Bearers(*simulator.state.bearers)
    spent, useful = bearers.spent_s[0], bearers.useful_s[0]
    assert (costs > 1.02).all()
    assert (spent >= useful * (1 - 1e-9)).all()
    # As many transmissions a block as 1 / (1 - q), with q at most the share of time that the other is on.
    most = 1 / (1 - now.airtime_used[0][::-1])
    assert (costs < most * 1.1).all()


def test_a_ue_that_comes_to_a_cell_brings_no_cost_from_the_last() -> None:
    batch = BatchedMock()
    now = batch.reset(dataclasses.replace(PAPER, rate_model="nr"), [1])
    before = Bearers(*batch.state.bearers).spent_s[0, 0]
    target = now.serving.copy()
    target[0, 0] = np.where(now.rsrp_dbm[0, 0] >= -118, np.arange(6), -1)[now.serving[0, 0] - 1]
    assert target[0, 0] not in (-1, now.serving[0, 0])
    after = batch.step(Action(cho_target=target))
    assert after.serving[0, 0] == target[0, 0]
    assert Bearers(*batch.state.bearers).spent_s[0, 0] < 0.5 * before


def test_shannon_has_no_errors_also_where_ues_walk() -> None:
    """A rate that was chosen before a UE walked on would fail at every step of a hard threshold."""
    walking = dataclasses.replace(PAPER, mobile_share=1.0, demand_mbps=15.0, steps=30)
    simulator = MockSimulator()
    now = simulator.reset(walking, 3)
    while not simulator.done:
        now = simulator.step(Action(cho_target=now.rsrp_dbm.argmax(axis=1).astype(np.int32)))
        rate = now.rate_bps[np.arange(walking.n_ues), now.serving]
        needed = np.bincount(now.serving, now.demand_bps / rate, minlength=walking.n_gnbs)
        np.testing.assert_allclose(now.load, needed / now.airtime, rtol=0.05)
