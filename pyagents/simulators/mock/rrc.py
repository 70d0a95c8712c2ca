# SPDX-License-Identifier: GPL-2.0-only
"""When conditional handover (CHO) and event A3 trigger, without a loop over UEs or instants.

TS 38.331 sections 5.3.5.13 (CHO) and 5.5.4.4 (A3). Each pair of a UE and a cell has a margin: by how much the
cell meets its condition. A condition begins to hold at a margin above the hysteresis, ceases at one of minus
the hysteresis, and triggers once it has held for its time to trigger.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock.arrays import Index, Mask
from pyagents.snapshot import Floats

NO_TARGET = -1
PRACH_PERIOD_S = 10e-3
REESTABLISHMENT_S = 0.2
"""From T304 to the first preamble of RRC re-establishment, where cell selection finds no prepared cell."""


@dataclass(frozen=True, kw_only=True)
class RrcRules:
    """What handovers obey."""

    cho_threshold_dbm: float
    cho_time_to_trigger_s: float
    a3_offset_db: float
    a3_hysteresis_db: float
    a3_time_to_trigger_s: float
    cho_max_candidates: int
    interruption_s: float
    t304_s: float
    ping_pong_window_s: float


@dataclass(kw_only=True, eq=False, slots=True)
class Trigger:
    """What comes of P pairs in an interval."""

    time_s: Floats
    """[P] first trigger; +inf: none."""
    held_since_s: Floats
    """[P] since when each condition has held at the end of the interval; +inf: it does not."""


def first_trigger(
    margin_db: Floats,
    hysteresis_db: Floats | None,
    time_to_trigger_s: Floats | float,
    held_since_s: Floats | None,
    time_s: Floats,
    start_s: Floats | float,
) -> Trigger:
    """Triggers of pairs whose margin changes at given instants.

    Args:
        margin_db: [K, P] from each instant to the next.
        hysteresis_db: [P]; with 0 a margin of 0 counts as holding, as CHO's threshold does; None: all are 0.
        time_to_trigger_s: [P] or one for all.
        held_since_s: [P] conditions that hold before, +inf: not; None: none does.
        time_s: [K + 1] instants, the last of which ends the interval.
        start_s: [P] or one for all: from when on conditions are evaluated.
    """
    ends = time_s[1:, None]
    begin = np.maximum(time_s[:-1, None], start_s)
    if hysteresis_db is None:
        holds: Mask = margin_db >= 0
    else:
        holds = _holds(margin_db, hysteresis_db, held_since_s, ends > start_s)
    # Since the instant after the last at which it did not hold.
    k = np.arange(len(margin_db))[:, None]
    run_start = np.maximum.accumulate(np.where(holds, -1, k), axis=0)
    run_start += 1
    since = np.maximum(time_s.take(run_start), start_s)
    if held_since_s is not None:
        np.copyto(since, held_since_s, where=(run_start == 0) & (held_since_s < np.inf))
    due = since + time_to_trigger_s
    np.maximum(due, begin, out=due)
    due[~(holds & (due < ends))] = np.inf
    return Trigger(time_s=np.minimum.reduce(due, axis=0), held_since_s=np.where(holds[-1], since[-1], np.inf))


def occasions(blocked: Floats, clear: Floats) -> Floats:
    """[n] PRACH occasions that pass before a preamble gets through.

    Args:
        blocked: [n] probability that a preamble is put off.
        clear: [n] uniform numbers, above 0.
    """
    likely = np.minimum(np.maximum(blocked, 1e-12), 1 - 1e-9)
    put_off = np.log(clear)
    put_off /= np.log(likely)
    return np.floor(put_off, out=put_off)


def outage_s(blocked: Floats, clear: Floats, rules: RrcRules) -> tuple[Floats, Mask]:
    """[n] each: how long each handover takes to complete, and whether it fails: T304 expires first.

    After the interruption the UE sends preambles, one a PRACH occasion, until one gets through.

    Args:
        blocked: [n] probability that a preamble is put off.
        clear: [n] uniform numbers, above 0.
        rules: interruption and T304.
    """
    duration = occasions(blocked, clear)
    duration *= PRACH_PERIOD_S
    duration += rules.interruption_s
    fails: Mask = duration > rules.t304_s
    return duration, fails


def pick_first(ue: Index, time_s: Floats, strength_db: Floats) -> Index:
    """Of each UE's pairs that trigger the earliest, and of those at the same time the strongest.

    Args:
        ue: [P] which UE each pair is of.
        time_s: [P] triggers; +inf: none.
        strength_db: [P] RSRP of each pair's cell.

    Returns:
        Indices of the pairs, in order of UEs.
    """
    fires = np.flatnonzero(time_s < np.inf)
    if len(ue) == 1:
        return fires
    order: Index = fires[np.lexsort((-strength_db[fires], time_s[fires], ue[fires]))]
    if len(order) > 1:
        of = ue[order]
        order = order[np.concatenate([[True], of[1:] != of[:-1]])]
    return order


def _holds(margin_db: Floats, hysteresis_db: Floats, held_since_s: Floats | None, active: Mask) -> Mask:
    """[K, P] whether conditions hold (A3-1, A3-2).

    What a margin inside the hysteresis means depends on what was before: the last one outside decides.
    """
    at_0 = (hysteresis_db == 0) & (margin_db == 0)
    enters = ((margin_db > hysteresis_db) | at_0) & active
    leaves = ~((margin_db > -hysteresis_db) | at_0) & active
    k = np.arange(len(margin_db))[:, None]
    decided = np.maximum.accumulate(np.where(enters | leaves, k, -1), axis=0)
    was = np.take_along_axis(enters, np.maximum(decided, 0), axis=0)
    held = False if held_since_s is None else (held_since_s < np.inf) & active
    holds: Mask = np.where(decided >= 0, was, held)
    return holds
