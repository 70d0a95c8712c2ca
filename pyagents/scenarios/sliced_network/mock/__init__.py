# SPDX-License-Identifier: GPL-2.0-only
"""Sites without packets: bytes and work flow, many networks at once.

A step is a function of the world (drawn once), the state (queues, knobs, levels of demand) and the action.

- `levels`: which demands are drawn anew.
- `sharing`: who gets which part of a carrier, or of an edge host, by guarantees, quotas and the scheduler.
- `service`: a step of all sites: what comes, waits, is sent, done, and given up.
- `batch` (B networks), `simulator` (one network as a Simulator).
"""

from pyagents.scenarios.sliced_network.mock.batch import BatchedMock
from pyagents.scenarios.sliced_network.mock.simulator import MockSimulator

__all__ = ["BatchedMock", "MockSimulator"]
