# SPDX-License-Identifier: GPL-2.0-only
"""Listen-before-talk against TS 37.213 and closed forms."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock.access import (
    PRIORITY_CLASSES,
    SENSING_SLOT_S,
    energy_detection_dbm,
    fair_share,
    find_neighbours,
    shares_channel,
    thresholds_dbm,
    transmit_probability,
    used_airtime,
)
from pyagents.scenarios.indoor_factory.scenario import Scenario

CLASS_3 = PRIORITY_CLASSES[3]


@pytest.mark.parametrize(
    ("power_dbm", "threshold_dbm"),
    [(23, -72), (20, -69), (18, -67), (17, -66), (13, -62), (0, -62), (30, -72)],
)
def test_energy_detection_threshold_of_ts_37_213(power_dbm: float, threshold_dbm: float) -> None:
    assert energy_detection_dbm(power_dbm) == pytest.approx(threshold_dbm, abs=0.02)


def test_discovery_bursts_may_go_out_over_more() -> None:
    assert thresholds_dbm(Scenario()) == pytest.approx((-72, -67), abs=0.02)
    assert thresholds_dbm(Scenario(ed_threshold_dbm=-80.0)) == (-80, -80)


def test_priority_classes_of_table_4_1_1_1() -> None:
    defer_us = [round(1e6 * PRIORITY_CLASSES[p].defer_s) for p in (1, 2, 3, 4)]
    assert defer_us == [25, 25, 43, 79]


def saturated_collision(n: int) -> tuple[float, float]:
    """Fixed point (tau, p) of n nodes that all hear one another and always have data."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tau = transmit_probability(middle, CLASS_3.cw_min, CLASS_3.doublings)
        low, high = (middle, high) if 1 - (1 - tau) ** (n - 1) > middle else (low, middle)
    return transmit_probability(low, CLASS_3.cw_min, CLASS_3.doublings), low


def saturated_airtime(n: int) -> float:
    """Share of time of transmissions without collision, n saturated nodes, each start T_mcot long.

    The renewal argument of Bianchi, Eq (13): idle sensing slots, and starts that take T_mcot and T_d.
    """
    tau, _ = saturated_collision(n)
    busy = 1 - (1 - tau) ** n
    alone = n * tau * (1 - tau) ** (n - 1)
    return alone * CLASS_3.mcot_s / ((1 - busy) * SENSING_SLOT_S + busy * (CLASS_3.mcot_s + CLASS_3.defer_s))


@pytest.mark.parametrize(
    ("n", "tau", "collision", "airtime"),
    [(2, 0.10507, 0.1051, 0.935), (5, 0.08216, 0.2903, 0.830), (10, 0.06488, 0.4532, 0.721)],
)
def test_saturated_nodes_meet_bianchis_fixed_point(
    n: int, tau: float, collision: float, airtime: float
) -> None:
    assert saturated_collision(n) == pytest.approx((tau, collision), abs=1e-4)
    assert saturated_airtime(n) == pytest.approx(airtime, abs=1e-3)


@given(st.lists(st.floats(0, 1), max_size=9))
def test_fair_share_solves_its_equation(others: list[float]) -> None:
    share = fair_share(np.array(others, dtype=np.float64))
    assert share + sum(min(used, share) for used in others) == pytest.approx(1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_who_is_silent_does_not_count(others: list[float]) -> None:
    silent = [0.0, *others, 0.0]
    assert fair_share(np.array(silent)) == pytest.approx(fair_share(np.array(others)))


def all_hear_all(n: int) -> Floats:
    return (1 - np.eye(n))[None]


def used(wanted: list[float], heard: Floats, starts: float = 0.0) -> Floats:
    neighbours, n = find_neighbours(heard), len(wanted)
    return used_airtime(np.array(wanted), neighbours.node[0], neighbours.number[0], np.full(n, starts), 1.0)[
        0
    ]


@given(st.lists(st.floats(0, 2), min_size=1, max_size=6))
def test_where_all_hear_all_airtime_is_max_min_fair(wanted: list[float]) -> None:
    got = used(wanted, all_hear_all(len(wanted)))
    assert got.sum() == pytest.approx(min(1.0, sum(wanted)), abs=1e-9)
    short = [g for g, w in zip(got, wanted, strict=True) if g < w - 1e-9]
    assert all(abs(a - b) < 1e-9 for a, b in pairwise(short))
    assert not short or max(got) <= max(short) + 1e-9


def test_who_is_not_heard_takes_nothing() -> None:
    assert_allclose(used([1.0, 1.0], np.zeros((1, 2, 2))), [1, 1])


def test_ends_of_a_chain_use_what_its_middle_cannot() -> None:
    chain = np.array([[[0, 1, 0], [1, 0, 1], [0, 1, 0]]], dtype=np.float64)
    assert_allclose(used([1.0, 1.0, 1.0], chain), [2 / 3, 1 / 3, 2 / 3])


def test_time_of_those_who_started_along_is_not_heard() -> None:
    assert used([1.0, 1.0], all_hear_all(2)).sum() == pytest.approx(1)
    assert used([1.0, 1.0], all_hear_all(2), starts=0.2).sum() > 1  # on the air at the same time


def test_channels_are_shared_with_others_only() -> None:
    same = shares_channel(np.array([[0, 1, 0]], dtype=np.int32))
    assert same[0].tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
