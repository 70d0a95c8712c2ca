# SPDX-License-Identifier: GPL-2.0-only
"""Offline evaluation tells what a policy is worth from others' decisions, and turns worse policies down."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pyagents.training.offline import Verdict, compare_offline, evaluate_offline

Policy = list[list[float]]

COUNT = 40_000
PAYS = np.array([[1.0, 0.0, 0.5], [0.0, 2.0, -np.inf]])
"""Of three actions in two states; the last cannot be taken in the second."""


def estimate(policy: Policy, *, model: NDArray[np.float64], wrong: float = 1.0) -> NDArray[np.float64]:
    """Estimates from a log of actions taken at random, with noise; recorded chances off by a factor."""
    rng = np.random.default_rng(1)
    state = rng.integers(0, 2, COUNT)
    taken: Any = rng.integers(0, 3 - state)
    outcome = PAYS[state, taken] + rng.normal(0, 0.3, COUNT)
    behaviour = wrong / (3 - state)
    return evaluate_offline(np.array(policy)[state], taken, behaviour, outcome, model[state])


def value(policy: Policy) -> float:
    return float((np.array(policy) * np.maximum(PAYS, 0)).sum() / 2)


GOOD = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
FAIR = [[0.2, 0.3, 0.5], [0.5, 0.5, 0.0]]
BAD = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize("policy", [GOOD, FAIR, BAD])
def test_with_the_right_chances_the_estimate_is_right_whatever_the_model(policy: Policy) -> None:
    assert estimate(policy, model=np.full((2, 3), 7.0)).mean() == pytest.approx(value(policy), abs=0.15)


@pytest.mark.parametrize("policy", [GOOD, FAIR, BAD])
def test_with_the_right_model_the_estimate_is_right_whatever_the_chances(policy: Policy) -> None:
    assert estimate(policy, model=PAYS, wrong=0.3).mean() == pytest.approx(value(policy), abs=0.03)


def test_a_worse_policy_is_turned_down_and_a_better_one_accepted() -> None:
    good, bad = (estimate(policy, model=np.zeros((2, 3))) for policy in (GOOD, BAD))
    assert compare_offline(good, bad).accepted
    assert not compare_offline(bad, good).accepted
    assert compare_offline(good, good) == Verdict(0.0, 0.0)


def test_the_error_shrinks_with_evidence() -> None:
    good, bad = (estimate(policy, model=PAYS) for policy in (GOOD, BAD))
    few, many = compare_offline(good[:400], bad[:400]), compare_offline(good, bad)
    assert few.error == pytest.approx(10 * many.error, rel=0.3)


def test_impossible_logs_are_refused() -> None:
    ones, square = np.ones(3), np.ones((3, 2))
    with pytest.raises(ValueError, match="shapes differ"):
        evaluate_offline(square, ones.astype(int), ones, ones[:2], square)
    with pytest.raises(ValueError, match="behaviour"):
        evaluate_offline(square, ones.astype(int), 0 * ones, ones, square)
