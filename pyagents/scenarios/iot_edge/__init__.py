# SPDX-License-Identifier: GPL-2.0-only
"""IoT devices in clusters around edge servers, while vehicles pass: what is simulated, seen and decided."""

from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot

__all__ = ["Action", "Scenario", "Snapshot"]
