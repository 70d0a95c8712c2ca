# SPDX-License-Identifier: GPL-2.0-only
"""No load balancing: every UE follows the strongest cell."""

import numpy as np

from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


class MaxRsrp:
    """Prepares no conditional handover for anybody.

    UEs start on the strongest cell, and from then on event A3 (TS 38.331 section 5.5.4.4) moves one when a
    neighbour stays stronger by offset and hysteresis. It is what a network does without balancing.
    """

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Nothing to forget."""

    def act(self, snapshot: Snapshot) -> Action:
        """Leave all mobility to A3."""
        return Action(cho_target=np.full(snapshot.n_ues, -1, dtype=np.int32))
