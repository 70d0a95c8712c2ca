# SPDX-License-Identifier: GPL-2.0-only
"""The mock as a Simulator: a batch of one area."""

from pyagents.core.simulator import Simulator
from pyagents.scenarios.iot_edge.mock.batch import BatchedMock
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot
from pyagents.scenarios.iot_edge.world import World


class MockSimulator(Simulator):
    """The area without ns-3. See `pyagents.scenarios.iot_edge.mock` for what it leaves out.

    Args:
        world: play in this one in place of one drawn from the seed.
    """

    def __init__(self, *, world: World | None = None) -> None:
        self._worlds = None if world is None else [world]
        self._areas = BatchedMock()
        self._scenario: Scenario | None = None

    def reset(self, scenario: Scenario, seed: int) -> Snapshot:
        """Start anew. See `Simulator.reset`.

        Raises:
            ValueError: the seed is not a positive whole number.
        """
        self._scenario = scenario
        return self._areas.reset(scenario, [seed], self._worlds).at(0)

    def step(self, action: Action) -> Snapshot:
        """Apply the action, play a step. See `Simulator.step`."""
        if self._scenario is None:
            raise RuntimeError("step before reset")
        knobs = action.to_arrays(self._scenario.sizes())
        return self._areas.play({name: array[None] for name, array in knobs.items()}).at(0)

    @property
    def done(self) -> bool:
        """Whether the last step has been played."""
        return self._areas.done

    def close(self) -> None:
        """Forget the run."""
        self._areas.close()
        self._scenario = None
