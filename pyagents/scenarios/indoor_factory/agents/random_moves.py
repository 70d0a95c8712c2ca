# SPDX-License-Identifier: GPL-2.0-only
"""A lower bound: UEs that wander about, whatever the loads."""

from dataclasses import dataclass

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


@dataclass(frozen=True, kw_only=True)
class RandomMovesConfig(Checked):
    """How much they wander."""

    move_probability: float = number(0.05, 0, 1)
    """Probability that a UE draws a new cell in a period; with 160 ms, one draw in 3 s."""


class RandomMoves:
    """Each UE now and then goes to a cell drawn evenly from those that can serve it, its own among them.

    Uses only what a UE knows, and of that each UE only its own row.
    """

    def __init__(self, config: RandomMovesConfig = RandomMovesConfig()) -> None:
        self.config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Start the dice anew."""
        self._rsrp_threshold_dbm = scenario.cho_rsrp_threshold_dbm
        self._rng = np.random.default_rng(seed)

    def act(self, snapshot: Snapshot) -> Action:
        """Draw; a UE that does not move stays, or leaves it to A3 where its own cell is too weak or slow."""
        chance = self._rng.random((2, snapshot.n_ues))
        usable = (snapshot.rsrp_dbm >= self._rsrp_threshold_dbm) & (
            snapshot.rate_bps > snapshot.demand_bps[:, None]
        )
        moves = (chance[0] < self.config.move_probability) & usable.any(axis=1)
        stays = np.where(usable[np.arange(snapshot.n_ues), snapshot.serving], snapshot.serving, -1)
        drawn = draw_evenly(usable.astype(np.float64), chance[1])
        return Action(cho_target=np.where(moves, drawn, stays).astype(np.int32))


def draw_evenly(usable: Floats, chance: Floats) -> Floats:
    """[U] the index of one of the entries that are 1 in each row of [U, G], by one uniform number a row."""
    rank = np.floor(chance * usable.sum(axis=1))[:, None]
    drawn: Floats = (usable.cumsum(axis=1) > rank).argmax(axis=1)
    return drawn
