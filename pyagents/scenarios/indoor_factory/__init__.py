# SPDX-License-Identifier: GPL-2.0-only
"""NR-U in an indoor factory: load balancing between gNBs that listen before they talk."""

from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Party, Snapshot

__all__ = ["PRESETS", "Action", "Party", "Scenario", "Snapshot"]
