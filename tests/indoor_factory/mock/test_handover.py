# SPDX-License-Identifier: GPL-2.0-only
"""Which of several cells a UE goes to, and what it keeps in mind of the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.handover import (
    Moves,
    Seen,
    Surroundings,
    _a3_may_trigger,
    hand_over,
)
from pyagents.scenarios.indoor_factory.mock.measurement import filtered_rsrp_dbm, instants
from pyagents.scenarios.indoor_factory.mock.rrc import NO_TARGET, RrcRules
from pyagents.scenarios.indoor_factory.mock.state import RrcRows

GNBS = 4
RULES = RrcRules(
    cho_threshold_dbm=-90.0,
    cho_time_to_trigger_s=0.04,
    cho_cost_margin=np.nan,
    a3_offset_db=3.0,
    a3_hysteresis_db=1.0,
    a3_time_to_trigger_s=0.1,
    cho_max_candidates=8,
    interruption_s=0.01,
    t304_s=0.1,
    ping_pong_window_s=1.0,
    prach_threshold_dbm=-70.0,
)


def camping(cho_target: Ints) -> RrcRows:
    """All of one hall's UEs are in cell 0, for ever."""
    rows = (5, 1, len(cho_target))
    before = RrcRows(np.zeros(rows, dtype=np.int32), np.zeros(rows), np.full((1, GNBS, rows[2]), np.inf))
    named = before.named
    named.cho_target[:], named.previous[:] = cho_target, -1
    named.completes_s[:], named.entered_s[:] = np.inf, -np.inf
    return before


def seen(rsrp_dbm: Floats) -> Seen:
    """A second from 0 on of UEs that do not move and receive so much [G, U]."""
    at, nobody = instants(1000, 20, 0, 4), np.empty((1, GNBS, 0))
    return Seen(
        instant_s=at.time_s,
        weights=at.weights,
        before_dbm=rsrp_dbm[None],
        after_dbm=rsrp_dbm[None],
        start_dbm=nobody,
        end_dbm=nobody,
        cio_db=np.zeros((1, GNBS, GNBS)),
    )


def played(
    before: RrcRows, rsrp_dbm: Floats, wanted: Ints, rules: RrcRules = RULES, load: Floats | None = None
) -> Moves:
    """A second on idle channels.

    Args:
        before: it.
        rsrp_dbm: [G, U] that UEs receive, who do not move.
        wanted: [U] candidates.
        rules: of handovers.
        load: [G] as all UEs have heard it; None: 0.
    """
    ues = rsrp_dbm.shape[1]
    around = Surroundings(
        load=np.repeat(np.zeros(GNBS) if load is None else load, ues).reshape(1, GNBS, ues),
        rx_dbm=rsrp_dbm[None],
        node=np.zeros((1, GNBS, 2), dtype=np.intp),
        exists=np.zeros((1, GNBS, 2)),
        used=np.zeros((1, GNBS)),
        chance=np.full((1, ues), 0.5),
    )
    return hand_over(before, wanted[None], seen(rsrp_dbm), around, rules)


def test_of_cells_that_trigger_at_the_same_time_a_ue_enters_the_strongest() -> None:
    a3 = np.array([NO_TARGET], dtype=np.int32)
    moves = played(camping(a3), np.array([[-60.0], [-50.0], [-40.0], [-45.0]]), a3)
    assert moves.rrc.named.serving.tolist() == [[2]]
    assert moves.rrc.named.entered_s.tolist() == [[pytest.approx(0.11)]]
    assert moves.rrc.named.cho_target.tolist() == [[NO_TARGET]]
    assert moves.moved.tolist() == [[True]]


def test_a_weaker_cell_whose_condition_has_held_longer_is_entered_first_and_then_the_strongest() -> None:
    a3 = np.array([NO_TARGET], dtype=np.int32)
    before = camping(a3)
    before.held_since_s[0, 1, 0] = -0.05
    moves = played(before, np.array([[-60.0], [-50.0], [-40.0], [-45.0]]), a3)
    rrc = moves.rrc.named
    assert rrc.serving.tolist() == rrc.target.tolist() == [[2]]
    assert rrc.previous.tolist() == [[1]]
    assert rrc.entered_s.tolist() == [[pytest.approx(0.05 + 0.01 + 0.1 + 0.01)]]
    assert rrc.handovers.tolist() == [[2]]
    assert rrc.ping_pongs.tolist() == rrc.failures.tolist() == [[0]]


def test_conditions_that_hold_are_remembered_until_one_triggers() -> None:
    a3 = np.array([NO_TARGET, NO_TARGET], dtype=np.int32)
    rsrp = np.array([[-60.0, -60.0], [-50.0, -62.0], [-40.0, -60.0], [-63.5, -57.0]])
    slow = RULES._replace(a3_time_to_trigger_s=2.0)
    moves = played(camping(a3), rsrp, a3, slow)
    # 4 dB better begins to hold; 3 dB better would keep holding, but has not begun.
    assert np.isfinite(moves.rrc.held_since_s[0]).tolist() == [
        [False, False],
        [True, False],
        [True, False],
        [False, False],
    ]
    assert moves.rrc.held_since_s[0, 1, 0] == 0
    assert not moves.moved.any()
    assert not moves.away.any()
    assert np.isinf(played(camping(a3), rsrp, a3).rrc.held_since_s).all()


def test_a_new_candidate_has_not_held() -> None:
    one, two = np.array([1], dtype=np.int32), np.array([2], dtype=np.int32)
    slow, rsrp = RULES._replace(cho_time_to_trigger_s=2.0), np.full((GNBS, 1), -80.0)
    before = camping(one)
    before.held_since_s[0, 1:3] = -1.5
    assert played(before, rsrp, one, slow).rrc.named.serving.tolist() == [[1]]
    after = played(before, rsrp, two, slow).rrc.named
    assert after.serving.tolist() == [[0]]
    assert after.held_since_s[0, :, 0].tolist() == [np.inf, np.inf, 0, np.inf]


def test_only_cheaper_candidates_are_entered_where_load_counts() -> None:
    wanted = np.array([1, 2, 3], dtype=np.int32)
    cheaper, load = RULES._replace(cho_cost_margin=0.0), np.array([0.5, 0.4, 0.6, np.nan])
    moves = played(camping(wanted), np.full((GNBS, 3), -80.0), wanted, cheaper, load)
    assert moves.rrc.named.serving.tolist() == [[1, 0, 0]]
    assert moves.moved.tolist() == [[True, False, False]]


def test_nothing_of_the_state_before_changes() -> None:
    wanted = np.array([1, NO_TARGET], dtype=np.int32)
    before = camping(wanted)
    kept = [array.copy() for array in before]
    rsrp = np.array([[-60.0, -60.0], [-50.0, -50.0], [-70.0, -70.0], [-70.0, -70.0]])
    moves = played(before, rsrp, wanted)
    assert moves.rrc.named.serving.tolist() == [[1, 1]]
    assert moves.rrc.named.cho_target.tolist() == [[1, NO_TARGET]]
    for old, now in zip(kept, before, strict=True):
        np.testing.assert_array_equal(old, now)


def test_a_handover_that_outlasts_the_step_leaves_a_ue_without_a_cell() -> None:
    wanted = np.array([0, 1], dtype=np.int32)
    long = RULES._replace(interruption_s=0.97, t304_s=1.0)
    moves = played(camping(wanted), np.full((GNBS, 2), -80.0), wanted, long)
    assert moves.rrc.named.serving.tolist() == [[0, 0]]
    assert moves.away.tolist() == [[False, True]]
    assert not moves.moved.any()
    np.testing.assert_array_equal(moves.rrc.named.completes_s, [[np.inf, 0.04 + 0.97]])


dbm = st.floats(-120, -40)


@given(st.lists(st.tuples(dbm, dbm, dbm), min_size=GNBS, max_size=GNBS), st.floats(-6, 6))
def test_no_cell_is_ruled_out_that_a3_could_trigger(
    cells: list[tuple[float, float, float]], cio: float
) -> None:
    """A moving UE: the bounds, against the margin at each instant."""
    at, (before, start, end) = instants(160, 20, 0, 4), np.array(cells).T[:, None, :, None]
    walking = seen(end[0])._replace(
        before_dbm=before.copy(),
        start_dbm=start.copy(),
        end_dbm=end.copy(),
        cio_db=np.full((1, GNBS, GNBS), cio),
    )
    may = np.empty(GNBS, dtype=np.bool_)
    some = _a3_may_trigger(walking, RULES, 0, 0, 0, may)
    assert some == may.any()
    assert not may[0]  # the serving cell
    for cell in range(1, GNBS):
        for weights in at.weights:
            margin = filtered_rsrp_dbm(weights, *cells[cell]) - filtered_rsrp_dbm(weights, *cells[0])
            assert may[cell] or margin + cio - RULES.a3_offset_db < -RULES.a3_hysteresis_db + 1e-9
