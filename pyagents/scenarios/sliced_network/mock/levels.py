# SPDX-License-Identifier: GPL-2.0-only
"""How demands change: by whole numbers that a counter and the seed are mixed to, the same in C++.

In each step the demand of a UE for a resource is drawn anew with a probability of 1 over its mean period, and
else stays. What is drawn is one of 64 equally likely levels, times the UE's mean demand.
"""

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.simulators.compiled import compiled


@compiled
def mixed(seed: np.uint64, stream: np.uint64, step: np.uint64) -> np.uint64:
    """A number that looks random, by the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).

    Args:
        seed: of the run.
        stream: 2 u + r, of UE u and resource r.
        step: 0 is the first that is played.
    """
    z = (
        seed * np.uint64(0x9E3779B97F4A7C15)
        + stream * np.uint64(0xBF58476D1CE4E5B9)
        + step * np.uint64(0x94D049BB133111EB)
    )
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def draw_levels(
    seeds: NDArray[np.uint64], step: int, threshold: np.uint64, levels: Floats, now: Floats
) -> None:
    """Draw the levels of a step where they change.

    Args:
        seeds: [B] of the runs.
        step: 0 is the first that is played, in which all are drawn.
        threshold: of `change_threshold`.
        levels: of `gamma_levels`.
        now: [B, U, R] levels of the step before, to be changed.
    """
    n_runs, n_ues, n_resources = now.shape
    for b in range(n_runs):
        for u in range(n_ues):
            for r in range(n_resources):
                z = mixed(seeds[b], np.uint64(n_resources * u + r), np.uint64(step))
                if step == 0 or (z >> np.uint64(32)) < threshold:
                    now[b, u, r] = levels[z & np.uint64(63)]
