# SPDX-License-Identifier: GPL-2.0-only
"""The interfaces of everything that can play scenarios: one run, or a batch of runs in step.

A simulator is of one family, and takes and gives objects of its classes. `Any` stands for them here.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol, Self


class ImpossibleScenarioError(ValueError):
    """Each number of the scenario is allowed, but together they cannot be built; says which to change."""


class Simulator(Protocol):
    """Plays a Scenario step by step. A context manager that closes itself; `reset` may be called again.

    Who derives from it is one without more ado.
    """

    def reset(self, scenario: Any, seed: int) -> Any:
        """Start anew and return the Snapshot at the end of the first step.

        Args:
            scenario: the situation.
            seed: number of the random run, 1 or above; same scenario and seed, same Snapshots.

        Raises:
            ImpossibleScenarioError: the scenario cannot be built.
        """
        ...

    def step(self, action: Any) -> Any:
        """Apply the Action, simulate one step, return the Snapshot at its end.

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class BatchSimulator(Protocol):
    """Plays B runs of one Scenario in step: a `Simulator` whose Snapshots and Actions have a batch axis.

    Run k is the same, to the last bit, whatever others it is played with.
    """

    def reset(self, scenario: Any, seeds: Sequence[int]) -> Any:
        """Start anew, at least a run, a run a seed; the batch of Snapshots. See `Simulator.reset`."""
        ...

    def step(self, action: Any) -> Any:
        """Apply the batch of Actions, simulate one step. See `Simulator.step`."""
        ...

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        ...

    def close(self) -> None:
        """Release what the runs hold. May be called at any time, and twice."""
        ...
