# SPDX-License-Identifier: GPL-2.0-only
"""Whom the gNBs of GT-RL select, from what they know."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.agents.gt_rl import GtRl, GtRlConfig
from pyagents.scenarios.indoor_factory.agents.gt_rl_selection import (
    excess_load,
    known_loads,
    select,
    served_load,
)
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from tests.indoor_factory.agents.snapshots import make_snapshot, scenario_of, story

NAN = np.nan


def test_a_gnb_knows_its_own_load_and_what_its_own_ues_heard_last() -> None:
    sib_load = np.array([[0.1, 0.2, NAN], [0.1, 0.3, 0.4], [0.9, 0.9, 0.9]])
    age_s = np.array([[0.0, 0.32, np.inf], [0.0, 0.16, 0.8], [0.0, 0.0, 0.0]])
    known = known_loads(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 1], np.int32), sib_load, age_s, 0.5)
    np.testing.assert_array_equal(known, [[1.0, 0.3, NAN], [0.9, 2.0, 0.9], [NAN, NAN, 3.0]])


def test_excess_is_what_is_above_one_or_above_the_mean_of_what_the_gnb_knows() -> None:
    known = np.array([[1.2, 0.3, NAN], [0.6, 0.4, 0.2], [NAN, NAN, 0.9]])
    np.testing.assert_allclose(excess_load(known, "full", 0.0), [0.2, 0, 0])
    np.testing.assert_allclose(excess_load(known, "mean", 0.0), [0.45, 0, 0], atol=1e-12)
    np.testing.assert_allclose(excess_load(known, "mean", 0.4), [0.05, 0, 0], atol=1e-12)


def test_ues_share_their_gnb_s_load_as_they_need_it() -> None:
    rate_bps = np.array([[10e6, 1e6], [20e6, 1e6], [0.0, 1e6], [1e6, 5e6]])
    share = served_load(np.array([0.9, 2.0]), np.array([0, 0, 0, 1], np.int32), np.full(4, 5e6), rate_bps)
    np.testing.assert_allclose(share, [0.6, 0.3, 0.0, 2.0])


@pytest.mark.parametrize(
    ("budget", "expected"), [(0.0, []), (0.05, [2]), (0.2, [2, 4]), (0.25, [1, 2, 4]), (np.inf, [0, 1, 2, 4])]
)
def test_of_each_gnb_those_of_most_gain_move_until_its_budget_is_gone(
    budget: float, expected: list[int]
) -> None:
    wants = np.array([True, True, True, False, True, True])
    gain, serving = np.array([0.1, 0.2, np.inf, 9.0, 0.3, 5.0]), np.array([0, 0, 0, 0, 0, 1], np.int32)
    selected = select(wants, gain, serving, np.full(6, 0.1), np.array([budget, 0.0]))
    assert np.flatnonzero(selected).tolist() == expected


def crowd(load: list[float], **changes: Any) -> Snapshot:
    """Ten UEs on each gNB but the last, on channels of their own, all heard alike."""
    n_gnbs = len(load)
    serving = np.repeat(np.arange(n_gnbs - 1), 10).tolist()
    n_ues = len(serving)
    given: dict[str, Any] = {
        "load": load,
        "channel": np.arange(n_gnbs),
        "sib_load": np.tile(load, (n_ues, 1)),
        "sib_age_s": np.full((n_ues, n_gnbs), 0.16),
    }
    return make_snapshot(rsrp_dbm=np.full((n_ues, n_gnbs), -90.0), serving=serving, **given | changes)


def movers(snapshot: Snapshot, **options: Any) -> list[int]:
    """How many UEs of each gNB move."""
    given: dict[str, Any] = {"epsilon": 0.0, "own_load": "none", "pace": "all"} | options
    agent = GtRl(GtRlConfig(**given))
    agent.reset(scenario_of(snapshot), 1)
    target = np.asarray(agent.act(snapshot).cho_target)
    moves = (target >= 0) & (target != snapshot.serving)
    return [int(np.count_nonzero(moves & (snapshot.serving == cell))) for cell in range(snapshot.n_gnbs)]


def test_only_ues_of_gnbs_in_overload_move_and_as_many_as_half_the_excess_is_worth() -> None:
    snapshot = crowd([0.9, 0.5, 0.1])  # a mean of 0.5: of an excess of 0.4, half in UEs of 0.09 each
    assert movers(snapshot) == [3, 0, 0]
    assert movers(snapshot, excess_share=1.0) == [5, 0, 0]
    assert movers(snapshot, selected="all") == [10, 0, 0]
    assert movers(snapshot, overload_margin=0.35) == [1, 0, 0]
    assert movers(snapshot, selection="none") == [10, 10, 0]


def test_above_one_alone_is_overload_in_the_full_reading() -> None:
    assert movers(crowd([0.9, 0.5, 0.1]), overload="full") == [0, 0, 0]
    assert movers(crowd([1.2, 0.9, 0.1]), overload="full", selected="all") == [10, 0, 0]


def test_the_pace_thins_the_selected() -> None:
    snapshot = crowd([0.9, 0.1])
    assert movers(snapshot, selected="all", pace="in-turn") == [1, 0]
    assert movers(snapshot, pace="thinned", move_probability=0.0) == [0, 0]


def test_those_without_a_link_that_carries_them_go_first() -> None:
    power = np.full((10, 2), -90.0)
    power[7, 0] = -125.0
    snapshot = dataclasses.replace(crowd([0.9, 0.1]), rsrp_dbm=power)
    agent = GtRl(GtRlConfig(epsilon=0.0, excess_share=0.01))
    agent.reset(scenario_of(snapshot), 1)
    assert np.flatnonzero(np.asarray(agent.act(snapshot).cho_target) == 1)[0] == 7


def test_ues_that_never_heard_their_own_cell_take_nobody_s_place() -> None:
    sib_load = np.tile([0.9, 0.1], (10, 1))
    sib_load[:5, 0] = NAN
    assert movers(crowd([0.9, 0.1], sib_load=sib_load)) == movers(crowd([0.9, 0.1])) == [3, 0]


def test_a_cell_that_a_neighbour_drowns_draws_by_the_measured_rate_and_not_by_the_other() -> None:
    """The measured rate, 50 Mb/s to all, was taken while the neighbour was quiet."""
    snapshot = make_snapshot(
        rsrp_dbm=[[-90.0, -92.0, -88.0]],
        serving=[0],
        channel=[0, 1, 1],
        load=[0.9, 0.0, 0.9],
        sib_load=[[0.9, 0.0, 0.9]],
        sib_age_s=np.zeros((1, 3)),
    )
    assert movers(snapshot, rate="measured") == [1, 0, 0]
    assert movers(snapshot, rate="interference-aware") == [0, 0, 0]


def others_changed(snapshot: Snapshot, cell: int) -> Snapshot:
    """The snapshot in which other gNBs measure, and their UEs know, something else."""
    rng, changed = np.random.default_rng(3), {}
    strangers = np.flatnonzero(snapshot.serving != cell)
    for name, facts in Snapshot.facts().items():
        value = getattr(snapshot, name)
        if facts.axes.startswith("U"):
            value = value.copy()
            value[strangers] = value[rng.permutation(strangers)]
            changed[name] = value
    changed["sib_load"][strangers] *= rng.uniform(0.1, 3)
    changed["load"] = np.where(np.arange(snapshot.n_gnbs) == cell, snapshot.load, rng.uniform(0, 4))
    return dataclasses.replace(snapshot, **changed)


@pytest.mark.parametrize(
    "config", [GtRlConfig(), GtRlConfig(overload="full", epsilon=1.0), GtRlConfig(rate="measured")]
)
def test_no_gnb_needs_the_load_of_another_or_what_another_one_s_ues_know(config: GtRlConfig) -> None:
    moved = 0
    for snapshot in story(4):
        for cell in range(snapshot.n_gnbs):
            targets = []
            for seen in (snapshot, others_changed(snapshot, cell)):
                agent = GtRl(config)
                agent.reset(scenario_of(snapshot), 5)
                targets.append(np.asarray(agent.act(seen).cho_target)[snapshot.serving == cell])
            np.testing.assert_array_equal(*targets)
            moved += int(np.count_nonzero((targets[0] >= 0) & (targets[0] != cell)))
    assert moved > 0
