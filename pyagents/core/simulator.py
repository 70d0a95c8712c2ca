# SPDX-License-Identifier: GPL-2.0-only
"""The one interface of everything that can play a Scenario."""

from types import TracebackType
from typing import Protocol, Self

from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


class ImpossibleScenarioError(ValueError):
    """Each number of the scenario is allowed, but no hall can be built from them; says which to change."""


class Simulator(Protocol):
    """Plays a Scenario step by step. A context manager that closes itself; `reset` may be called again."""

    def reset(self, scenario: Scenario, seed: int) -> Snapshot:
        """Start anew and return the state at the end of the first SIBx period.

        Args:
            scenario: the situation.
            seed: number of the random run, 1 or above; same scenario and seed, same Snapshots.

        Raises:
            ImpossibleScenarioError: no hall can be built from the scenario.
        """
        ...

    def step(self, action: Action) -> Snapshot:
        """Apply the action, simulate one SIBx period, return the state at its end.

        Raises:
            ValueError: the action is malformed.
            RuntimeError: the run is over, or was never reset.
        """
        ...

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        ...

    def close(self) -> None:
        """Release what the run holds. May be called at any time, and twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
