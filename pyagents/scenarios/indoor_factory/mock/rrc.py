# SPDX-License-Identifier: GPL-2.0-only
"""When conditional handover (CHO) and event A3 trigger for one UE and cell, and how long a handover takes.

TS 38.331 sections 5.3.5.13 (CHO), 5.5.4.4 (A3) and 5.3.5.8.3 (T304). A UE and a cell have a margin: by how
much the cell meets its condition. The entering condition holds at a margin above the hysteresis, and triggers
once it has held at every measurement of its time to trigger (5.5.4.1, 5.3.5.13.4). The leaving condition, at
a margin below minus the hysteresis, is for what has triggered: nothing here, for that moves the UE.
"""

import math
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats
from pyagents.simulators.compiled import compiled

NO_TARGET = -1
PRACH_PERIOD_S = 10e-3
REESTABLISHMENT_S = 0.2
"""From T304 to the first preamble of RRC re-establishment, where cell selection finds no prepared cell."""


class RrcRules(NamedTuple):
    """What handovers obey."""

    cho_threshold_dbm: float
    cho_time_to_trigger_s: float
    cho_cost_margin: float
    """By so much a candidate must cost less than the serving cell; NaN: it need not."""
    a3_offset_db: float
    a3_hysteresis_db: float
    a3_time_to_trigger_s: float
    cho_max_candidates: int
    interruption_s: float
    t304_s: float
    ping_pong_window_s: float
    prach_threshold_dbm: float
    """A UE senses the channel busy from this power on."""


@compiled
def first_trigger(
    margin_db: Floats,
    time_s: Floats,
    hysteresis_db: float,
    time_to_trigger_s: float,
    held_since_s: float,
    start_s: float,
) -> tuple[float, float]:
    """The first trigger of a condition whose margin changes at given instants.

    Args:
        margin_db: [K] from each instant to the next.
        time_s: [K + 1] instants, the last of which ends the interval.
        hysteresis_db: with 0 a margin of 0 counts as holding, as CHO's threshold does.
        time_to_trigger_s: how long the condition must hold.
        held_since_s: since when it has held before; +inf: it has not.
        start_s: from when on the condition is evaluated.

    Returns:
        When it triggers; +inf: not in this interval.
        Since when it has held then, or at the end of the interval; +inf: it does not.
    """
    since_s = held_since_s
    for k in range(len(margin_db)):
        begin_s, end_s = max(time_s[k], start_s), time_s[k + 1]
        if end_s <= start_s:
            continue
        if not (margin_db[k] > hysteresis_db or (hysteresis_db == 0 and margin_db[k] == 0)):
            since_s = np.inf
            continue
        since_s = min(since_s, begin_s)
        due_s = max(since_s + time_to_trigger_s, begin_s)
        if due_s < end_s:
            return due_s, since_s
    return np.inf, since_s


@compiled
def occasions(blocked: float, clear: float) -> float:
    """PRACH occasions that pass before a preamble gets through.

    Args:
        blocked: probability that a preamble is put off.
        clear: a uniform number, above 0.
    """
    likely = min(max(blocked, 1e-12), 1 - 1e-9)
    put_off: float = np.floor(math.log(clear) / math.log(likely))
    return put_off


@compiled
def outage_s(blocked: float, clear: float, rules: RrcRules) -> tuple[float, bool]:
    """How long a handover takes to complete, and whether it fails: T304 expires first.

    After the interruption the UE sends preambles, one a PRACH occasion, until one gets through.

    Args:
        blocked: probability that a preamble is put off.
        clear: a uniform number, above 0.
        rules: interruption and T304.
    """
    duration_s = occasions(blocked, clear) * PRACH_PERIOD_S + rules.interruption_s
    return duration_s, duration_s > rules.t304_s
