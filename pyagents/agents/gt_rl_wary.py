# SPDX-License-Identifier: GPL-2.0-only
"""GT-RL whose UEs do not trust the rates that they measure.

The paper has "interference implicitly in r_ij". What a UE measures of a cell holds for the time of the
measurement; under listen-before-talk that is when the cell finds its channel idle, and says nothing of
transmitters that the cell does not hear. Here r_ij is the rate while all cells of the channel transmit.
Everything else is `pyagents.agents.gt_rl`.
"""

import dataclasses

from pyagents.agents.disturbed_rate import disturbed_rate_bps
from pyagents.agents.gt_rl import GtRl
from pyagents.scenario import Scenario
from pyagents.snapshot import Action, Snapshot


class WaryGtRl(GtRl):
    """The agent of all UEs."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget the past; epsilon starts anew."""
        super().reset(scenario, seed)
        self._scenario = scenario

    def act(self, snapshot: Snapshot) -> Action:
        """As GT-RL, by the rates that are left while all transmit."""
        rate_bps = disturbed_rate_bps(snapshot, self._scenario)
        return super().act(dataclasses.replace(snapshot, rate_bps=rate_bps))
