# SPDX-License-Identifier: GPL-2.0-only
"""Weights are averaged over those who took part, changes are bounded, and noise is as strong as it says."""

import re
from typing import Any

import numpy as np
import pytest

from pyagents.training.federation.averaging import add_noise, average, bound_change, norm_of_change
from pyagents.training.federation.message import Answer, Order
from pyagents.training.federation.settings import Federation


def of(*values: float) -> dict[str, Any]:
    return {"a": np.array(values[:2], dtype=np.float32), "b": np.array(values[2:], dtype=np.float32)}


def test_shares_are_of_those_who_took_part() -> None:
    """With half of the clients present the letter's sum over all of them would be half as large."""
    mean = average([of(1, 2, 3), of(5, 6, 7)], [30, 10])
    assert mean["a"].tolist() == [2.0, 3.0]
    assert mean["b"].tolist() == [4.0]
    assert mean["a"].dtype == np.float32
    alone = average([of(1, 2, 3)], [7])
    assert alone["b"].tolist() == [3.0]


def test_nobody_to_average_is_refused() -> None:
    with pytest.raises(ValueError, match=r"samples=\[0, 0\] are not allowed"):
        average([of(1, 2, 3), of(1, 2, 3)], [0, 0])


def test_a_change_is_shortened_to_its_bound_and_no_further() -> None:
    before, after = of(0, 0, 0), of(3, 0, 4)
    assert norm_of_change(before, after) == 5
    assert bound_change(before, after, 2.5)["b"].tolist() == [2.0]
    assert bound_change(before, after, 6)["b"].tolist() == [4.0]
    assert bound_change(before, before, 1.0)["a"].tolist() == [0.0, 0.0]


def test_noise_is_as_strong_as_it_says_and_the_same_for_a_seed() -> None:
    zeros = {"a": np.zeros(40_000, dtype=np.float32)}
    noisy, same = (add_noise(zeros, 0.3, np.random.default_rng(1)) for _ in range(2))
    assert noisy["a"].std() == pytest.approx(0.3, rel=0.02)
    assert np.array_equal(noisy["a"], same["a"])


def test_messages_come_back_as_they_were_and_are_as_long_whatever_time_passed() -> None:
    order = Order(do="keep", round=3, weights=of(1, 2, 3), forget=2)
    back = Order.decode(order.encode())
    assert (back.do, back.round, back.forget, back.weights["a"].tolist()) == ("keep", 3, 2, [1, 2])
    quick, slow = (
        Answer(weights=of(1, 2, 3), samples=5, row={"steps": 2.0}, processor_s=s).encode() for s in (0.1, 1e3)
    )
    assert len(quick) == len(slow)
    assert Answer.decode(slow).processor_s == 1e3
    assert Answer.decode(slow).weights["b"].tolist() == [3.0]
    with pytest.raises(ValueError, match="header"):
        Order.decode(b"something else")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"fraction": 0.0}, "fraction=0.0 is not allowed: must be above 0"),
        ({"clients": 0}, "clients=0 is not allowed: must be at least 1"),
        ({"scheme": "fedavg"}, "scheme='fedavg' is not allowed: must be one of federated"),
        ({"noise": 1.0}, "noise=1.0 is not allowed without clip"),
        ({"scheme": "isolated", "mu": 0.1}, "mu=0.1 is not allowed with scheme='isolated'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        Federation(**settings)


def test_of_a_fraction_at_least_one_takes_part() -> None:
    assert [Federation(clients=10, fraction=f).participants for f in (0.01, 0.5, 1.0)] == [1, 5, 10]
