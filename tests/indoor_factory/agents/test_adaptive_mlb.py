# SPDX-License-Identifier: GPL-2.0-only
"""Adaptive-MLB: whom it calls overloaded, how far it shifts borders, and when it lets go."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.agents.adaptive_mlb import (
    OFFSETS_DB,
    AdaptiveMlb,
    AdaptiveMlbConfig,
    Estimate,
    overload_threshold,
)
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from tests.hall import needed_airtime
from tests.indoor_factory.agents.snapshots import make_snapshot, scenario_of

AT_ONCE = AdaptiveMlbConfig(period_s=0.16, settling_s=0.0, margin=0.0)
"""Decides on every snapshot. A3's own margin is 3 + 1 dB."""


def decide(snapshot: Snapshot, config: AdaptiveMlbConfig = AT_ONCE, rounds: int = 1) -> Floats:
    """The offsets after so many looks at the same snapshot."""
    agent = AdaptiveMlb(config)
    agent.reset(scenario_of(snapshot), 1)
    for count in range(rounds):
        later = dataclasses.replace(snapshot, time_s=0.16 * (count + 1))
        cio_db = np.asarray(agent.act(later).cio_db, dtype=np.float64)
    return cio_db


def border(gaps_db: list[float], load: list[float], **changes: Any) -> Snapshot:
    """UEs of cell 0, weaker at cell 1 by these gaps; 5 Mb/s at 100 Mb/s, so 0.05 of airtime each."""
    power = np.array([[-50.0, -50.0 - gap] for gap in gaps_db])
    given = {"load": load, "airtime": [1.0, 1.0]} | changes
    return make_snapshot(rsrp_dbm=power, serving=[0] * len(gaps_db), **given)


# ---- Rules ----


def test_threshold_follows_the_mean_load_down_to_a_minimum() -> None:
    config = AdaptiveMlbConfig(margin=0.1, min_threshold=0.3)
    assert overload_threshold(np.array([0.9, 0.3]), config) == pytest.approx(0.66)
    assert overload_threshold(np.array([0.2, 0.1]), config) == 0.3


def test_estimate_moves_load_at_what_it_costs_on_either_side() -> None:
    burden = np.array([[0.1, 0.3], [0.2, 0.2]])
    estimate = Estimate(load=np.array([0.3, 0.0]), serving=np.array([0, 0], np.int32), burden=burden)
    moving = np.array([True, False])
    np.testing.assert_allclose(estimate.after(moving, 1), [0.2, 0.3])
    np.testing.assert_allclose(estimate.load, [0.3, 0.0])
    estimate.move(moving, 1)
    np.testing.assert_allclose(estimate.load, [0.2, 0.3])
    assert estimate.serving.tolist() == [1, 0]


def test_the_border_moves_no_further_than_balance_needs() -> None:
    """Ten UEs of 0.05 in cell 0, two elsewhere in cell 1: three or four more there make 0.3 each."""
    gaps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 30.0, 30.0, 30.0, 30.0]
    cio_db = decide(border(gaps, [0.5, 0.1]))
    assert cio_db[0, 1] == 8.0, "A3 needs 4 dB more than the gap: 8 dB reach those below 4 dB, three UEs"


def test_both_directions_change_together() -> None:
    cio_db = decide(border([1.0, 2.0, 3.0, 30.0], [0.8, 0.1]))
    assert cio_db[0, 1] > 0
    np.testing.assert_array_equal(cio_db, -cio_db.T)


def test_nothing_moves_that_would_overload_the_neighbour() -> None:
    near = [1.0, 1.0, 1.0, 1.0]
    assert decide(border(near, [0.6, 0.5])).any() == False  # noqa: E712


def test_reach_ends_at_the_range() -> None:
    far = border([7.5, 7.5, 30.0], [0.9, 0.1])
    assert decide(far, dataclasses.replace(AT_ONCE, range_db=10.0))[0, 1] == 12.0
    assert not decide(far, dataclasses.replace(AT_ONCE, range_db=6.0)).any()


def test_a_balanced_network_is_left_alone() -> None:
    assert not decide(border([0.0, 0.0], [0.5, 0.5])).any()
    assert not decide(border([0.0, 0.0], [0.15, 0.05])).any(), "below the least threshold"


def test_the_least_loaded_neighbour_comes_first() -> None:
    power = np.array([[-50.0, -51.0, -51.0]] * 4)
    snapshot = make_snapshot(rsrp_dbm=power, serving=[0] * 4, load=[0.8, 0.3, 0.1], airtime=[1.0] * 3)
    cio_db = decide(snapshot)
    assert cio_db[0, 2] > 0
    assert cio_db[0, 1] == 0


def test_a_neighbour_that_nobody_receives_gets_nobody() -> None:
    power = np.array([[-50.0, -np.inf]] * 4)
    assert not decide(
        make_snapshot(rsrp_dbm=power, serving=[0] * 4, load=[0.8, 0.1], airtime=[1.0, 1.0])
    ).any()


def test_offsets_go_back_when_they_are_not_needed_and_stay_where_they_are() -> None:
    agent = AdaptiveMlb(AT_ONCE)
    crowded = border([1.0, 2.0, 3.0, 30.0], [0.8, 0.1])
    agent.reset(scenario_of(crowded), 1)
    steps = [crowded, crowded]
    gone = dataclasses.replace(
        crowded,
        load=np.array([0.2, 0.2]),
        serving=np.array([1, 1, 1, 0], np.int32),
        demand_bps=np.full(4, 1e6),
    )
    steps += [gone] * 8
    seen = []
    for count, snapshot in enumerate(steps):
        action = agent.act(dataclasses.replace(snapshot, time_s=0.16 * (count + 1)))
        seen.append(float(np.asarray(action.cio_db)[0, 1]))
    assert seen[1] > 0
    assert seen[1:] == sorted(seen[1:], reverse=True)
    assert seen[-1] == 0.0


def test_an_offset_that_still_keeps_load_away_is_kept() -> None:
    """A UE 6 dB weaker in cell 1 would come back to a cell 0 that is full."""
    agent, returning = AdaptiveMlb(AT_ONCE), border([1.0, 6.0], [0.6, 0.1])
    agent.reset(scenario_of(returning), 1)
    assert np.asarray(agent.act(dataclasses.replace(returning, time_s=0.16)).cio_db)[0, 1] == 6.0
    moved = dataclasses.replace(
        returning,
        load=np.array([0.3, 0.3]),
        serving=np.array([1, 1], np.int32),
        demand_bps=np.array([2e6, 28e6]),
    )
    seen = []
    for count in range(2, 12):
        action = agent.act(dataclasses.replace(moved, time_s=0.16 * count))
        seen.append(float(np.asarray(action.cio_db)[0, 1]))
    assert seen[-1] == 2.0, "6 - 2 dB is A3's own margin: at 1 dB it would cross"


def test_offsets_can_be_signalled() -> None:
    rng = np.random.default_rng(1)
    power = rng.uniform(-70, -40, (60, 5))
    load = [1.8, 0.9, 0.4, 0.3, 0.1]
    snapshot = make_snapshot(
        rsrp_dbm=power, serving=power.argmax(axis=1).tolist(), load=load, airtime=[1.0] * 5
    )
    cio_db = decide(snapshot, rounds=3)
    assert np.isin(cio_db, OFFSETS_DB).all()
    assert cio_db.any()


# ---- Timing ----


def test_decides_once_a_period_and_forgets_what_was_measured_while_ues_moved() -> None:
    agent = AdaptiveMlb(AdaptiveMlbConfig(period_s=0.8, settling_s=0.4, margin=0.0))
    crowded = border([1.0, 2.0, 30.0, 30.0], [0.8, 0.1])
    agent.reset(scenario_of(crowded), 1)
    offsets = []
    for count in range(12):
        measured = [0.8, 0.1] if count < 5 or count in (6, 7) else [0.4, 0.4]
        snapshot = dataclasses.replace(crowded, load=np.array(measured), time_s=0.16 * (count + 1))
        offsets.append(float(np.asarray(agent.act(snapshot).cio_db)[0, 1]))
    first = next(index for index, offset in enumerate(offsets) if offset)
    assert first <= 5
    assert len(set(offsets[first : first + 5])) == 1, "one decision a period"


def test_mobility_is_left_to_a3() -> None:
    agent, snapshot = AdaptiveMlb(), border([1.0], [0.8, 0.1])
    agent.reset(scenario_of(snapshot), 1)
    assert np.asarray(agent.act(snapshot).cho_target).tolist() == [-1]


# ---- All of it ----


@pytest.mark.parametrize("seed", range(5))
def test_loads_come_together_where_a3_obeys(seed: int) -> None:
    """UEs crowd into one end of a row of four cells; A3 without time to trigger moves them."""
    rng = np.random.default_rng(seed)
    distance = np.abs(np.array([15.0, 45.0, 75.0, 105.0])[None] - rng.triangular(0, 10, 110, 60)[:, None])
    power = -40 - 17.3 * np.log10(1 + distance) + rng.normal(0, 6, distance.shape)
    serving, demand = power.argmax(axis=1), np.full(60, 3e6)
    rate = np.full(power.shape, 100.368e6)
    agent = AdaptiveMlb(dataclasses.replace(AT_ONCE, range_db=20.0))
    deviations = []
    for count in range(12):
        load = needed_airtime(serving.astype(np.int32), demand, rate)
        deviations.append(load.std())
        snapshot = make_snapshot(
            rsrp_dbm=power,
            serving=serving.tolist(),
            load=load,
            airtime=[1.0] * 4,
            demand_bps=demand,
            time_s=0.16 * (count + 1),
        )
        if count == 0:
            agent.reset(scenario_of(snapshot), 1)
        cio_db = np.asarray(agent.act(snapshot).cio_db)
        lead = power + cio_db[serving] - 4 - power[np.arange(60), serving][:, None]
        lead[np.arange(60), serving] = 0
        serving = np.where(lead.max(axis=1) > 0, np.where(lead > 0, power, -np.inf).argmax(axis=1), serving)
    assert deviations[-1] < 0.25 * deviations[0]
    assert max(deviations[-3:]) - min(deviations[-3:]) < 0.02, "comes to rest"


# ---- Options ----


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"period_s": -1.0}, "period_s=-1.0"),
        ({"margin": -0.1}, "margin=-0.1"),
        ({"range_db": float("nan")}, "range_db=nan"),
        ({"settling_s": 0.64}, "below period_s=0.64"),
    ],
)
def test_bad_options_are_named(options: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        AdaptiveMlbConfig(**options)
