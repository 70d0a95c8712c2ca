# SPDX-License-Identifier: GPL-2.0-only
"""What runs of the area are judged by: sums that come out, and what the table names."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.iot_edge import Scenario, Snapshot
from pyagents.scenarios.iot_edge.delays import DELAY_EDGES_S, N_DELAYS
from pyagents.scenarios.iot_edge.family import FAMILY
from pyagents.scenarios.iot_edge.metrics import delay_ms, link_demand
from pyagents.scenarios.iot_edge.mock import MockSimulator
from pyagents.scenarios.iot_edge.snapshot import Action

AREA = Scenario(n_devices=5, n_servers=2)


def shown(scenario: Scenario = AREA, **fields: Any) -> Snapshot:
    """A row of devices 0-1-2 and 4-3, heads 0 and 4."""
    known: dict[str, Any] = {
        "cluster": np.array([0, 0, 0, 1, 1], np.int32),
        "head": np.array([0, 4], np.int32),
        "parent": np.array([-1, 0, 1, 4, -1], np.int32),
        "hops": np.array([1, 2, 3, 2, 1], np.int32),
        "next_hop": np.array([-1, 0, 0, 4, -1], np.int32),
        "message_bytes": np.array([1000.0, 1000.0, 1000.0, 1000.0, 3000.0]),
        "received_bytes": np.array([3000.0, 1000.0]),
        "sent_messages": np.array([3.0, 2.0, 1.0, 1.0, 2.0]),
    }
    return dataclasses.replace(Snapshot.blank(scenario.sizes()), **(known | fields))


def test_a_row_by_hand() -> None:
    row = FAMILY.metrics.row([shown()], AREA)
    assert row["gamma"] == pytest.approx(2 / 3)  # 6 and 3 hops
    assert row["delta"] == pytest.approx(6 / 7)  # 3000 and 4000 bytes
    assert row["reward"] == row["reward_letter"] == pytest.approx(4 / 7)
    assert row["gamma_bytes"] == pytest.approx(10 / 11)  # 6000 and 5000 byte-hops
    assert row["gamma_measured"] == pytest.approx(2 / 3)
    assert row["delta_measured"] == pytest.approx(0.5)
    assert row["stale_share"] == 0.2
    assert row["hops_mean"] == 1.8
    assert row["link_demand_max"] == pytest.approx(0.4)  # 4000 of 10,000 bytes


def test_what_is_unreachable_counts_in_no_load() -> None:
    cut = shown(hops=np.array([1, 2, 0, 2, 1], np.int32), parent=np.array([-1, 0, -2, 4, -1], np.int32))
    row = FAMILY.metrics.row([cut], AREA)
    assert row["gamma"] == 1  # 3 and 3 hops
    assert row["delta"] == pytest.approx(1 - 1000 / 3000)  # 2000 and 4000 bytes
    assert row["unreachable_share"] == 0.2
    assert link_demand(cut, AREA).tolist() == pytest.approx([0.2, 0.1, 0, 0.1, 0.4])


def test_both_negative_is_told_and_earns_nothing() -> None:
    scenario = Scenario(n_devices=5, n_servers=3)
    alone = shown(
        scenario,
        head=np.array([0, -1, -1], np.int32),
        cluster=np.zeros(5, np.int32),
        received_bytes=np.array([4000.0, 0.0, 0.0]),
    )
    row = FAMILY.metrics.row([alone], scenario)
    assert (row["both_negative"], row["reward"]) == (1, 0)
    assert row["reward_letter"] == pytest.approx(1 / 9)


def test_delays_lie_between_the_edges_of_their_bins() -> None:
    counts = np.zeros(N_DELAYS)
    assert math.isnan(delay_ms(counts, 0.5))
    counts[10] = 4
    assert delay_ms(counts, 1.0) == pytest.approx(DELAY_EDGES_S[10] * 1e3)
    assert delay_ms(counts, 0.5) == pytest.approx((DELAY_EDGES_S[9] + DELAY_EDGES_S[10]) / 2 * 1e3)
    counts[-1] = 100
    assert delay_ms(counts, 1.0) == pytest.approx(DELAY_EDGES_S[-1] * 1e3)


def test_the_table_names_what_a_summary_has() -> None:
    with MockSimulator() as mock:
        snapshots = [mock.reset(AREA, 1)]
        while not mock.done:
            snapshots.append(mock.step(Action()))
    rows = [FAMILY.metrics.row(snapshots[max(k - 1, 0) : k + 1], AREA) for k in range(len(snapshots))]
    summary = FAMILY.metrics.summary(rows)
    assert set(FAMILY.metrics.table) <= set(summary)
    made = sum(row["made_bytes"] for row in rows[len(rows) // 2 :])
    arrived = sum(row["received_bytes"] for row in rows[len(rows) // 2 :])
    assert summary["collected_share"] == arrived / made
    assert summary["overloaded_steps_share"] in (0.0, 1.0)
