# SPDX-License-Identifier: GPL-2.0-only
"""What a policy would have earned, told from what others did: off-policy evaluation.

The doubly robust estimator (Dudik, Langford and Li, 2011; Jiang and Li, 2016, Eq (10) with one step): a model
Q of returns says what the policy's own choice is worth, and where the choice that was taken is one that the
policy could have made, the model's error there corrects it, the more the rarer the choice was. If either
the model or the recorded probabilities are right, so is the mean.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def evaluate_offline(
    target: Floats, taken: NDArray[np.int64], behaviour: Floats, outcome: Floats, q: Floats
) -> Floats:
    """Estimate what a policy's decision is worth in each of N states: [N], whose mean is its value.

    Args:
        target: [N, A] probability that the policy gives to each action.
        taken: [N] the action that was taken.
        behaviour: [N] probability with which it was taken; above 0.
        outcome: [N] what came of it: the reward, and the discounted value of where it led.
        q: [N, A] the model of outcomes; where the policy gives 0 it may be anything.

    Raises:
        ValueError: shapes differ, or an action was taken that the behaviour never takes.
    """
    if target.shape != q.shape or not len(target) == len(taken) == len(behaviour) == len(outcome):
        raise ValueError(f"shapes differ: {target.shape}, {q.shape}, {taken.shape}, {outcome.shape}")
    if not (behaviour > 0).all():
        raise ValueError("behaviour is not allowed to be 0 for an action that was taken")
    rows = np.arange(len(taken))
    modelled = np.where(target > 0, target * np.where(target > 0, q, 0.0), 0.0).sum(axis=1)
    error = outcome - q[rows, taken]
    estimates: Floats = modelled + target[rows, taken] / behaviour * error
    return estimates


class Verdict(NamedTuple):
    """Comparison of a new policy with the present one."""

    gain: float
    """By how much a decision of the new one is worth more."""
    error: float
    """Standard error of that."""

    @property
    def accepted(self) -> bool:
        """Whether the new one may take over: it is estimated to do no worse."""
        return self.gain >= 0


def compare_offline(new: Floats, present: Floats) -> Verdict:
    """Compare [N] estimates of `evaluate_offline` of two policies, state by state."""
    difference = new - present
    return Verdict(float(difference.mean()), float(difference.std() / np.sqrt(len(difference))))
