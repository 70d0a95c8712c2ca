# SPDX-License-Identifier: GPL-2.0-only
"""What SIBx tells, and when it is lost."""

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.mock.sibx import LOAD_UNIT, loss_probability, quantise, share_in_data
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action


@pytest.mark.parametrize(
    ("load", "bits"),
    [
        (0.0, 0),
        (2.0**-15 - 1e-9, 0),
        (2.0**-15, 1),  # halves up
        (0.5, 8192),
        (1.0, 16384),
        (1 / 3, 5461),
        (3.99993, 65535),
        (4.0, 65535),
        (1e9, 65535),
    ],
)
def test_load_has_sixteen_bits(load: float, bits: int) -> None:
    assert quantise(load) == bits / 16384
    assert LOAD_UNIT == 1 / 16384


def lost(others: float, occupancy_ms: float, rivals: float = 0.0, n: int = 2) -> float:
    return loss_probability(others, occupancy_ms / 1000, rivals, n)


def test_on_a_quiet_channel_nothing_is_lost() -> None:
    assert lost(0.0, 8.0) == 0
    assert lost(0.0, 0.0) == 0


def test_short_occupancies_end_in_time() -> None:
    assert lost(0.6, 4.0) == 0


def test_every_burst_of_the_window_has_to_fail() -> None:
    one = lost(0.6, 8.0, n=1)
    assert one == pytest.approx(0.6 * (1 - 4.5 / 8))
    assert lost(0.6, 8.0, n=3) == pytest.approx(one**3)


def test_rivals_take_the_gap() -> None:
    assert lost(0.6, 8.0, rivals=0.5) > lost(0.6, 8.0)
    assert lost(1.0, 8.0, rivals=1.0) == pytest.approx(1)


def test_data_carry_it_where_they_come_before_the_next_burst() -> None:
    rng = np.random.default_rng(1)
    for bursts_per_s in (0.0, 1e-3, 20.0, 100.0):
        data_s = rng.exponential(1 / max(bursts_per_s, 1e-9), 100_000)
        first = (data_s < rng.uniform(0, 0.02, 100_000)).mean()
        assert share_in_data(bursts_per_s, 0.02) == pytest.approx(first, abs=0.01)


def test_a_cell_with_data_loses_fewer_than_one_that_has_none() -> None:
    """All hear each other on one channel; the gNB without UEs has its discovery bursts alone."""
    scenario = Scenario(
        n_gnbs=5, n_channels=1, n_ues=40, mobile_share=0.0, steps=150, hall_length_m=60.0, demand_mbps=3.0
    )
    simulator = MockSimulator()
    now = simulator.reset(scenario, 1)
    target = np.where(now.serving == 0, 1, now.serving).astype(np.int32)
    while not simulator.done:
        now = simulator.step(Action(cho_target=target))
    assert not (now.serving == 0).any()
    lost = 1 - now.sib_sent / now.sib_due
    assert lost[0] > 2 * lost[1:].max()
