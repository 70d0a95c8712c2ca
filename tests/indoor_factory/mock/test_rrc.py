# SPDX-License-Identifier: GPL-2.0-only
"""Time to trigger and hysteresis against a second loop; how long handovers take."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyagents.scenarios.indoor_factory.mock.rrc import RrcRules, first_trigger, outage_s

RULES = RrcRules(
    cho_threshold_dbm=-90.0,
    cho_time_to_trigger_s=0.04,
    cho_cost_margin=math.nan,
    a3_offset_db=3.0,
    a3_hysteresis_db=1.0,
    a3_time_to_trigger_s=0.256,
    interruption_s=0.04,
    cho_max_candidates=8,
    t304_s=0.1,
    ping_pong_window_s=1.0,
    prach_threshold_dbm=-70.0,
)


def by_loop(
    margin: list[float],
    hysteresis: float,
    wait: float,
    since: float,
    times: list[float],
    start: float,
    end: float,
) -> tuple[float, float]:
    """First trigger of one pair, and since when its condition holds at the end."""
    for k, value in enumerate(margin):
        until = times[k + 1] if k + 1 < len(times) else end
        if until <= start:
            continue
        now = max(times[k], start)
        holds = value > hysteresis or (hysteresis == 0 and value == 0)
        if not holds:
            since = math.inf
            continue
        since = now if math.isinf(since) else since
        due = max(since + wait, now)
        if due < until:
            return due, since
    return math.inf, since


margins = st.lists(st.integers(-4, 4).map(float), min_size=1, max_size=10)


@settings(max_examples=500)
@given(
    margins,
    st.sampled_from([0.0, 1.0, 2.5]),
    st.sampled_from([0.0, 0.01, 0.03, 0.1]),
    st.sampled_from([math.inf, -0.5, -0.02, 0.0]),
    st.sampled_from([0.0, 0.015, 0.05]),
)
def test_first_trigger_is_that_of_the_loop(
    margin: list[float], hysteresis: float, wait: float, since: float, start: float
) -> None:
    since = since if start == 0 else math.inf  # after a handover nothing has held
    times = [0.02 * k for k in range(len(margin))]
    end = 0.02 * len(margin)
    if end <= start:
        return
    expected, held = by_loop(margin, hysteresis, wait, since, times, start, end)
    time_s, since_s = first_trigger(np.array(margin), np.array([*times, end]), hysteresis, wait, since, start)
    assert time_s == pytest.approx(expected)
    assert since_s == pytest.approx(held)


def test_the_entering_condition_has_to_hold_at_every_measurement() -> None:
    """Offset 3 dB, hysteresis 1 dB: enter above 4 dB, leave below 2 dB (TS 38.331 section 5.5.4.1)."""
    times = np.array([0.0, 0.02, 0.3])

    def trigger(first_db: float, second_db: float) -> float:
        margin = np.array([first_db, second_db]) - RULES.a3_offset_db
        return first_trigger(margin, times, RULES.a3_hysteresis_db, 0.256, math.inf, 0.0)[0]

    assert trigger(4.5, 3.0) == math.inf
    assert trigger(4.5, 4.0) == math.inf
    assert trigger(4.5, 4.1) == pytest.approx(0.256)


def test_preambles_are_put_off_to_later_occasions() -> None:
    outage, fails = zip(*(outage_s(0.5, clear, RULES) for clear in (1.0, 0.6, 0.4, 0.2)), strict=True)
    assert outage == pytest.approx([0.04, 0.04, 0.05, 0.06])
    assert not any(fails)


def test_on_an_idle_channel_a_handover_takes_its_interruption() -> None:
    for clear in np.linspace(0.001, 1, 100):
        assert outage_s(0.0, clear, RULES) == (0.04, False)


def test_a_handover_that_outlasts_t304_fails() -> None:
    assert [outage_s(blocked, 0.5, RULES)[1] for blocked in (0.99, 0.01)] == [True, False]
