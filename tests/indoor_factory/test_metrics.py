# SPDX-License-Identifier: GPL-2.0-only
"""Metrics against numbers worked out by hand."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.delays import DELAY_EDGES_S, N_DELAYS
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], n_ues=4, n_gnbs=2)
SHORT = dataclasses.replace(SCENARIO, averaging_window_ms=1120.0)


def snapshot(**changes: Any) -> Snapshot:
    return dataclasses.replace(Hall().reset(SCENARIO, 1), **changes)


def window(first: dict[str, Any], last: dict[str, Any], span_s: float = 1.12) -> list[Snapshot]:
    return [snapshot(time_s=1.0, **first), snapshot(time_s=1.0 + span_s, **last)]


def test_load_spread() -> None:
    row = metrics.row([snapshot(load=np.array([0.2, 1.0]))], SCENARIO)
    assert row["load_mean"] == pytest.approx(0.6)
    assert row["load_variance"] == pytest.approx(0.16)
    assert row["load_std"] == pytest.approx(0.4)
    assert row["load_max"] == 1.0
    assert row["load_jain"] == pytest.approx(1.44 / (2 * 1.04))
    assert (row["load_gnb_0"], row["load_gnb_1"]) == (0.2, 1.0)


@pytest.mark.parametrize(("values", "index"), [([3, 3, 3], 1), ([1, 0, 0, 0], 1 / 4), ([0, 0], 1)])
def test_jain_index(values: list[float], index: float) -> None:
    assert metrics.jain_index(np.array(values, dtype=np.float64)) == pytest.approx(index)


def test_satisfied_is_what_arrived_over_the_window() -> None:
    demand_bps = np.full(4, 8e6)
    enough = 8e6 / 8 * 1.12 * 0.95
    history = window(
        {"delivered_bytes": np.full(4, 1e6), "demand_bps": demand_bps},
        {
            "delivered_bytes": 1e6 + np.array([enough + 1, enough - 1, 0, 2 * enough]),
            "demand_bps": demand_bps,
        },
    )
    assert metrics.satisfied(history).tolist() == [True, False, False, True]
    assert metrics.satisfied_share(history, 1.12) == 0.5


def test_satisfied_is_unknown_before_the_window_has_passed() -> None:
    history = window({}, {}, span_s=0.96)
    assert math.isnan(metrics.satisfied_share(history, 1.12))
    assert math.isnan(metrics.satisfied_share([snapshot()], 1.12))


@pytest.mark.parametrize(("period", "steps"), [(80, 26), (160, 14), (320, 8), (1280, 3), (5120, 2)])
def test_window_is_the_least_number_of_steps_of_two_seconds(period: Any, steps: int) -> None:
    scenario = Scenario(sib_period_ms=period)
    assert metrics.history_steps(scenario) == steps
    assert (steps - 1) * scenario.step_s >= 2.0 > (steps - 2) * scenario.step_s


def test_sib_loss_counts_audible_cells_only() -> None:
    rate_bps = np.ones((4, 2))
    rate_bps[3] = 0  # out of everybody's range
    rate_bps[0, 1] = 0
    heard = np.array([[8.0, 0], [10, 5], [7, 10], [0, 0]])
    history = window(
        {"rate_bps": rate_bps, "sib_due": np.array([5.0, 5.0]), "sib_heard": 0 * heard},
        {"rate_bps": rate_bps, "sib_due": np.array([15.0, 15.0]), "sib_heard": heard},
    )
    assert metrics.sib_loss_share(history, 1.12) == pytest.approx(1 - 40 / 50)


def test_sib_age_leaves_out_cells_never_heard() -> None:
    age_s = np.array([[0.1, np.inf], [0.3, np.inf], [np.inf, np.inf], [np.inf, 0.2]])
    assert metrics.sib_age_s(snapshot(sib_age_s=age_s)) == pytest.approx(0.2)
    assert math.isnan(metrics.sib_age_s(snapshot(sib_age_s=np.full((4, 2), np.inf))))


def test_totals() -> None:
    row = metrics.row(
        [
            snapshot(
                delivered_bps=np.full(4, 2.5e6),
                handovers=np.array([1.0, 0.0, 2.0, 0.0]),
                ping_pongs=np.array([0.0, 0.0, 1.0, 0.0]),
            )
        ],
        SCENARIO,
    )
    assert row["throughput_mbps"] == pytest.approx(10)
    assert row["demand_mbps"] == pytest.approx(20)
    assert (row["handovers"], row["ping_pongs"]) == (3, 1)


def test_summary_takes_the_second_half_and_the_last_counts() -> None:
    rows = []
    for step, (std, satisfied, handovers) in enumerate(
        [(0.8, math.nan, 0), (0.6, 0.1, 5), (0.2, 0.5, 7), (0.4, 0.7, 9)]
    ):
        base = metrics.row([snapshot()], SCENARIO)
        rows.append(
            base | {"step": step, "load_std": std, "satisfied_share": satisfied, "handovers": handovers}
        )
    summary = metrics.summary(rows)
    assert summary["load_std_first"] == 0.8
    assert summary["load_std"] == pytest.approx(0.3)
    assert summary["satisfied_share"] == pytest.approx(0.6)
    assert summary["handovers"] == 9
    assert math.isnan(metrics.summary([rows[0]])["satisfied_share"])


def test_late_bytes_do_not_satisfy() -> None:
    demand_bps = np.full(4, 8e6)
    history = window(
        {"delivered_bytes": np.zeros(4), "late_bytes": np.zeros(4), "demand_bps": demand_bps},
        {
            "delivered_bytes": np.full(4, 1.12e6),
            "late_bytes": np.array([0, 0.28e6, 0.28e6, 0]),
            "demand_bps": demand_bps,
        },
    )
    assert metrics.satisfied(history).tolist() == [True, False, False, True]
    assert metrics.late_share(history, 1.12) == pytest.approx(0.125)


def test_what_a_simulator_does_not_know_is_no_number_and_takes_nothing_from_what_was_served() -> None:
    unknown = {
        "late_bytes": np.full(4, math.nan),
        "delays": np.full((4, N_DELAYS), math.nan),
        "wifi_delays": np.full(N_DELAYS, math.nan),
        "demand_bps": np.full(4, 8e6),
    }
    got = np.array([1.12e6, 0.5e6, 1.12e6, 1.12e6])
    history = window({**unknown, "delivered_bytes": np.zeros(4)}, {**unknown, "delivered_bytes": got})
    row = metrics.row(history, SHORT)
    assert row["satisfied_share"] == 0.75
    assert row["starved_share"] == 0.25
    told = [name for name in row if "delay" in name or "late" in name]
    assert "late_share" in told
    assert len(told) == 8
    assert all(math.isnan(row[name]) for name in told)


def test_delay_goes_linearly_within_a_bin() -> None:
    counts = np.zeros(N_DELAYS)
    counts[:2] = 50
    assert metrics.delay_ms(counts, 0.25) == pytest.approx(0.25)
    assert metrics.delay_ms(counts, 0.75) == pytest.approx(0.5 * 1.125)
    assert math.isnan(metrics.delay_ms(0 * counts, 0.5))


def test_delay_beyond_the_last_edge_is_that_edge() -> None:
    counts = np.zeros(N_DELAYS)
    counts[-1] = 3
    assert metrics.delay_ms(counts, 0.99) == pytest.approx(DELAY_EDGES_S[-1] * 1e3)


def test_row_tells_the_delay_of_all_and_of_the_ue_that_waits_longest() -> None:
    delays = np.zeros((4, N_DELAYS))
    delays[0, 0] = 100
    delays[1, 9] = 4
    history = window({"delays": np.full((4, N_DELAYS), 9.0)}, {"delays": delays})
    row = metrics.row(history, SHORT)
    assert row["delay_p50_ms"] == pytest.approx(0.5 * 52 / 100)
    assert row["delay_p99_worst_ms"] == pytest.approx(
        1e3 * (0.01 * DELAY_EDGES_S[8] + 0.99 * DELAY_EDGES_S[9])
    )


def test_a_ue_that_gets_less_than_half_starves() -> None:
    demand = np.array([1e6, 1e6, 1e6, 1e6])
    got = np.array([1.0, 0.6, 0.51, 0.4]) * demand / 8 * 1.12
    history = window(
        {"demand_bps": demand, "delivered_bytes": np.zeros(4)}, {"demand_bps": demand, "delivered_bytes": got}
    )
    assert metrics.starved_share(history, 1.12) == 0.25


def test_row_tells_what_wifi_was_given_and_got_through() -> None:
    counts = np.zeros(N_DELAYS)
    counts[0] = 10
    history = window(
        {"wifi_offered_bytes": 1e6, "wifi_delivered_bytes": 5e5},
        {"wifi_offered_bytes": 3e6, "wifi_delivered_bytes": 1.5e6, "wifi_delays": counts},
    )
    row = metrics.row(history, SHORT)
    assert row["wifi_offered_mbps"] == pytest.approx(2e6 * 8 / 1.12 / 1e6)
    assert row["wifi_throughput_mbps"] == pytest.approx(1e6 * 8 / 1.12 / 1e6)
    assert row["wifi_delay_p50_ms"] == pytest.approx(0.25)
    assert math.isnan(metrics.row(window({}, {}), SHORT)["wifi_delay_p50_ms"])
