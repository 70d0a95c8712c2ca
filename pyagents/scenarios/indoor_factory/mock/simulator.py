# SPDX-License-Identifier: GPL-2.0-only
"""The mock as a Simulator: a batch of one hall."""

from collections.abc import Mapping

from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.mock.batch import BatchedMock
from pyagents.scenarios.indoor_factory.mock.layout import Layout
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


class MockSimulator(Simulator):
    """The indoor factory without ns-3. See `pyagents.scenarios.indoor_factory.mock` for what it leaves out.

    Args:
        layout: play this hall (without a batch axis) in place of one drawn from the seed.
    """

    def __init__(self, *, layout: Layout | None = None) -> None:
        self._layout = layout
        self._halls = BatchedMock()
        self._sizes: Mapping[str, int] | None = None

    def reset(self, scenario: Scenario, seed: int) -> Snapshot:
        """Start anew. See `Simulator.reset`.

        Raises:
            ValueError: the seed is not a positive whole number, or the scenario cannot be laid out.
        """
        self._sizes = scenario.sizes()
        layouts = None if self._layout is None else [self._layout]
        return self._halls.reset(scenario, [seed], layouts).at(0)

    def step(self, action: Action) -> Snapshot:
        """Apply the action, simulate a step. See `Simulator.step`."""
        if self._sizes is None:
            raise RuntimeError("step before reset")
        knobs = action.to_arrays(self._sizes)
        return self._halls.play({name: array[None] for name, array in knobs.items()}).at(0)

    @property
    def done(self) -> bool:
        """Whether the last step has been played."""
        return self._halls.done

    def close(self) -> None:
        """Forget the run."""
        self._halls.close()
        self._sizes = None
