# SPDX-License-Identifier: GPL-2.0-only
"""An agent to start from: UEs leave loaded cells, a few at a time, for strong and less loaded ones."""

from dataclasses import dataclass

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.scenarios.indoor_factory import Action, Scenario, Snapshot


@dataclass(frozen=True, kw_only=True)
class Config(Checked):
    """Options: on the command line `--agent.moving-share 0.2` and so on."""

    moving_share: float = number(0.1, 0.0, 1.0)
    """Share of the UEs that may move in a step: where all moved at once, they would meet again."""
    busy_load: float = number(0.5, 0.0, 4.0)
    """Load of a UE's cell, as it heard it by SIBx, above which it looks for another."""
    less_load: float = number(0.3, 0.0, 4.0)
    """Load by which the other cell has to be lower."""
    weaker_db: float = number(4.0, 0.0, 50.0)
    """RSRP by which the other cell may be weaker than the UE's own."""


class NewAgent:
    """Decides from what UEs know: RSRP that they measure, and loads that they hear."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget everything. All chance comes from the seed, so that a run can be repeated."""
        self._random = np.random.default_rng(seed)

    def act(self, snapshot: Snapshot) -> Action:
        """Decide for one step. `Snapshot` documents every array that there is to see."""
        ue, config = np.arange(snapshot.n_ues), self._config
        own = ue, snapshot.serving
        own_load, own_rsrp = snapshot.sib_load[own][:, None], snapshot.rsrp_dbm[own][:, None]  # [UE, 1]
        # [UE, gNB] cells worth moving to; loads that were never heard are NaN, which is never less.
        good = (snapshot.rsrp_dbm > own_rsrp - config.weaker_db) & (
            snapshot.sib_load < own_load - config.less_load
        )
        load = np.where(good, snapshot.sib_load, np.inf)
        chosen = self._random.random(snapshot.n_ues) < config.moving_share
        moves = chosen & (snapshot.sib_load[own] > config.busy_load) & good.any(axis=1)
        return Action(cho_target=np.where(moves, load.argmin(axis=1), -1))  # -1: event A3 decides as usual
