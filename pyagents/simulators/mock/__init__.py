# SPDX-License-Identifier: GPL-2.0-only
"""The fast twin of the ns-3 scenario."""

from pyagents.simulators.mock.batch import BatchedMock
from pyagents.simulators.mock.simulator import MockSimulator
from pyagents.simulators.mock.step import Actions

__all__ = ["Actions", "BatchedMock", "MockSimulator"]
