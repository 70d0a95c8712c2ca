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


@dataclass(frozen=True, kw_only=True)
class RrcRules:
    """What handovers obey."""

    cho_threshold_dbm: float
    cho_time_to_trigger_s: float
    a3_offset_db: float
    a3_hysteresis_db: float
    a3_time_to_trigger_s: float
    interruption_s: float
    t304_s: float
    ping_pong_window_s: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Trigger:
    """What comes of P pairs in an interval."""

    time_s: Floats
    """[P] first trigger; +inf: none."""
    held_since_s: Floats
    """[P] since when each condition has held at the end of the interval; +inf: it does not."""


def steady_trigger(
    margin_db: Floats,
    hysteresis_db: Floats | float,
    time_to_trigger_s: Floats | float,
    held_since_s: Floats,
    start_s: Floats,
    end_s: float,
) -> Trigger:
    """Triggers of pairs whose margin does not change.

    Args:
        margin_db: [P].
        hysteresis_db: [P] or one for all; 0: a margin of 0 counts as holding, as CHO's threshold does.
        time_to_trigger_s: [P] or one for all.
        held_since_s: [P] conditions that hold before; +inf: not.
        start_s: [P] from when on conditions are evaluated.
        end_s: end of the interval.
    """
    held = np.isfinite(held_since_s)
    holds = _holds(margin_db, hysteresis_db, held)
    since = np.where(holds, np.where(held, held_since_s, start_s), np.inf)
    due = np.maximum(since + time_to_trigger_s, start_s)
    return Trigger(time_s=np.where(due < end_s, due, np.inf), held_since_s=since)


def first_trigger(
    margin_db: Floats,
    hysteresis_db: Floats | float,
    time_to_trigger_s: Floats | float,
    held_since_s: Floats,
    time_s: Floats,
    start_s: Floats,
    end_s: float,
) -> Trigger:
    """Triggers of pairs whose margin changes at given instants.

    Args:
        margin_db: [K, P] from each instant to the next.
        hysteresis_db: [P] or one for all; 0: a margin of 0 counts as holding, as CHO's threshold does.
        time_to_trigger_s: [P] or one for all.
        held_since_s: [P] conditions that hold before; +inf: not.
        time_s: [K] instants.
        start_s: [P] from when on conditions are evaluated.
        end_s: end of the interval after the last instant.
    """
    ends = np.append(time_s[1:], end_s)[:, None]
    active = ends > start_s
    begin = np.maximum(time_s[:, None], start_s)
    held = np.isfinite(held_since_s)
    # With hysteresis what a margin inside it means depends on what was before: look back to the last outside.
    enters = _holds(margin_db, hysteresis_db, False) & active
    leaves = ~_holds(margin_db, hysteresis_db, True) & active
    k = np.arange(len(time_s))[:, None]
    decided = np.maximum.accumulate(np.where(enters | leaves, k, -1), axis=0)
    was = np.take_along_axis(enters, np.maximum(decided, 0), axis=0)
    holds = np.where(decided >= 0, was, held & active)

    run_start = np.maximum.accumulate(np.where(holds, -1, k), axis=0) + 1
    fresh = np.take_along_axis(begin, np.minimum(run_start, len(k) - 1), axis=0)
    since = np.where((run_start == 0) & held, held_since_s, fresh)
    due = np.maximum(since + time_to_trigger_s, begin)
    return Trigger(
        time_s=np.where(holds & (due < ends), due, np.inf).min(axis=0),
        held_since_s=np.where(holds[-1], since[-1], np.inf),
    )


def outage_s(blocked: Floats, chance: Floats, rules: RrcRules) -> tuple[Floats, Mask]:
    """[n] each: how long each handover takes to complete, and whether it fails: T304 expires first.

    After the interruption the UE sends preambles, one a PRACH occasion, until listen-before-talk lets one
    through. After a failure it takes as long once more to enter another cell.

    Args:
        blocked: [n] probability that a preamble is put off.
        chance: [n] uniform numbers.
        rules: interruption and T304.
    """
    likely = np.minimum(np.maximum(blocked, 1e-12), 1 - 1e-9)
    duration = rules.interruption_s + PRACH_PERIOD_S * np.floor(np.log1p(-chance) / np.log(likely))
    fails: Mask = duration > rules.t304_s
    return np.where(fails, rules.t304_s + rules.interruption_s, duration), fails


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


def _holds(margin_db: Floats, hysteresis_db: Floats | float, held: Mask | bool) -> Mask:
    """Whether conditions hold (A3-1, A3-2), given whether they did; without hysteresis at 0 too."""
    if isinstance(hysteresis_db, float) and hysteresis_db == 0:
        at_all: Mask = margin_db >= 0
        return at_all
    bound = np.where(held, np.negative(hysteresis_db), hysteresis_db)
    holds: Mask = (margin_db > bound) | ((np.equal(hysteresis_db, 0)) & (margin_db == 0))
    return holds
