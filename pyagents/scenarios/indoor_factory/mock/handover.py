# SPDX-License-Identifier: GPL-2.0-only
"""One step's handovers of all UEs: what conditions trigger, what comes of that, and again.

A handover detaches at once and completes after the outage of `rrc.outage_s`; then conditions are evaluated
anew, in the same step if there is time left.
"""

import math
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Index, Ints, Mask
from pyagents.scenarios.indoor_factory.mock.measurement import filtered_rsrp_dbm
from pyagents.scenarios.indoor_factory.mock.rrc import (
    NO_TARGET,
    PRACH_PERIOD_S,
    REESTABLISHMENT_S,
    RrcRules,
    first_trigger,
    occasions,
    outage_s,
)
from pyagents.scenarios.indoor_factory.mock.state import Rrc, RrcRows
from pyagents.simulators.compiled import compiled, inlined

MAX_ROUNDS = 8
"""Handovers of one UE in one step, at most."""


class Seen(NamedTuple):
    """What UEs measure in one step. B halls, G gNBs, N nodes, U UEs, of which the first M move."""

    instant_s: Floats
    """[K + 2] its start, its measurements, its end."""
    weights: Floats
    """[K + 1, 3] of `Instants`."""
    before_dbm: Floats
    """[B, G, U] filtered RSRP at the start of the step."""
    after_dbm: Floats
    """[B, G, U] filtered RSRP at its end."""
    start_dbm: Floats
    """[B, G, M] true RSRP of the moving UEs at the start of the step."""
    end_dbm: Floats
    """[B, G, M] likewise at its end."""
    cio_db: Floats
    """[B, G, G]."""


class Surroundings(NamedTuple):
    """What else they go by."""

    load: Floats
    """[B, G, U] of cells, as each UE last heard it; NaN: never."""
    rx_dbm: Floats
    """[B, N, U] power that the UEs receive of each node."""
    node: Index
    """[B, G, K] co-channel neighbours of each cell; of Aggressors, as is the next."""
    exists: Floats
    """[B, G, K]."""
    used: Floats
    """[B, N] share of time that nodes transmit."""
    chance: Floats
    """[B, U] uniform numbers: how many preambles."""


class Room(NamedTuple):
    """Arrays that one UE after the other writes into, so that none is made for each."""

    ends_s: Floats
    """[2] start and end of the step."""
    margin_db: Floats
    """[K + 1] of a UE and a cell."""
    may_trigger: Mask
    """[G] of `_a3_may_trigger`."""


class Moves(NamedTuple):
    """What a step's handovers come to."""

    rrc: RrcRows
    moved: Mask
    """[B, U] whether a UE has entered a cell."""
    away: Mask
    """[B, U] whether it is without one at the end of the step."""


def hand_over(before: RrcRows, wanted: Ints, seen: Seen, around: Surroundings, rules: RrcRules) -> Moves:
    """Evaluate all conditions through one step and carry out what they trigger.

    Args:
        before: the step.
        wanted: [B, U] candidates as configured at its start.
        seen: what UEs measure.
        around: what else they go by.
        rules: of handovers.
    """
    after = RrcRows(before.cells.copy(), before.values.copy(), np.empty_like(before.held_since_s))
    after.cells[0] = wanted
    moved, away = np.zeros((2, *wanted.shape), dtype=np.bool_)
    _play(before, after, moved, away, seen, around, rules)
    return Moves(after, moved, away)


@compiled
def _play(
    before: RrcRows,
    after: RrcRows,
    moved: Mask,
    away: Mask,
    seen: Seen,
    around: Surroundings,
    rules: RrcRules,
) -> None:
    """See `hand_over`: changes `after`, `moved` and `away` in place."""
    ids, values = after.cells, after.values
    rrc = Rrc(
        cho_target=ids[0],
        serving=ids[1],
        target=ids[2],
        previous=ids[3],
        reestablishes=ids[4],
        completes_s=values[0],
        entered_s=values[1],
        handovers=values[2],
        ping_pongs=values[3],
        failures=values[4],
        held_since_s=after.held_since_s,
    )
    candidate_of, serving_of, completes_s, end_s = ids[0], ids[1], values[0], seen.instant_s[-1]
    may_trigger = np.empty(seen.after_dbm.shape[1], dtype=np.bool_)
    room = Room(np.array([seen.instant_s[0], end_s]), np.empty(len(seen.instant_s) - 1), may_trigger)
    rrc.held_since_s[:] = np.inf
    for hall in range(moved.shape[0]):
        for ue in range(moved.shape[1]):
            serving, candidate = int(serving_of[hall, ue]), int(candidate_of[hall, ue])
            if completes_s[hall, ue] == np.inf:  # is there a condition that can trigger?
                if candidate == NO_TARGET:
                    if not _a3_may_trigger(seen, rules, hall, ue, serving, may_trigger):
                        continue
                elif candidate == serving or not _is_cheaper(
                    around.load[hall, candidate, ue], around.load[hall, serving, ue], rules.cho_cost_margin
                ):
                    continue
            if candidate == before.cells[0, hall, ue]:
                rrc.held_since_s[hall, :, ue] = before.held_since_s[hall, :, ue]
            for turn in range(MAX_ROUNDS):
                if rrc.completes_s[hall, ue] == np.inf:
                    cell, at_s = _next_trigger(rrc, seen, rules, hall, ue, turn == 0, room)
                    if cell == NO_TARGET:
                        break
                    _detach(rrc, seen.after_dbm, around, rules, hall, ue, cell, at_s)
                if rrc.completes_s[hall, ue] >= end_s:
                    break
                _enter(rrc, rules, hall, ue)
                moved[hall, ue] = True
            away[hall, ue] = rrc.completes_s[hall, ue] < np.inf


@compiled
def _is_cheaper(other: float, own: float, cost_margin: float) -> bool:
    """Whether a load costs enough less than another (paper, Eq (4)); not if one was never heard: NaN."""
    return math.isnan(cost_margin) or _cost(other) + cost_margin < _cost(own)


@compiled
def _cost(load: float) -> float:
    return np.inf if load >= 1 else 1 / (1 - load)


@inlined
def _a3_may_trigger(seen: Seen, rules: RrcRules, hall: int, ue: int, serving: int, may_trigger: Mask) -> bool:
    """Whether bounds that need no instants leave a UE any cell for A3 to trigger; `may_trigger` [G]: which.

    Filtered RSRP stays between what it was and what it truly is at the start and at the end.
    """
    moves, some, needed_db = ue < seen.start_dbm.shape[2], False, rules.a3_offset_db + rules.a3_hysteresis_db
    needed_dbm = needed_db + seen.after_dbm[hall, serving, ue]
    if moves:
        start_dbm, end_dbm = seen.start_dbm[hall, serving, ue], seen.end_dbm[hall, serving, ue]
        needed_dbm = needed_db + min(seen.before_dbm[hall, serving, ue], start_dbm, end_dbm)
    for cell in range(len(may_trigger)):
        highest_dbm = seen.after_dbm[hall, cell, ue]
        if moves:
            start_dbm, end_dbm = seen.start_dbm[hall, cell, ue], seen.end_dbm[hall, cell, ue]
            highest_dbm = max(seen.before_dbm[hall, cell, ue], start_dbm, end_dbm)
        may = cell != serving and highest_dbm + seen.cio_db[hall, serving, cell] >= needed_dbm
        may_trigger[cell] = may
        some |= may
    return some


@inlined
def _next_trigger(
    rrc: Rrc, seen: Seen, rules: RrcRules, hall: int, ue: int, first: bool, room: Room
) -> tuple[int, float]:
    """The cell whose condition triggers next and when; the strongest of several at once; -1: none does.

    Args:
        rrc: says since when conditions have held; changed in place.
        seen: what the UE measures.
        rules: of handovers.
        hall: of the UE.
        ue: the UE meant.
        first: whether from the start of the step on; else from the UE's last handover on.
        room: of all UEs; what may trigger counts at first.
    """
    serving, candidate = int(rrc.serving[hall, ue]), int(rrc.cho_target[hall, ue])
    by_a3 = candidate == NO_TARGET
    hysteresis_db = rules.a3_hysteresis_db if by_a3 else 0.0
    wait_s = rules.a3_time_to_trigger_s if by_a3 else rules.cho_time_to_trigger_s
    # One that stands still measures the same all through the step.
    instant_s = seen.instant_s if ue < seen.start_dbm.shape[2] else room.ends_s
    margin_db = room.margin_db[: len(instant_s) - 1]
    start_s = seen.instant_s[0] if first else rrc.entered_s[hall, ue]
    chosen, chosen_s, chosen_dbm = NO_TARGET, np.inf, -np.inf
    for cell in range(seen.after_dbm.shape[1]):
        if cell == serving or not (by_a3 or cell == candidate):
            continue
        if by_a3 and first and not room.may_trigger[cell]:
            rrc.held_since_s[hall, cell, ue] = np.inf
            continue
        for k in range(len(margin_db)):
            rsrp_dbm = _filtered_dbm(seen, hall, cell, ue, k)
            if by_a3:
                own_dbm = _filtered_dbm(seen, hall, serving, ue, k)
                if own_dbm == -np.inf:  # never measured: nothing to compare with
                    own_dbm = np.inf
                margin_db[k] = rsrp_dbm + seen.cio_db[hall, serving, cell] - own_dbm - rules.a3_offset_db
            else:
                margin_db[k] = rsrp_dbm - rules.cho_threshold_dbm
        held_since_s = rrc.held_since_s[hall, cell, ue]
        time_s, since_s = first_trigger(margin_db, instant_s, hysteresis_db, wait_s, held_since_s, start_s)
        rrc.held_since_s[hall, cell, ue] = since_s
        after_dbm = seen.after_dbm[hall, cell, ue]
        if time_s < chosen_s or (time_s == chosen_s and time_s < np.inf and after_dbm > chosen_dbm):
            chosen, chosen_s, chosen_dbm = cell, time_s, after_dbm
    return chosen, chosen_s


@inlined
def _filtered_dbm(seen: Seen, hall: int, cell: int, ue: int, k: int) -> float:
    """Filtered RSRP of a cell from instant k on."""
    filtered_dbm: float = seen.after_dbm[hall, cell, ue]
    if ue < seen.start_dbm.shape[2]:
        start_dbm, end_dbm = seen.start_dbm[hall, cell, ue], seen.end_dbm[hall, cell, ue]
        before_dbm = seen.before_dbm[hall, cell, ue]
        filtered_dbm = filtered_rsrp_dbm(seen.weights[k], before_dbm, start_dbm, end_dbm)
    return filtered_dbm


@compiled
def _detach(
    rrc: Rrc,
    after_dbm: Floats,
    around: Surroundings,
    rules: RrcRules,
    hall: int,
    ue: int,
    cell: int,
    time_s: float,
) -> None:
    """A UE leaves its cell for another at some time.

    If T304 expires on the way it selects the strongest cell that has not failed (TS 38.331 5.3.7.3): if that
    is a prepared one it hands over to it; if not, as the source never is, it re-establishes there.
    """
    clear, blocked = 1 - around.chance[hall, ue], _blocked(around, rules, hall, cell, ue)
    duration_s, fails = outage_s(blocked, clear, rules)
    rrc.held_since_s[hall, :, ue] = np.inf
    rrc.target[hall, ue] = cell
    rrc.completes_s[hall, ue] = time_s + duration_s
    if not fails:
        return
    best, best_dbm = 0, -np.inf
    for other in range(after_dbm.shape[1]):
        if other != cell and after_dbm[hall, other, ue] > best_dbm:
            best, best_dbm = other, after_dbm[hall, other, ue]
    known = best != rrc.serving[hall, ue] and best_dbm >= rules.cho_threshold_dbm
    prepared = known and rules.cho_max_candidates > 1
    # What is left of a number once so many preambles were put off is as good as a new one.
    tried = np.floor((rules.t304_s - rules.interruption_s) / PRACH_PERIOD_S) + 1
    clear = min(max(clear / min(blocked, 1 - 1e-9) ** tried, 1e-300), 1.0)
    put_off_s = occasions(_blocked(around, rules, hall, best, ue), clear) * PRACH_PERIOD_S
    wait_s = rules.interruption_s if prepared else REESTABLISHMENT_S
    rrc.target[hall, ue] = best
    rrc.reestablishes[hall, ue] = not prepared
    rrc.completes_s[hall, ue] = time_s + rules.t304_s + wait_s + min(put_off_s, rules.t304_s)
    rrc.failures[hall, ue] += 1


@compiled
def _blocked(around: Surroundings, rules: RrcRules, hall: int, cell: int, ue: int) -> float:
    """Probability that a UE senses a co-channel neighbour of its target just before a preamble."""
    first_node = hall * around.rx_dbm.shape[1]
    idle: float = 1.0
    for place in range(around.node.shape[2]):
        node = around.node[hall, cell, place] - first_node
        exists = around.exists[hall, cell, place] > 0
        if exists and around.rx_dbm[hall, node, ue] >= rules.prach_threshold_dbm:
            idle *= 1 - around.used[hall, node]
    return 1 - idle


@inlined
def _enter(rrc: Rrc, rules: RrcRules, hall: int, ue: int) -> None:
    """A UE enters the cell that it is on the way to."""
    time_s, target = rrc.completes_s[hall, ue], rrc.target[hall, ue]
    if not rrc.reestablishes[hall, ue]:  # which is no handover
        is_soon = time_s <= rrc.entered_s[hall, ue] + (rules.ping_pong_window_s + 1e-9)
        rrc.handovers[hall, ue] += 1
        rrc.ping_pongs[hall, ue] += is_soon and rrc.previous[hall, ue] == target
        rrc.previous[hall, ue] = rrc.serving[hall, ue]
    rrc.reestablishes[hall, ue] = 0
    rrc.serving[hall, ue] = target
    rrc.entered_s[hall, ue] = time_s
    rrc.completes_s[hall, ue] = np.inf
    if rrc.cho_target[hall, ue] != NO_TARGET:
        rrc.cho_target[hall, ue] = target  # the candidate is released
