# SPDX-License-Identifier: GPL-2.0-only
"""The random numbers of a run: each hall's from a generator of its own, drawn for several steps at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock.arrays import Singles
from pyagents.scenarios.indoor_factory.mock.numbers import Sizes

STEPS_A_DRAW = 8
"""A call of a generator costs as much as some hundred numbers."""


@dataclass(kw_only=True, eq=False, slots=True)
class Noise:
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
        sizes: of the halls.
    """

    def __init__(self, rngs: Sequence[np.random.Generator], sizes: Sizes) -> None:
        self._rngs, self._sizes = rngs, sizes

    def draw(self) -> tuple[list[Noise], Floats, Floats]:
        """The Noise of the next K steps, and what walks are drawn from.

        Returns:
            One Noise a step.
            [B, K, N, M] standard normal, for shadow fading.
            [K, B, M, 2] uniform, for waypoints.
        """
        b, k, n, g = self._sizes.halls, STEPS_A_DRAW, self._sizes.nodes, self._sizes.gnbs
        u, m = self._sizes.ues, self._sizes.mobile
        coins = np.empty((b, k, g, u), dtype=np.float32)
        uniform = np.empty((b, k, u + 3 * g + 2 * m + n - g))
        normal = np.empty((b, k, n, m))
        for hall, rng in enumerate(self._rngs):
            rng.random(out=coins[hall], dtype=np.float32)
            rng.random(out=uniform[hall])
            if m:
                rng.standard_normal(out=normal[hall])
        preambles, aggressors, sib_sent, waypoints, wifi = _split(uniform, (u, 2 * g, g, 2 * m, n - g))
        aggressors = aggressors.reshape(k, b, g, 2)
        noises = [
            Noise(
                aggressors=aggressors[step],
                sib_sent=sib_sent[step],
                preambles=preambles[step],
                wifi=wifi[step],
                coins=coins,
                toss=step,
            )
            for step in range(k)
        ]
        return noises, normal, waypoints.reshape(k, b, m, 2)


def _split(values: Floats, sizes: Sequence[int]) -> Iterator[Floats]:
    """[K, B, size] parts of values [B, K, sum of sizes]."""
    end = 0
    for size in sizes:
        start, end = end, end + size
        yield np.ascontiguousarray(values[:, :, start:end].swapaxes(0, 1))
