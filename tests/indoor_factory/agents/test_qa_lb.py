# SPDX-License-Identifier: GPL-2.0-only
"""QA-LB: which channels cells take, which cells UEs get, and when it looks again."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.agents.qa_lb import (
    QaLb,
    QaLbConfig,
    assign_channels,
    associate,
    audibility,
    foreign_occupancy,
)
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from tests.indoor_factory.agents.snapshots import decisions, make_snapshot, scenario_of, story

QUIET = np.zeros(2)


def ints(*values: int) -> Any:
    return np.array(values, dtype=np.int32)


# ---- Rule 1: channels ----


def test_burdened_cells_part_and_the_others_join_the_less_burdened() -> None:
    everybody = np.ones((4, 4))
    needed = np.array([0.5, 0.9, 0.3, 0.1])
    assert assign_channels(needed, everybody, QUIET, ints(0, 0, 0, 0)).tolist() == [1, 0, 1, 1]


def test_cells_that_do_not_hear_each_other_share_a_channel() -> None:
    hears = np.eye(3)
    hears[0, 1] = 1.0
    assert assign_channels(np.array([0.5, 0.4, 0.3]), hears, QUIET, ints(0, 0, 0)).tolist() == [0, 1, 0]


def test_strangers_on_a_channel_count() -> None:
    assert assign_channels(
        np.array([0.5, 0.4]), np.ones((2, 2)), np.array([0.8, 0.0]), ints(0, 0)
    ).tolist() == [1, 1]


def test_a_channel_as_good_as_another_is_kept() -> None:
    assert assign_channels(np.array([0.5, 0.4]), np.ones((2, 2)), np.zeros(3), ints(2, 1)).tolist() == [2, 1]


def test_audibility_is_the_share_of_a_cells_ues_that_hear_the_other() -> None:
    power = np.array([[-50.0, -70.0, -90.0], [-50.0, -80.0, -90.0], [-60.0, -50.0, -90.0]])
    expected = np.array([[1, 0.5, 0], [1, 1, 0], [1, 1, 1]])
    np.testing.assert_allclose(audibility(power, -72.0), expected)


def test_airtime_that_our_own_cells_do_not_explain_went_to_strangers() -> None:
    foreign = foreign_occupancy(
        np.array([0.6, 0.7, 0.5]), np.array([0.3, 0.4, 0.2]), ints(0, 0, 1), n_channels=3
    )
    np.testing.assert_allclose(foreign, [0.0, 0.5, 0.0], atol=1e-12)
    alone = foreign_occupancy(np.array([0.9]), np.array([0.9]), ints(0), n_channels=1)
    np.testing.assert_allclose(alone, [0.1])


# ---- Rule 2: UEs ----


def test_the_most_demanding_choose_first_and_the_rest_fill_up() -> None:
    """Airtime 0.6, 0.5, 0.4 and 0.4 on two cells of their own channels: 0.6 + 0.4 and 0.5 + 0.4."""
    burden = np.array([[0.4, 0.4], [0.6, 0.6], [0.4, 0.4], [0.5, 0.5]])
    power = np.zeros((4, 2))
    chosen = associate(burden[:, 0], burden, power, ints(0, 1))
    assert chosen[1] == 0
    assert chosen[3] == 1
    assert np.bincount(chosen, weights=burden[:, 0]).max() == pytest.approx(1.0)


def test_a_cell_without_airtime_left_is_passed_over() -> None:
    burden = np.array([[0.8, 5.0], [0.5, 0.9]])
    assert associate(np.array([2.0, 1.0]), burden, np.zeros((2, 2)), ints(0, 1)).tolist() == [0, 1]


def test_without_airtime_anywhere_the_best_received_cell_it_is() -> None:
    burden, power = np.array([[2.0, 1.5]]), np.array([[-50.0, -60.0]])
    assert associate(np.array([1.0]), burden, power, ints(0, 1)).tolist() == [0]


def test_cells_of_a_channel_share_its_time() -> None:
    """Cells 0 and 1 have one channel, 2 has another: the second UE finds cell 1's time taken by cell 0."""
    burden = np.array([[0.6, 9.0, 9.0], [9.0, 0.45, 0.5], [9.0, 9.0, 9.0]])
    assert associate(np.array([3.0, 2.0, 1.0]), burden, np.zeros((3, 3)), ints(0, 0, 1))[1] == 2


def test_a_forbidden_cell_is_never_better_than_an_allowed_one() -> None:
    burden = np.array([[np.inf, 0.9]])
    assert associate(np.array([1.0]), burden, np.array([[-40.0, -80.0]]), ints(0, 1)).tolist() == [1]


# ---- When ----


def acting(snapshot: Snapshot, **options: Any) -> QaLb:
    agent = QaLb(QaLbConfig(**options))
    agent.reset(scenario_of(snapshot), 1)
    return agent


def test_looks_again_after_an_epoch_and_holds_on_until_then() -> None:
    snapshots = [dataclasses.replace(s, time_s=0.96 + 0.16 * k) for k, s in enumerate(story(20))]
    said = decisions(QaLb(QaLbConfig(epoch_s=1.6)), snapshots)
    assert [index for index, action in enumerate(said) if "channel" in action] == [0, 10, 20]
    assert all(action["cho_target"] == said[0]["cho_target"] for action in said[:10])


def test_somebody_who_joins_starts_a_pass() -> None:
    both = make_snapshot(rsrp_dbm=[[-50, -60]] * 2, serving=[0, 0])
    one = dataclasses.replace(both, demand_bps=np.array([5e6, 0.0]))
    agent = acting(both)
    passes = [agent.act(snapshot).channel is not None for snapshot in (one, one, both, both, one, both)]
    assert passes == [True, False, True, False, False, True]


def test_a_ue_that_walked_away_from_its_cell_is_left_to_a3() -> None:
    near = make_snapshot(rsrp_dbm=[[-50, -60], [-60, -50]], serving=[0, 1])
    agent = acting(near)
    assert sorted(np.asarray(agent.act(near).cho_target).tolist()) == [0, 1]
    gone = dataclasses.replace(near, rsrp_dbm=np.array([[-123.0, -123.0], [-60.0, -50.0]]))
    assert np.asarray(agent.act(gone).cho_target)[0] == -1


def test_channels_can_be_left_alone() -> None:
    snapshot = make_snapshot(rsrp_dbm=[[-50, -60]] * 4, serving=[0] * 4, channel=[3, 3])
    action = acting(snapshot, assign_channels=False).act(snapshot)
    assert np.asarray(action.channel).tolist() == [3, 3]


def test_crowded_ues_are_spread_at_once() -> None:
    rng = np.random.default_rng(2)
    power = rng.uniform(-60, -45, (40, 4))
    snapshot = make_snapshot(
        rsrp_dbm=power, serving=[0] * 40, channel=[0, 1, 2, 3], load=[2.0, 0, 0, 0], airtime=[1.0] * 4
    )
    target = np.asarray(acting(snapshot).act(snapshot).cho_target)
    assert np.bincount(target, minlength=4).tolist() == [10, 10, 10, 10]


def test_bad_epoch_is_named() -> None:
    with pytest.raises(ValueError, match=r"epoch_s=0\.0 is not allowed"):
        QaLbConfig(epoch_s=0.0)
