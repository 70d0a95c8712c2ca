# SPDX-License-Identifier: GPL-2.0-only
"""The random numbers of a run: each hall's from a generator of its own, drawn for several steps at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyagents.simulators.mock.numbers import Sizes
from pyagents.snapshot import Floats

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
    sib_decoded: NDArray[np.float32]
    """[B, G, U] uniform; of single precision, for they are tossed like coins."""
    wifi: Floats
    """[B, N - G] uniform: which access points have traffic."""


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
            [B, K, M, 2] uniform, for waypoints.
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
        at_sent, at_walks, at_wifi = u + 2 * g, u + 3 * g, u + 3 * g + 2 * m
        noises = [
            Noise(
                aggressors=uniform[:, step, u:at_sent].reshape(b, g, 2),
                sib_sent=uniform[:, step, at_sent:at_walks],
                preambles=uniform[:, step, :u],
                sib_decoded=coins[:, step],
                wifi=uniform[:, step, at_wifi:],
            )
            for step in range(k)
        ]
        return noises, normal, uniform[:, :, at_walks:at_wifi].reshape(b, k, m, 2)
