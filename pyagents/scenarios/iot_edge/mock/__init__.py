# SPDX-License-Identifier: GPL-2.0-only
"""The area without a radio: clusters, routes and the paper's loads, many areas at once.

A step is a pure function of the world (drawn once), the state (cores, levels, assignments) and the action.

- `planning`: heads, clusters, routes, by the rules of docs/iot-edge.md; `Layout` is what they need of places.
- `traffic`: who senses a vehicle, and what that makes devices send.
- `batch` (B areas), `simulator` (one area as a Simulator).
"""

from pyagents.scenarios.iot_edge.mock.batch import BatchedMock
from pyagents.scenarios.iot_edge.mock.simulator import MockSimulator

__all__ = ["BatchedMock", "MockSimulator"]
