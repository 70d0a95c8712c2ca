# SPDX-License-Identifier: GPL-2.0-only
"""What anybody would try first: every UE goes to the least loaded cell that it hears."""

from dataclasses import dataclass

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.scenarios.indoor_factory.agents.gt_rl import candidate_cells
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


@dataclass(frozen=True, kw_only=True)
class LeastLoadedConfig(Checked):
    """How naive it is."""

    min_difference: float = number(0.0, 0)
    """A UE moves if the other cell's load is lower than its own cell's by more than this."""
    max_load_age_periods: float = number(3.0, 0)
    """Loads heard longer ago than this are forgotten."""


class LeastLoaded:
    """Greedy on the loads heard by SIBx, all UEs at once, blind to what each of them brings along.

    It shows what the other agents' care is for: UEs that hear the same run for the same cell, and away from
    it in the next period. Uses only what a UE knows, and of that each UE only its own row.
    """

    def __init__(self, config: LeastLoadedConfig = LeastLoadedConfig()) -> None:
        self.config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Nothing to forget, and nothing random."""
        self._rsrp_threshold_dbm = scenario.cho_rsrp_threshold_dbm
        self._max_age_s = self.config.max_load_age_periods * scenario.step_s * (1 + 1e-9)

    def act(self, snapshot: Snapshot) -> Action:
        """Choose for each UE; one that knows no cell that would do is left to A3."""
        rows = np.arange(snapshot.n_ues)
        candidates = candidate_cells(snapshot, self._rsrp_threshold_dbm, self._max_age_s)
        load = np.where(candidates, snapshot.sib_load, np.inf)
        best = load.argmin(axis=1)
        moves = load[rows, best] + self.config.min_difference < load[rows, snapshot.serving]
        stays = np.where(candidates[rows, snapshot.serving], snapshot.serving, -1)
        return Action(cho_target=np.where(moves, best, stays).astype(np.int32))
