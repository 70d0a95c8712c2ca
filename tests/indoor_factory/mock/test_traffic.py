# SPDX-License-Identifier: GPL-2.0-only
"""Packets arrive, wait, are sent or dropped, and none is lost count of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pyagents.scenarios.indoor_factory.mock.traffic import (
    OVERHEAD_S,
    advance,
    occupancies_per_s,
    offered_bytes,
    share_of_demand,
)


def test_packets_come_at_constant_intervals_from_their_phase_on() -> None:
    # 1.2 Mb/s of 1500 bytes: one every 10 ms, the first after 2.5 ms
    at = [offered_bytes(t, 100.0, 0.25, 1500) for t in (0.0024, 0.0026, 0.0124, 0.0126)]
    assert at == [0, 1500, 1500, 3000]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.floats(0, 5e4), st.floats(0, 1), st.floats(0, 1), st.integers(0, 20_000)),
        min_size=1,
        max_size=20,
    )
)
def test_offered_is_delivered_dropped_or_queued(steps: list[tuple[float, float, float, int]]) -> None:
    offered = delivered = dropped = queued = 0.0
    for arrives, part, lost, most in steps:
        arrived = float(np.floor(arrives))
        offered += arrived
        waiting = queued + arrived
        got, gone, queued = advance(waiting, part * waiting, lost, float(most))
        delivered += got
        dropped += gone
        assert offered == delivered + dropped + queued  # to the byte
        assert 0 <= queued <= most
        assert got >= 0
        assert gone >= 0


def test_what_is_too_old_is_dropped() -> None:
    assert advance(10_000.0, 2_000.0, 0.0, 3_000.0) == (2_000, 5_000, 3_000)


def test_what_harq_gives_up_is_dropped() -> None:
    assert advance(10_000.0, 10_000.0, 0.25, 1e6) == (7_500, 2_500, 0)


@given(
    st.lists(st.floats(0.001, 2), min_size=1, max_size=12),
    st.floats(0.05, 0.99),
)
def test_short_time_is_never_overspent_and_serves_the_modest_first(need: list[float], part: float) -> None:
    needs, cell = np.array(need), np.zeros(len(need), dtype=np.int32)
    room = part * needs.sum()
    share = share_of_demand(needs, np.array([room]), cell)
    assert (share * needs).sum() <= room * (1 + 1e-9)
    assert ((share >= 0) & (share <= 1)).all()
    assert (np.diff(share[np.argsort(needs)]) <= 1e-9).all()


def test_equal_ues_share_alike() -> None:
    share = share_of_demand(np.full(10, 0.1), np.array([0.5]), np.zeros(10, dtype=np.int32))
    assert_allclose(share, 0.5)


def test_metrics_of_the_scheduler_even_out() -> None:
    need, cell = np.array([*[0.03] * 9, 0.2, 1.0]), np.zeros(11, dtype=np.int32)
    share = share_of_demand(need, np.array([0.6]), cell)
    metric = (1 / share - 1) / need  # of the time, 1 / t - 1 / n: r (1 / a - 1 / R) for a = t r, R = n r
    assert metric == pytest.approx(np.full(11, metric[0]), rel=0.05)
    assert (share * need).sum() == pytest.approx(0.6)
    assert share[0] > 0.85  # one UE on a bad link does not take the others' service
    assert share[-1] < 0.3


def test_cells_ration_each_for_itself() -> None:
    need, cell = np.array([0.4, 0.4, 0.4, 0.4]), np.array([0, 1, 0, 1], dtype=np.int32)
    share = share_of_demand(need, np.array([0.4, 0.8]), cell)
    assert_allclose(share, [0.5, 1, 0.5, 1])


@pytest.mark.parametrize(
    ("data", "packets_per_s", "overhead"),
    [(0.0274, 229, 0.0362), (0.164, 1375, 0.0413), (0.274, 2292, 0.0393), (0.498, 4167, 0.0355)],
)
def test_overhead_of_channel_occupancies_is_that_measured_in_ns3(
    data: float, packets_per_s: float, overhead: float
) -> None:
    """One gNB alone, 5 ms of hold-off: airtime used beyond the data and the discovery bursts."""
    pause = 5e-3 + 110.5e-6 + OVERHEAD_S["symbol"]
    count = occupancies_per_s(data, float(packets_per_s), pause, 0.025, 8e-3)
    assert count * OVERHEAD_S["symbol"] == pytest.approx(overhead, abs=0.012)
