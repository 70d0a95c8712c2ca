# SPDX-License-Identifier: GPL-2.0-only
"""Any simulators as a batch: what `BatchedMock` is for the mock, a process a hall for ns-3."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import fields
from typing import Any

import numpy as np

from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.mock import Actions
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

_KNOBS = tuple(field.name for field in fields(Action))


class StackedSnapshots:
    """Snapshots of B halls at one instant: their fields with a batch axis in front.

    Args:
        halls: of each.
    """

    def __init__(self, halls: Sequence[Snapshot]) -> None:
        self._halls = halls
        self.time_s = halls[0].time_s

    def __getitem__(self, hall: int) -> Snapshot:
        """The Snapshot of one hall."""
        return self._halls[hall]

    def __getattr__(self, name: str) -> Any:
        """A field, [B, ...]; stacked when it is asked for first."""
        if name.startswith("_"):
            raise AttributeError(name)
        values = np.stack([getattr(hall, name) for hall in self._halls])
        values.setflags(write=False)
        setattr(self, name, values)
        return values


class SideBySide:
    """B halls of one Scenario, each played by a simulator of its own, a thread each to wait for it.

    The simulators end with their runs, with the next reset, and with the first that fails.

    Args:
        make: makes a simulator.
    """

    def __init__(self, make: Callable[[], Simulator]) -> None:
        self._make = make
        self._simulators: list[Simulator] = []
        self._done = False

    def reset(self, scenario: Scenario, seeds: Sequence[int]) -> StackedSnapshots:
        """Start anew, a hall a seed.

        Raises:
            ValueError: there is no seed.
            Whatever a simulator raises; then all are closed.
        """
        if not len(seeds):
            raise ValueError("seeds=[] is not allowed: must be one a hall, and at least one hall")
        self.close()
        self._simulators = [self._make() for _ in seeds]
        return self._at_once(lambda k: self._simulators[k].reset(scenario, seeds[k]))

    def step(self, actions: Actions) -> StackedSnapshots:
        """Apply the actions, simulate one SIBx period of each.

        Raises:
            RuntimeError: the runs are over, or were never reset.
            Whatever a simulator raises; then all are closed.
        """
        if not self._simulators:
            raise RuntimeError(
                "step after the last one: the runs are over" if self._done else "step before reset"
            )
        knobs = {name: getattr(actions, name) for name in _KNOBS}
        return self._at_once(
            lambda k: self._simulators[k].step(
                Action(**{name: values[k] for name, values in knobs.items() if values is not None})
            )
        )

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        return self._done

    def close(self) -> None:
        """End all simulators."""
        simulators, self._simulators, self._done = self._simulators, [], False
        for simulator in simulators:
            simulator.close()

    def _at_once(self, call: Callable[[int], Snapshot]) -> StackedSnapshots:
        try:
            with ThreadPoolExecutor(max_workers=len(self._simulators)) as pool:
                futures = [pool.submit(call, k) for k in range(len(self._simulators))]
                wait(futures)
            halls = [future.result() for future in futures]
        except BaseException:
            self.close()
            raise
        if all(simulator.done for simulator in self._simulators):
            self.close()
            self._done = True
        return StackedSnapshots(halls)
