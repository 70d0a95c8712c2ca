# SPDX-License-Identifier: GPL-2.0-only
"""The batched mock as the batch simulator that `BatchedEnv` plays."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyagents.envs.batched import Snapshots
from pyagents.scenario import Scenario
from pyagents.simulators.mock import Actions, BatchedMock
from pyagents.snapshot import CIO_LIMIT_DB, Action


class MockHalls:
    """Many halls of the mock, checked Actions in."""

    def __init__(self) -> None:
        self._halls = BatchedMock()
        self._scenario = Scenario()

    def reset(self, scenario: Scenario, seeds: Sequence[int]) -> Snapshots:
        """Start anew, a hall a seed."""
        self._scenario = scenario
        return self._halls.reset(scenario, seeds)

    def step(self, action: Action) -> Snapshots:
        """Apply an Action whose arrays have a batch axis in front.

        Raises:
            ValueError: it is malformed.
        """
        scenario = self._scenario
        allowed = {
            "cho_target": (-1, scenario.n_gnbs - 1),
            "cio_db": (-CIO_LIMIT_DB, CIO_LIMIT_DB),
            "channel": (-1, scenario.n_channels - 1),
        }
        arrays: dict[str, Any] = {}
        for name, (low, high) in allowed.items():
            if (value := getattr(action, name)) is None:
                continue
            arrays[name] = array = np.asarray(value)
            if not (array.min() >= low and array.max() <= high):
                raise ValueError(
                    f"{name} has values from {array.min()} to {array.max()}, allowed is {low:g} to {high:g}"
                )
        return self._halls.step(Actions(**arrays))

    @property
    def done(self) -> bool:
        """True once all steps were played."""
        return self._halls.done
