# SPDX-License-Identifier: GPL-2.0-only
"""One step's handovers of all UEs: what conditions trigger, what comes of that, and again.

A handover detaches at once and completes after the outage of `rrc.outage_s`; then conditions are evaluated
anew, in the same step if there is time left.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.arrays import Index, Mask
from pyagents.scenarios.indoor_factory.mock.interference import Aggressors
from pyagents.scenarios.indoor_factory.mock.measurement import Instants, filtered_rsrp_dbm
from pyagents.scenarios.indoor_factory.mock.rrc import (
    NO_TARGET,
    PRACH_PERIOD_S,
    REESTABLISHMENT_S,
    RrcRules,
    first_trigger,
    occasions,
    outage_s,
)
from pyagents.scenarios.indoor_factory.mock.state import Rrc
from pyagents.simulators.compiled import compiled

MAX_ROUNDS = 8
"""Handovers of one UE in one step, at most."""
_SERVING, _TARGET, _PREVIOUS, _REESTABLISHES = range(4)
"""In `Rrc.cells`."""
_DONE, _LAST = range(2)
"""In `Rrc.times_s`."""
_HANDOVERS, _PING_PONGS, _FAILURES = range(3)
"""In `Rrc.counts`."""


@dataclass(kw_only=True, eq=False, slots=True)
class Surroundings:
    """What UEs go by in one step. B halls, G gNBs, N nodes, U UEs, of which the first M move."""

    at: Instants
    """When they measure."""
    now_s: float
    """When the step starts."""
    end_s: float
    """When it ends."""
    before_dbm: Floats
    """[B, G, U] filtered RSRP at the start of the step."""
    after_dbm: Floats
    """[B, G, U] filtered RSRP at its end."""
    true_start_dbm: Floats
    """[B, G, M] true RSRP of the moving UEs at the start of the step."""
    true_end_dbm: Floats
    """[B, G, M] likewise at its end."""
    cho_target: Ints
    """[B, U] candidates as configured at the start of the step."""
    load: Floats
    """[B, G, U] of cells, as each UE last heard it; NaN: never."""
    cho_cost_margin: float
    """By so much a candidate must cost less than the serving cell; NaN: it need not."""
    cio_db: Floats
    """[B, G, G]."""
    rx_dbm: Floats
    """[B, N, U] power that the UEs receive of each node."""
    co_channel: Aggressors
    """Co-channel neighbours of each cell."""
    used: Floats
    """[B, N] share of time that nodes transmit."""
    prach_threshold_dbm: float
    """A UE senses the channel busy from this power on."""
    chance: Floats
    """[B, U] uniform numbers: how many preambles."""


@dataclass(kw_only=True, eq=False, slots=True)
class Moves:
    """What a step's handovers come to."""

    rrc: Rrc
    moved: Index
    """UEs of the flattened [B, U] that have entered a cell."""
    away: Index
    """UEs of the flattened [B, U] that are without a cell at the end of the step."""


def hand_over(rrc: Rrc, around: Surroundings, rules: RrcRules) -> Moves:
    """Evaluate all conditions through one step and carry out what they trigger.

    Args:
        rrc: at the start of the step.
        around: what UEs go by.
        rules: of handovers.
    """
    cho_target, cells, times_s, counts, held_since_s, moved, away = _play(
        np.ascontiguousarray(around.cho_target, dtype=np.int32),
        rrc.cho_target,
        rrc.cells,
        rrc.times_s,
        rrc.counts,
        rrc.held_since_s,
        around.at.time_s,
        around.at.weights,
        around.now_s,
        around.end_s,
        around.before_dbm,
        around.after_dbm,
        np.ascontiguousarray(around.true_start_dbm),
        np.ascontiguousarray(around.true_end_dbm),
        around.load,
        around.cho_cost_margin,
        np.ascontiguousarray(around.cio_db),
        around.rx_dbm,
        np.ascontiguousarray(around.co_channel.node),
        np.ascontiguousarray(around.co_channel.exists),
        around.used,
        around.prach_threshold_dbm,
        np.ascontiguousarray(around.chance),
        rules,
    )
    after = Rrc(cho_target=cho_target, cells=cells, times_s=times_s, counts=counts, held_since_s=held_since_s)
    return Moves(rrc=after, moved=moved, away=away)


class _Ues(NamedTuple):
    """The UEs' RRC state, changed in place; see `Rrc`."""

    cho_target: Ints
    cells: Ints
    times_s: Floats
    counts: Floats
    held_since_s: Floats


class _Measured(NamedTuple):
    """What they measure; see `Surroundings`."""

    instant_s: Floats
    """[K + 2] the start of the step, its measurements, its end."""
    span_s: Floats
    """[2] its start and its end."""
    weights: Floats
    before_dbm: Floats
    after_dbm: Floats
    true_start_dbm: Floats
    true_end_dbm: Floats
    cio_db: Floats
    margin_db: Floats
    """[K + 1] room for the margins of a UE and a cell."""
    may_trigger: Mask
    """[G] room for `_a3_may_trigger`."""


class _Air(NamedTuple):
    """What their preambles meet; see `Surroundings`."""

    after_dbm: Floats
    rx_dbm: Floats
    neighbour: Index
    exists: Floats
    used: Floats
    prach_threshold_dbm: float
    chance: Floats


@compiled
def _play(
    wanted: Ints,
    cho_target_before: Ints,
    cells_before: Ints,
    times_before_s: Floats,
    counts_before: Floats,
    held_before_s: Floats,
    time_s: Floats,
    weights: Floats,
    now_s: float,
    end_s: float,
    before_dbm: Floats,
    after_dbm: Floats,
    true_start_dbm: Floats,
    true_end_dbm: Floats,
    load: Floats,
    cho_cost_margin: float,
    cio_db: Floats,
    rx_dbm: Floats,
    neighbour: Index,
    exists: Floats,
    used: Floats,
    prach_threshold_dbm: float,
    chance: Floats,
    rules: RrcRules,
) -> tuple[Ints, Ints, Floats, Floats, Floats, Index, Index]:
    """One step of all halls' UEs: the fields of `Rrc` at its end, then `Moves.moved` and `Moves.away`."""
    halls, n_ues = wanted.shape
    cho_target, cells, times_s, counts = (
        wanted.copy(),
        cells_before.copy(),
        times_before_s.copy(),
        counts_before.copy(),
    )
    held_since_s = np.full_like(held_before_s, np.inf)
    moved, away = np.empty(halls * n_ues, dtype=np.intp), np.empty(halls * n_ues, dtype=np.intp)
    instant_s = now_s + time_s
    instant_s[-1] = end_s
    span_s = np.array([now_s, end_s])
    margin_db, may_trigger = np.empty(len(weights)), np.empty(after_dbm.shape[1], dtype=np.bool_)
    measured = _Measured(
        instant_s,
        span_s,
        weights,
        before_dbm,
        after_dbm,
        true_start_dbm,
        true_end_dbm,
        cio_db,
        margin_db,
        may_trigger,
    )
    air = _Air(after_dbm, rx_dbm, neighbour, exists, used, prach_threshold_dbm, chance)
    ues = _Ues(cho_target, cells, times_s, counts, held_since_s)
    n_moved, n_away = 0, 0
    for hall in range(halls):
        for ue in range(n_ues):
            serving, candidate = cells[_SERVING, hall, ue], cho_target[hall, ue]
            if times_s[_DONE, hall, ue] < np.inf:
                may_move = True
            elif candidate == NO_TARGET:
                may_move = _a3_may_trigger(measured, rules, hall, ue, serving)
            else:
                may_move = candidate != serving and _is_cheaper(
                    load, cho_cost_margin, hall, ue, candidate, serving
                )
            if not may_move:
                continue
            if candidate == cho_target_before[hall, ue]:
                held_since_s[hall, :, ue] = held_before_s[hall, :, ue]
            entered = False
            for turn in range(MAX_ROUNDS):
                if times_s[_DONE, hall, ue] == np.inf:
                    cell, at_s = _next_trigger(ues, measured, rules, hall, ue, turn == 0)
                    if cell == NO_TARGET:
                        break
                    _detach(ues, air, rules, hall, ue, cell, at_s)
                if times_s[_DONE, hall, ue] >= end_s:
                    break
                _enter(cho_target, cells, times_s, counts, rules.ping_pong_window_s, hall, ue)
                entered = True
            if entered:
                moved[n_moved] = hall * n_ues + ue
                n_moved += 1
            if times_s[_DONE, hall, ue] < np.inf:
                away[n_away] = hall * n_ues + ue
                n_away += 1
    return cho_target, cells, times_s, counts, held_since_s, moved[:n_moved], away[:n_away]


@compiled
def _a3_may_trigger(measured: _Measured, rules: RrcRules, hall: int, ue: int, serving: int) -> bool:
    """Whether bounds that need no instants leave a UE any cell for A3 to trigger; `may_trigger` says which.

    Filtered RSRP stays between what it was and what it truly is at the start and at the end.
    """
    moves, some = ue < measured.true_start_dbm.shape[2], False
    needed_db = rules.a3_offset_db + rules.a3_hysteresis_db
    if moves:
        needed_dbm = needed_db + min(
            measured.before_dbm[hall, serving, ue],
            measured.true_start_dbm[hall, serving, ue],
            measured.true_end_dbm[hall, serving, ue],
        )
    else:
        needed_dbm = needed_db + measured.after_dbm[hall, serving, ue]
    for cell in range(measured.after_dbm.shape[1]):
        if moves:
            highest_dbm = max(
                measured.before_dbm[hall, cell, ue],
                measured.true_start_dbm[hall, cell, ue],
                measured.true_end_dbm[hall, cell, ue],
            )
        else:
            highest_dbm = measured.after_dbm[hall, cell, ue]
        may = cell != serving and highest_dbm + measured.cio_db[hall, serving, cell] >= needed_dbm
        measured.may_trigger[cell] = may
        some |= may
    return some


@compiled
def _is_cheaper(
    load: Floats, cho_cost_margin: float, hall: int, ue: int, candidate: int, serving: int
) -> bool:
    """Whether a UE's candidate costs enough less than its serving cell; if a load was never heard: no."""
    other, own = _cost(load[hall, candidate, ue]), _cost(load[hall, serving, ue])
    return math.isnan(cho_cost_margin) or other + cho_cost_margin < own


@compiled
def _cost(load: float) -> float:
    """Of a cell of some load (paper, Eq (4))."""
    return np.inf if load >= 1 else 1 / (1 - load)


@compiled
def _next_trigger(
    ues: _Ues, measured: _Measured, rules: RrcRules, hall: int, ue: int, first: bool
) -> tuple[int, float]:
    """The cell whose condition triggers next, and when; the strongest of several at the same time.

    Args:
        ues: of these,
        measured: and what they measure,
        rules: by these rules,
        hall: in this hall,
        ue: the UE meant.
        first: whether from the start of the step on; else from the UE's last handover on.

    Returns:
        The cell; -1: none does in this step.
        The time.
    """
    serving, candidate = ues.cells[_SERVING, hall, ue], ues.cho_target[hall, ue]
    by_a3 = candidate == NO_TARGET
    hysteresis_db = rules.a3_hysteresis_db if by_a3 else 0.0
    wait_s = rules.a3_time_to_trigger_s if by_a3 else rules.cho_time_to_trigger_s
    start_s = measured.span_s[0] if first else ues.times_s[_LAST, hall, ue]
    chosen, chosen_s, chosen_dbm = NO_TARGET, np.inf, -np.inf
    for cell in range(measured.after_dbm.shape[1]):
        if cell == serving or not (by_a3 or cell == candidate):
            continue
        if by_a3 and first and not measured.may_trigger[cell]:
            ues.held_since_s[hall, cell, ue] = np.inf
            continue
        if ue < measured.true_start_dbm.shape[2]:
            instant_s, margin_db = measured.instant_s, measured.margin_db
        else:  # it stands still and measures the same all through the step
            instant_s, margin_db = measured.span_s, measured.margin_db[:1]
        for k in range(len(margin_db)):
            rsrp_dbm = _filtered_dbm(measured, hall, cell, ue, k)
            if by_a3:
                own_dbm = _filtered_dbm(measured, hall, serving, ue, k)
                if own_dbm == -np.inf:  # never measured: nothing to compare with
                    own_dbm = np.inf
                margin_db[k] = rsrp_dbm + measured.cio_db[hall, serving, cell] - own_dbm - rules.a3_offset_db
            else:
                margin_db[k] = rsrp_dbm - rules.cho_threshold_dbm
        held_since_s = ues.held_since_s[hall, cell, ue]
        time_s, since_s = first_trigger(margin_db, instant_s, hysteresis_db, wait_s, held_since_s, start_s)
        ues.held_since_s[hall, cell, ue] = since_s
        after_dbm = measured.after_dbm[hall, cell, ue]
        if time_s < chosen_s or (time_s == chosen_s and time_s < np.inf and after_dbm > chosen_dbm):
            chosen, chosen_s, chosen_dbm = cell, time_s, after_dbm
    return chosen, chosen_s


@compiled
def _filtered_dbm(measured: _Measured, hall: int, cell: int, ue: int, k: int) -> float:
    """Filtered RSRP of a cell from instant k on."""
    filtered_dbm: float = measured.after_dbm[hall, cell, ue]
    if ue < measured.true_start_dbm.shape[2]:
        filtered_dbm = filtered_rsrp_dbm(
            measured.weights[k],
            measured.before_dbm[hall, cell, ue],
            measured.true_start_dbm[hall, cell, ue],
            measured.true_end_dbm[hall, cell, ue],
        )
    return filtered_dbm


@compiled
def _detach(ues: _Ues, air: _Air, rules: RrcRules, hall: int, ue: int, cell: int, time_s: float) -> None:
    """A UE leaves its cell for another.

    Args:
        ues: of these,
        air: and with this on the air,
        rules: by these rules,
        hall: in this hall,
        ue: the UE meant.
        cell: its target.
        time_s: when.
    """
    clear, blocked = 1 - air.chance[hall, ue], _blocked(air, hall, cell, ue)
    duration_s, fails = outage_s(blocked, clear, rules)
    ues.held_since_s[hall, :, ue] = np.inf
    ues.cells[_TARGET, hall, ue] = cell
    ues.times_s[_DONE, hall, ue] = time_s + duration_s
    if fails:
        _select_cell(ues.cells, ues.times_s, air, rules, hall, ue, time_s + rules.t304_s, blocked, clear)
        ues.counts[_FAILURES, hall, ue] += 1


@compiled
def _select_cell(
    cells: Ints,
    times_s: Floats,
    air: _Air,
    rules: RrcRules,
    hall: int,
    ue: int,
    time_s: float,
    blocked: float,
    clear: float,
) -> None:
    """After T304 a UE selects the strongest cell that has not failed (TS 38.331 5.3.7.3).

    If it is a prepared one it hands over to it; if not, as the source never is, it re-establishes there.

    Args:
        cells: of `Rrc`, changed in place,
        times_s: like these,
        air: with this on the air,
        rules: by these rules,
        hall: in this hall,
        ue: of the UE meant.
        time_s: when T304 expires.
        blocked: probability with which preambles were put off until then.
        clear: the uniform number by which they were.
    """
    failed, best, best_dbm = cells[_TARGET, hall, ue], 0, -np.inf
    for cell in range(air.after_dbm.shape[1]):
        if cell != failed and air.after_dbm[hall, cell, ue] > best_dbm:
            best, best_dbm = cell, air.after_dbm[hall, cell, ue]
    known = best != cells[_SERVING, hall, ue] and best_dbm >= rules.cho_threshold_dbm
    prepared = known and rules.cho_max_candidates > 1
    # What is left of a number once so many preambles were put off is as good as a new one.
    tried = np.floor((rules.t304_s - rules.interruption_s) / PRACH_PERIOD_S) + 1
    clear = min(max(clear / min(blocked, 1 - 1e-9) ** tried, 1e-300), 1.0)
    put_off_s = occasions(_blocked(air, hall, best, ue), clear) * PRACH_PERIOD_S
    wait_s = rules.interruption_s if prepared else REESTABLISHMENT_S
    cells[_TARGET, hall, ue] = best
    cells[_REESTABLISHES, hall, ue] = not prepared
    times_s[_DONE, hall, ue] = time_s + wait_s + min(put_off_s, rules.t304_s)


@compiled
def _blocked(air: _Air, hall: int, cell: int, ue: int) -> float:
    """Probability that a UE senses a co-channel neighbour of its target just before a preamble."""
    first_node = hall * air.rx_dbm.shape[1]
    idle: float = 1.0
    for place in range(air.neighbour.shape[2]):
        node = air.neighbour[hall, cell, place] - first_node
        if air.exists[hall, cell, place] > 0 and air.rx_dbm[hall, node, ue] >= air.prach_threshold_dbm:
            idle *= 1 - air.used[hall, node]
    return 1 - idle


@compiled
def _enter(
    cho_target: Ints,
    cells: Ints,
    times_s: Floats,
    counts: Floats,
    ping_pong_window_s: float,
    hall: int,
    ue: int,
) -> None:
    """A UE enters the cell that it is on the way to."""
    time_s, target = times_s[_DONE, hall, ue], cells[_TARGET, hall, ue]
    if not cells[_REESTABLISHES, hall, ue]:  # which is no handover
        back = cells[_PREVIOUS, hall, ue] == target
        counts[_HANDOVERS, hall, ue] += 1
        counts[_PING_PONGS, hall, ue] += back and time_s <= times_s[_LAST, hall, ue] + (
            ping_pong_window_s + 1e-9
        )
        cells[_PREVIOUS, hall, ue] = cells[_SERVING, hall, ue]
    cells[_REESTABLISHES, hall, ue] = 0
    cells[_SERVING, hall, ue] = target
    times_s[_LAST, hall, ue] = time_s
    times_s[_DONE, hall, ue] = np.inf
    if cho_target[hall, ue] != NO_TARGET:
        cho_target[hall, ue] = target  # the candidate is released
