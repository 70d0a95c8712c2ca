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


@dataclass(frozen=True, kw_only=True, eq=False)
class Noise:
    """The random numbers of one step."""

    shadowing: Floats
    """[B, N, M] standard normal."""
    waypoint: Floats
    """[B, M, 2] uniform."""
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
    """Draws the Noise of one step after another.

    Args:
        rngs: one a hall.
        sizes: of the halls.
    """

    def __init__(self, rngs: Sequence[np.random.Generator], sizes: Sizes) -> None:
        self._rngs, self._sizes, self._next = rngs, sizes, STEPS_A_DRAW
        b, k, n, g = sizes.halls, STEPS_A_DRAW, sizes.nodes, sizes.gnbs
        self._coins = np.empty((b, k, g, sizes.ues), dtype=np.float32)
        self._uniform = np.empty((b, k, sizes.ues + 3 * g + 2 * sizes.mobile + n - g))
        self._normal = np.empty((b, k, n, sizes.mobile))

    def draw(self) -> Noise:
        """The Noise of the next step."""
        if self._next == STEPS_A_DRAW:
            self._draw()
        k, b, g, u, m = self._next, self._sizes.halls, self._sizes.gnbs, self._sizes.ues, self._sizes.mobile
        self._next += 1
        uniform = self._uniform[:, k]
        at_walks, at_wifi = u + 3 * g, u + 3 * g + 2 * m
        return Noise(
            shadowing=self._normal[:, k],
            waypoint=uniform[:, at_walks:at_wifi].reshape(b, m, 2),
            aggressors=uniform[:, u : u + 2 * g].reshape(b, g, 2),
            sib_sent=uniform[:, u + 2 * g : at_walks],
            preambles=uniform[:, :u],
            sib_decoded=self._coins[:, k],
            wifi=uniform[:, at_wifi:],
        )

    def _draw(self) -> None:
        for hall, rng in enumerate(self._rngs):
            rng.random(out=self._coins[hall], dtype=np.float32)
            rng.random(out=self._uniform[hall])
            if self._sizes.mobile:
                rng.standard_normal(out=self._normal[hall])
        self._next = 0
