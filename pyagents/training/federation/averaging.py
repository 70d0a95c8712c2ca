# SPDX-License-Identifier: GPL-2.0-only
"""What becomes of the weights of a round, as arithmetic on named arrays."""

from collections.abc import Sequence

import numpy as np

from pyagents.core.tensors import Arrays


def average(weights: Sequence[Arrays], samples: Sequence[float]) -> Arrays:
    """Average what the participants of a round have learnt: sum of n_i w_i over the sum of n_i.

    Both sums are over those who took part (McMahan et al., 2017, Algorithm 1), so that shares add up to 1.
    Sums are taken in double precision, in the order given.

    Args:
        weights: of each participant, by the same names.
        samples: n_i of each, at least one of them above 0.
    """
    whole = float(sum(samples))
    if not whole > 0:
        raise ValueError(f"samples={list(samples)} are not allowed: at least one must be above 0")
    return {
        name: sum(
            (one[name].astype(np.float64) * (n / whole) for one, n in zip(weights, samples, strict=True)),
            start=np.zeros(first.shape),
        ).astype(first.dtype)
        for name, first in weights[0].items()
    }


def norm_of_change(before: Arrays, after: Arrays) -> float:
    """Euclidean norm of all that changed."""
    squares = [float(np.square(after[name].astype(np.float64) - before[name]).sum()) for name in before]
    return float(np.sqrt(sum(squares)))


def bound_change(before: Arrays, after: Arrays, clip: float) -> Arrays:
    """Shorten a change to a Euclidean norm of `clip`, where it is longer."""
    length = norm_of_change(before, after)
    share = min(1.0, clip / length) if length > 0 else 1.0
    return {
        name: (old + share * (after[name].astype(np.float64) - old)).astype(old.dtype)
        for name, old in before.items()
    }


def add_noise(weights: Arrays, deviation: float, rng: np.random.Generator) -> Arrays:
    """Add Gaussian noise of a standard deviation to each number, in the order of the names."""
    return {
        name: (weights[name] + rng.normal(0.0, deviation, weights[name].shape)).astype(weights[name].dtype)
        for name in sorted(weights)
    }
