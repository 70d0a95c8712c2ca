# SPDX-License-Identifier: GPL-2.0-only
"""The mock as a Simulator: a batch of one network."""

from pyagents.core.simulator import Simulator
from pyagents.scenarios.sliced_network.mock.batch import BatchedMock
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot


class MockSimulator(Simulator):
    """The network without ns-3. See `pyagents.scenarios.sliced_network.mock` for what it leaves out."""

    def __init__(self) -> None:
        self._networks = BatchedMock()
        self._scenario: Scenario | None = None

    def reset(self, scenario: Scenario, seed: int) -> Snapshot:
        """Start anew. See `Simulator.reset`.

        Raises:
            ValueError: the seed is not a positive whole number.
            ImpossibleScenarioError: a world cannot be drawn.
        """
        self._scenario = scenario
        return self._networks.reset(scenario, [seed]).at(0)

    def step(self, action: Action) -> Snapshot:
        """Apply the action, play a step. See `Simulator.step`."""
        if self._scenario is None:
            raise RuntimeError("step before reset")
        knobs = action.to_arrays(self._scenario.sizes())
        return self._networks.play({name: array[None] for name, array in knobs.items()}).at(0)

    @property
    def done(self) -> bool:
        """Whether the last step has been played."""
        return self._networks.done

    def close(self) -> None:
        """Forget the run."""
        self._networks.close()
        self._scenario = None
