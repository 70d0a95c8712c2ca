# SPDX-License-Identifier: GPL-2.0-only
"""The random numbers of a run: each hall's from a generator of its own, drawn for several steps at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Singles
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers

STEPS_A_DRAW = 8
"""A call of a generator costs as much as some hundred numbers."""


class Noise(NamedTuple):
    """The random numbers of one step."""

    aggressors: Floats
    """[B, G, 2] uniform: which aggressors are on during a cell's SIBx."""
    sib_sent: Floats
    """[B, G] uniform."""
    preambles: Floats
    """[B, U] uniform."""
    wifi: Floats
    """[B, N - G] uniform: which access points have traffic."""
    coins: Singles
    """[B, K, G, U] uniform, of K steps: who decodes a SIBx; of single precision, for they are mere coins."""
    toss: int
    """Which of the K steps this is."""


class NoiseSource:
    """Draws the random numbers of several steps at a time.

    Args:
        rngs: one a hall.
        numbers: of the runs.
    """

    def __init__(self, rngs: Sequence[np.random.Generator], numbers: Numbers) -> None:
        self._rngs, self._numbers = rngs, numbers

    def draw(self) -> tuple[list[Noise], Floats, Floats]:
        """The Noise of the next K steps, and what walks are drawn from.

        Returns:
            One Noise a step.
            [B, K, N, M] standard normal, for shadow fading.
            [K, B, M, 2] uniform, for waypoints.
        """
        b, k, n, m = len(self._rngs), STEPS_A_DRAW, self._numbers.n_nodes, self._numbers.n_mobile
        g, u = self._numbers.scenario.n_gnbs, self._numbers.scenario.n_ues
        sizes = (u, 2 * g, g, 2 * m, n - g)
        coins = np.empty((b, k, g, u), dtype=np.float32)
        uniform = np.empty((b, k, sum(sizes)))
        normal = np.empty((b, k, n, m))
        for hall, rng in enumerate(self._rngs):
            rng.random(out=coins[hall], dtype=np.float32)
            rng.random(out=uniform[hall])
            if m:
                rng.standard_normal(out=normal[hall])
        parts = np.split(uniform.swapaxes(0, 1), np.cumsum(sizes)[:-1], axis=2)
        preambles, aggressors, sib_sent, waypoints, wifi = map(np.ascontiguousarray, parts)
        aggressors = aggressors.reshape(k, b, g, 2)
        steps = zip(aggressors, sib_sent, preambles, wifi, strict=True)
        noises = [Noise(*of_step, coins, toss) for toss, of_step in enumerate(steps)]
        return noises, normal, waypoints.reshape(k, b, m, 2)
