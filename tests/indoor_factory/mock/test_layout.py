# SPDX-License-Identifier: GPL-2.0-only
"""Where nodes stand, what UEs ask for, and how they walk."""

from typing import Literal

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.mock.layout import (
    distance_m,
    draw_layout,
    grid_positions_m,
    layout_like,
)
from pyagents.scenarios.indoor_factory.mock.motion import position_m, set_off, walk
from pyagents.scenarios.indoor_factory.scenario import Scenario


def test_grid_of_ten_has_two_rows_of_five() -> None:
    places = grid_positions_m(Scenario(n_gnbs=10))
    assert places[:, 1].tolist() == [12.5] * 5 + [37.5] * 5
    assert places[:5, 0].tolist() == [12, 36, 60, 84, 108]
    assert (places[:, 2] == 3.0).all()


def test_rows_that_cannot_be_equal_differ_by_one() -> None:
    places = grid_positions_m(Scenario(n_gnbs=7))
    assert [int((places[:, 1] == y).sum()) for y in (12.5, 37.5)] == [4, 3]


def test_random_gnbs_leave_no_point_uncovered() -> None:
    scenario = Scenario(n_gnbs=6, gnb_layout="random", coverage_radius_m=35.0, n_ues=1)
    for seed in range(1, 6):
        layout = draw_layout(scenario, np.random.default_rng(seed))
        x, y = np.meshgrid(np.arange(121.0), np.arange(51.0))
        points = np.column_stack([x.ravel(), y.ravel()])
        assert distance_m(points, layout.node_position_m[:, :2]).min(axis=1).max() <= 35


def test_a_hall_that_cannot_be_covered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyagents.scenarios.indoor_factory.mock.layout.MAX_DRAWS", 20)
    with pytest.raises(ImpossibleScenarioError, match="coverage_radius_m=5: in 20 draws"):
        draw_layout(Scenario(n_gnbs=2, gnb_layout="random", coverage_radius_m=5.0), np.random.default_rng(1))


def test_ues_stand_alike_whatever_the_nodes() -> None:
    one, other = (
        draw_layout(scenario, np.random.default_rng(3))
        for scenario in (Scenario(), Scenario(n_gnbs=4, gnb_layout="random", n_wifi_aps=2))
    )
    assert_allclose(one.ue_position_m, other.ue_position_m)
    assert_allclose(one.demand_bps, other.demand_bps)


@pytest.mark.parametrize(
    ("distribution", "mean", "variance"), [("uniform", 2.75, 4.5**2 / 12), ("gamma", 2.75, 4.5)]
)
def test_demand_has_the_moments_asked_for(
    distribution: Literal["uniform", "gamma"], mean: float, variance: float
) -> None:
    scenario = Scenario(n_ues=100_000, demand_distribution=distribution, n_gnbs=1)
    demand = draw_layout(scenario, np.random.default_rng(1)).demand_bps / 1e6
    assert demand.mean() == pytest.approx(mean, rel=0.02)
    assert demand.var() == pytest.approx(variance, rel=0.05)
    assert demand.min() > 0


def test_links_between_nodes_are_the_same_both_ways() -> None:
    loss = draw_layout(Scenario(n_wifi_aps=3), np.random.default_rng(1)).node_loss_db
    assert_allclose(loss, loss.T)


def test_a_walker_covers_its_way_and_turns_where_it_arrives() -> None:
    leg = walk(set_off(0.0, 0.0, 3.0, 0.0, 0.0), 3.0, 10.0, 2.0)
    assert position_m(leg) == (2, 0)
    leg = walk(leg, 3.0, 10.0, 2.0)
    assert position_m(leg) == (3, 1)
    assert (leg.heading_x, leg.heading_y, leg.length_m) == (0, 1, 10)


def test_who_has_some_way_left_walks_on() -> None:
    leg = walk(set_off(0.0, 0.0, 0.0, 9.0, 0.0), 5.0, 5.0, 2.0)
    assert position_m(leg) == (0, 2)
    assert (leg.heading_x, leg.heading_y, leg.length_m) == (0, 1, 9)


def test_who_would_reach_the_next_waypoint_too_waits_there() -> None:
    leg = walk(set_off(0.0, 0.0, 1.0, 0.0, 0.0), 1.0, 3.0, 20.0)
    assert position_m(leg) == (1, 3)


def test_a_walker_on_its_waypoint_does_not_lose_its_way() -> None:
    leg = walk(set_off(1.0, 1.0, 1.0, 1.0, 0.0), 1.0, 1.0, 0.5)
    assert position_m(leg) == (1, 1)


def test_a_hall_can_be_had_from_what_a_run_shows() -> None:
    scenario = Scenario(n_gnbs=4, n_ues=30, mobile_share=0.0, n_wifi_aps=1)
    seen = MockSimulator().reset(scenario, 3)
    layout = layout_like(scenario, seen, np.random.default_rng(9))
    again = MockSimulator(layout=layout).reset(scenario, 5)
    known = np.isfinite(seen.rsrp_dbm)
    assert known.mean() > 0.5
    assert_allclose(again.rsrp_dbm[known], seen.rsrp_dbm[known])
    assert_allclose(again.demand_bps, seen.demand_bps)
    assert_allclose(again.gnb_rsrp_dbm, seen.gnb_rsrp_dbm)
    assert_allclose(again.gnb_position_m, seen.gnb_position_m)
    assert_allclose(again.ue_position_m, seen.ue_position_m)
