# SPDX-License-Identifier: GPL-2.0-only
"""GT-RL by the rates that are left while all transmit."""

import dataclasses

import numpy as np
import pytest

from pyagents.agents.disturbed_rate import disturbed_rate_bps
from pyagents.agents.gt_rl import GtRl, GtRlConfig
from pyagents.agents.gt_rl_wary import WaryGtRl
from pyagents.agents.reported_links import MAX_RATE_BPS, expected_rate_bps
from tests.agents.snapshots import make_snapshot, scenario_of


def test_without_others_on_the_channel_the_rate_is_that_of_the_noise() -> None:
    snapshot = make_snapshot(rsrp_dbm=[[-60.0, -80.0, -np.inf]], serving=[0], channel=[0, 1, 2])
    scenario = scenario_of(snapshot)
    rate = disturbed_rate_bps(snapshot, scenario)
    assert rate == pytest.approx(expected_rate_bps(snapshot.rsrp_dbm, scenario))
    assert rate[0, 0] == pytest.approx(MAX_RATE_BPS)
    assert rate[0, 2] == 0


def test_the_powers_of_all_others_on_the_channel_add_up() -> None:
    snapshot = make_snapshot(rsrp_dbm=[[-60.0, -63.0, -63.0, -50.0]], serving=[0], channel=[0, 0, 0, 1])
    scenario = scenario_of(snapshot, snr_gap_db=0.0)
    # two neighbours of half the power each: an SINR of 0 dB, one bit a symbol of at most 7.4
    assert disturbed_rate_bps(snapshot, scenario)[0, 0] == pytest.approx(MAX_RATE_BPS / 7.4063, rel=0.01)


def test_a_batch_of_halls_is_each_by_itself() -> None:
    rng = np.random.default_rng(1)
    halls = [
        make_snapshot(rsrp_dbm=rng.uniform(-90, -50, (5, 4)), serving=[0] * 5, channel=rng.integers(0, 2, 4))
        for _ in range(3)
    ]
    scenario = scenario_of(halls[0])

    @dataclasses.dataclass
    class Batch:
        rsrp_dbm: np.ndarray
        channel: np.ndarray

    batch = Batch(np.stack([h.rsrp_dbm for h in halls]), np.stack([h.channel for h in halls]))
    together = disturbed_rate_bps(batch, scenario)
    for k, hall in enumerate(halls):
        assert together[k] == pytest.approx(disturbed_rate_bps(hall, scenario))


def test_a_cell_that_a_neighbour_drowns_draws_gt_rl_and_not_the_wary() -> None:
    """The measured rate, 50 Mb/s to all, was taken while the neighbour was quiet."""
    snapshot = make_snapshot(
        rsrp_dbm=[[-60.0, -62.0, -58.0]],
        serving=[0],
        channel=[0, 1, 1],
        sib_load=[[0.9, 0.0, 0.9]],
        sib_age_s=np.zeros((1, 3)),
    )
    config = GtRlConfig(pace="all", epsilon=0.0)
    targets = []
    for agent in (GtRl(config), WaryGtRl(config)):
        agent.reset(scenario_of(snapshot), 1)
        targets.append(np.asarray(agent.act(snapshot).cho_target).tolist())
    assert targets == [[1], [0]]
