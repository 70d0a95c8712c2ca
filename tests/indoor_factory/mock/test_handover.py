# SPDX-License-Identifier: GPL-2.0-only
"""Which of several cells a UE goes to, and what it keeps in mind of the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.handover import (
    Surroundings,
    _a3_may_trigger,
    _Measured,
    hand_over,
)
from pyagents.scenarios.indoor_factory.mock.interference import Aggressors
from pyagents.scenarios.indoor_factory.mock.measurement import filtered_rsrp_dbm, instants
from pyagents.scenarios.indoor_factory.mock.rrc import NO_TARGET, RrcRules
from pyagents.scenarios.indoor_factory.mock.state import Rrc

GNBS = 4
RULES = RrcRules(
    cho_threshold_dbm=-90.0,
    cho_time_to_trigger_s=0.04,
    a3_offset_db=3.0,
    a3_hysteresis_db=1.0,
    a3_time_to_trigger_s=0.1,
    cho_max_candidates=8,
    interruption_s=0.01,
    t304_s=0.1,
    ping_pong_window_s=1.0,
)


def camping(cho_target: Ints) -> Rrc:
    """All of one hall's UEs are in cell 0, for ever."""
    shape = (1, len(cho_target))
    cells = np.zeros((4, *shape), dtype=np.int32)
    cells[2] = -1
    return Rrc(
        cho_target=cho_target[None],
        cells=cells,
        times_s=np.stack([np.full(shape, np.inf), np.full(shape, -np.inf)]),
        counts=np.zeros((3, *shape)),
        held_since_s=np.full((1, GNBS, len(cho_target)), np.inf),
    )


def still(rsrp_dbm: Floats, cho_target: Ints, *, load: Floats | None = None) -> Surroundings:
    """A second from 0 on, idle channels, UEs that do not move.

    Args:
        rsrp_dbm: [G, U].
        cho_target: [U].
        load: [G] of which candidates must have less than serving cells; None: they need not.
    """
    ues = rsrp_dbm.shape[1]
    nobody, places = np.empty((1, GNBS, 0)), np.zeros((1, GNBS, 2))
    return Surroundings(
        at=instants(1000, 20, 0, 4),
        now_s=0.0,
        end_s=1.0,
        before_dbm=rsrp_dbm[None],
        after_dbm=rsrp_dbm[None],
        true_start_dbm=nobody,
        true_end_dbm=nobody,
        cho_target=cho_target[None],
        load=np.repeat(np.zeros(GNBS) if load is None else load, ues).reshape(1, GNBS, ues),
        cho_cost_margin=np.nan if load is None else 0.0,
        cio_db=np.zeros((1, GNBS, GNBS)),
        rx_dbm=rsrp_dbm[None],
        co_channel=Aggressors(
            node=np.zeros((1, GNBS, 2), dtype=np.intp),
            unheard=np.zeros((2, 1, GNBS, 2)),
            heard=places,
            exists=places,
        ),
        used=np.zeros((1, GNBS)),
        prach_threshold_dbm=-70.0,
        chance=np.full((1, ues), 0.5),
    )


def test_of_cells_that_trigger_at_the_same_time_a_ue_enters_the_strongest() -> None:
    a3 = np.array([NO_TARGET], dtype=np.int32)
    moves = hand_over(camping(a3), still(np.array([[-60.0], [-50.0], [-40.0], [-45.0]]), a3), RULES)
    assert moves.rrc.serving.tolist() == [[2]]
    assert moves.rrc.times_s[1].tolist() == [[pytest.approx(0.11)]]
    assert moves.rrc.cho_target.tolist() == [[NO_TARGET]]
    assert moves.moved.tolist() == [0]


def test_a_weaker_cell_whose_condition_has_held_longer_is_entered_first_and_then_the_strongest() -> None:
    a3 = np.array([NO_TARGET], dtype=np.int32)
    before = camping(a3)
    before.held_since_s[0, 1, 0] = -0.05
    moves = hand_over(before, still(np.array([[-60.0], [-50.0], [-40.0], [-45.0]]), a3), RULES)
    assert moves.rrc.cells[:3, 0, 0].tolist() == [2, 2, 1]
    assert moves.rrc.times_s[1].tolist() == [[pytest.approx(0.05 + 0.01 + 0.1 + 0.01)]]
    assert moves.rrc.counts[:, 0, 0].tolist() == [2, 0, 0]


def test_conditions_that_hold_are_remembered_until_one_triggers() -> None:
    a3 = np.array([NO_TARGET, NO_TARGET], dtype=np.int32)
    rsrp = np.array([[-60.0, -60.0], [-50.0, -62.0], [-40.0, -60.0], [-63.5, -57.0]])
    slow = RULES._replace(a3_time_to_trigger_s=2.0)
    moves = hand_over(camping(a3), still(rsrp, a3), slow)
    # 4 dB better begins to hold; 3 dB better would keep holding, but has not begun.
    assert np.isfinite(moves.rrc.held_since_s[0]).tolist() == [
        [False, False],
        [True, False],
        [True, False],
        [False, False],
    ]
    assert moves.rrc.held_since_s[0, 1, 0] == 0
    assert len(moves.moved) == len(moves.away) == 0
    assert np.isinf(hand_over(camping(a3), still(rsrp, a3), RULES).rrc.held_since_s).all()


def test_a_new_candidate_has_not_held() -> None:
    one, two = np.array([1], dtype=np.int32), np.array([2], dtype=np.int32)
    slow, rsrp = RULES._replace(cho_time_to_trigger_s=2.0), np.full((GNBS, 1), -80.0)
    before = camping(one)
    before.held_since_s[0, 1:3] = -1.5
    assert hand_over(before, still(rsrp, one), slow).rrc.serving.tolist() == [[1]]
    after = hand_over(before, still(rsrp, two), slow).rrc
    assert after.serving.tolist() == [[0]]
    assert after.held_since_s[0, :, 0].tolist() == [np.inf, np.inf, 0, np.inf]


def test_only_cheaper_candidates_are_entered_where_load_counts() -> None:
    wanted = np.array([1, 2, 3], dtype=np.int32)
    around = still(np.full((GNBS, 3), -80.0), wanted, load=np.array([0.5, 0.4, 0.6, np.nan]))
    moves = hand_over(camping(wanted), around, RULES)
    assert moves.rrc.serving.tolist() == [[1, 0, 0]]
    assert moves.moved.tolist() == [0]


def test_nothing_of_the_state_before_changes() -> None:
    wanted = np.array([1, NO_TARGET], dtype=np.int32)
    before = camping(wanted)
    kept = [
        getattr(before, name).copy() for name in ("cho_target", "cells", "times_s", "counts", "held_since_s")
    ]
    rsrp = np.array([[-60.0, -60.0], [-50.0, -50.0], [-70.0, -70.0], [-70.0, -70.0]])
    moves = hand_over(before, still(rsrp, wanted), RULES)
    assert moves.rrc.serving.tolist() == [[1, 1]]
    assert moves.rrc.cho_target.tolist() == [[1, NO_TARGET]]
    for old, name in zip(kept, ("cho_target", "cells", "times_s", "counts", "held_since_s"), strict=True):
        np.testing.assert_array_equal(old, getattr(before, name))


def test_a_handover_that_outlasts_the_step_leaves_a_ue_without_a_cell() -> None:
    wanted = np.array([0, 1], dtype=np.int32)
    long = RULES._replace(interruption_s=0.97, t304_s=1.0)
    moves = hand_over(camping(wanted), still(np.full((GNBS, 2), -80.0), wanted), long)
    assert moves.rrc.serving.tolist() == [[0, 0]]
    assert moves.away.tolist() == [1]
    assert len(moves.moved) == 0
    np.testing.assert_array_equal(moves.rrc.times_s[0], [[np.inf, 0.04 + 0.97]])


dbm = st.floats(-120, -40)


@given(st.lists(st.tuples(dbm, dbm, dbm), min_size=GNBS, max_size=GNBS), st.floats(-6, 6))
def test_no_cell_is_ruled_out_that_a3_could_trigger(
    cells: list[tuple[float, float, float]], cio: float
) -> None:
    """A moving UE: the bounds, against the margin at each instant."""
    at, (before, start, end) = instants(160, 20, 0, 4), np.array(cells).T[:, None, :, None]
    cio_db = np.full((1, GNBS, GNBS), cio)
    may = np.empty(GNBS, dtype=np.bool_)
    measured = _Measured(
        instant_s=at.time_s,
        span_s=np.array([0.0, 0.16]),
        weights=at.weights,
        before_dbm=before.copy(),
        after_dbm=end.copy(),
        true_start_dbm=start.copy(),
        true_end_dbm=end.copy(),
        cio_db=cio_db,
        margin_db=np.empty(len(at.weights)),
        may_trigger=may,
    )
    some = _a3_may_trigger(measured, RULES, 0, 0, 0)
    assert some == may.any()
    assert not may[0]  # the serving cell
    for cell in range(1, GNBS):
        for weights in at.weights:
            margin = filtered_rsrp_dbm(weights, *cells[cell]) - filtered_rsrp_dbm(weights, *cells[0])
            assert may[cell] or margin + cio - RULES.a3_offset_db < -RULES.a3_hysteresis_db + 1e-9
