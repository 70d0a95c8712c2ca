# SPDX-License-Identifier: GPL-2.0-only
"""What runs are judged by: what is used and what arrives, who starves, how often anything is changed."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from pyagents.scenarios.sliced_network import Scenario, Snapshot
from pyagents.scenarios.sliced_network.family import FAMILY
from pyagents.scenarios.sliced_network.metrics import (
    delay_ms,
    jain,
    mean_delay_ms,
    row,
    summary,
    window_steps,
)

FOUR = Scenario(n_sites=2, ues_per_site=2, cpu_capacity=100.0)


def step(**changes: Any) -> Snapshot:
    """Half of the carrier and of the edge host demanded and guaranteed by each UE, and used."""
    blank = Snapshot.blank(FOUR.sizes())
    known = {
        "mean_rate_bps": np.full(4, 8e6),
        "demand_bps": np.full(4, 4e6),
        "gfbr_bps": np.full(4, 4e6),
        "offered_bytes": np.full(4, 5e4),
        "delivered_bytes": np.full(4, 5e4),
        "prb_share": np.full(4, 0.5),
        "cpu_demand": np.full(4, 50.0),
        "cpu_share": np.full(4, 0.5),
        "cpu_done": np.full(4, 5.0),
    }
    return dataclasses.replace(blank, **(known | changes))


def test_all_that_is_demanded_used_and_received() -> None:
    found = row([step()], FOUR)
    ones = ("utilisation", "allocated", "satisfaction", "satisfaction_min", "satisfaction_jain", "demanded")
    assert [found[name] for name in ones] == pytest.approx([1.0] * 6)
    assert found["reward"] == pytest.approx(1.0)
    assert found["reserved_idle"] == found["starved_share"] == found["changed"] == 0


def test_what_is_allocated_and_idle_is_not_used() -> None:
    found = row([step(prb_share=np.array([0.5, 0.1, 0.5, 0.1]), cpu_share=np.full(4, 0.25))], FOUR)
    assert found["utilisation_radio"] == pytest.approx(0.6)
    assert found["reserved_idle_radio"] == pytest.approx(0.4)
    assert found["reserved_idle_computing"] == 0
    assert found["satisfaction_allocated"] == pytest.approx(0.75)  # of the carrier all, of the host half
    assert found["allocated"] == pytest.approx(0.75)


def test_a_mean_hides_who_starves() -> None:
    starving = step(delivered_bytes=np.array([5e4, 5e4, 5e4, 0.0]), cpu_done=np.array([5.0, 5.0, 5.0, 1.0]))
    found = row([starving], FOUR)
    assert found["satisfaction"] == pytest.approx(3.1 / 4)
    assert found["satisfaction_min"] == pytest.approx(0.1)
    assert found["starved_share"] == 0.25
    assert found["satisfaction_site_0"] == 1
    assert found["satisfaction_jain"] == pytest.approx(3.1**2 / (4 * 3.01))


def test_satisfaction_is_of_all_steps_of_the_window() -> None:
    late = [step(delivered_bytes=np.full(4, 2e4)), step(delivered_bytes=np.full(4, 8e4))]
    assert row(late, FOUR)["satisfaction_radio"] == 1
    assert row(late[:1], FOUR)["satisfaction_radio"] == pytest.approx(0.4)
    assert window_steps(FOUR) == 20
    assert window_steps(dataclasses.replace(FOUR, step_ms=10_000)) == 2


def test_changes_are_counted_by_site_and_rounding_is_none() -> None:
    gfbr = np.array([4e6, 4e6 * (1 + 1e-13), 4e6, 3e6])
    assert row([step(), step(gfbr_bps=gfbr)], FOUR)["changed"] == 0.5
    assert row([step(gfbr_bps=gfbr), step(), step()], FOUR)["changed"] == 0


def test_delays_are_of_the_bins() -> None:
    counts = np.zeros(32)
    assert math.isnan(mean_delay_ms(counts))
    assert math.isnan(delay_ms(counts, 0.99))
    counts[[0, 2]] = [1, 3]
    assert mean_delay_ms(counts) == pytest.approx((0.25 + 3 * (0.625 + 0.78125) / 2) / 4)
    assert delay_ms(counts, 1.0) == pytest.approx(0.78125)


def test_jain_is_one_for_equals_and_one_nth_for_one_who_has_all() -> None:
    assert jain(np.full(7, 0.3)) == pytest.approx(1)
    assert jain(np.array([0.0, 0.9, 0.0, 0.0])) == pytest.approx(0.25)
    assert jain(np.zeros(3)) == 1


def test_a_summary_has_all_that_the_table_shows() -> None:
    rows = [row([step(offered_bytes=np.full(4, 5e4), dropped_bytes=np.full(4, 5e3))], FOUR)] * 4
    found = summary(rows)
    assert set(FAMILY.metrics.table) <= set(found)
    assert found["dropped_share"] == pytest.approx(0.1)
    assert FAMILY.describe is not None
    assert "2 sites of 2 UEs" in FAMILY.describe(FOUR)
