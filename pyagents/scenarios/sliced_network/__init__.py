# SPDX-License-Identifier: GPL-2.0-only
"""Sites with a licensed cell and an edge host, shared by slices: what is simulated, seen and decided."""

from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot

__all__ = ["Action", "Scenario", "Snapshot"]
