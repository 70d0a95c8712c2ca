# SPDX-License-Identifier: GPL-2.0-only
"""What SIBx tells, and when it is lost."""

import pytest

from pyagents.simulators.mock.sibx import LOAD_UNIT, loss_probability, quantise


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
