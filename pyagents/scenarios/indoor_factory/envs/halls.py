# SPDX-License-Identifier: GPL-2.0-only
"""The batched mock as the batch simulator that `BatchedEnv` plays."""

from collections.abc import Sequence

import numpy as np

from pyagents.envs.batched import Snapshots
from pyagents.scenarios.indoor_factory.mock import Actions, BatchedMock
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action


class MockHalls:
    """Many halls of the mock, checked Actions in."""

    def __init__(self) -> None:
        self._halls = BatchedMock()

    def reset(self, scenario: Scenario, seeds: Sequence[int]) -> Snapshots:
        """Start anew, a hall a seed."""
        return self._halls.reset(scenario, seeds)

    def step(self, action: Action) -> Snapshots:
        """Apply an Action whose arrays have a batch axis in front.

        Raises:
            ValueError: it is malformed.
        """
        asked = {name: np.asarray(value) for name, value in vars(action).items() if value is not None}
        return self._halls.step(Actions(**asked))

    @property
    def done(self) -> bool:
        """True once all steps were played."""
        return self._halls.done
