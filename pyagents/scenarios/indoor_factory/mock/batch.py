# SPDX-License-Identifier: GPL-2.0-only
"""The mock as a simulator: many halls at once, or one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.mock.layout import Layout, draw_layout, stack
from pyagents.scenarios.indoor_factory.mock.motion import Motion, Walkers
from pyagents.scenarios.indoor_factory.mock.noise import Noise, NoiseSource
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers, derive
from pyagents.scenarios.indoor_factory.mock.observe import observe
from pyagents.scenarios.indoor_factory.mock.state import State
from pyagents.scenarios.indoor_factory.mock.step import Knobs, initial_state, step
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Action, Snapshot
from pyagents.simulators.compiled import announce

HALL_KEY = 38901
"""Sets a hall's random numbers apart from those of who else starts a generator with the run's seed."""


def hall_rng(seed: int) -> np.random.Generator:
    """The generator of a hall: never that of an agent, whose seed is the same."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(HALL_KEY,)))


@dataclass(kw_only=True, eq=False)
class _Runs:
    """B runs on their way."""

    numbers: Numbers
    state: State
    noise: NoiseSource
    walkers: Walkers
    ahead: list[tuple[Noise, Motion]] = field(default_factory=list)
    """What was drawn for the next steps, the nearest last."""

    def advance(self, knobs: Knobs) -> None:
        """Simulate one SIBx period."""
        if not self.ahead:
            noises, normals, waypoints = self.noise.draw()
            motions = self.walkers.ahead(self.state.n_steps, normals, waypoints)
            self.ahead = list(zip(reversed(noises), reversed(motions), strict=True))
        self.state = step(self.numbers, self.state, knobs, *self.ahead.pop())


class BatchedMock:
    """B halls of one Scenario, each with a seed of its own. See `BatchSimulator`."""

    def __init__(self) -> None:
        self._runs: _Runs | None = None

    def reset(
        self, scenario: Scenario, seeds: Sequence[int], layouts: Sequence[Layout] | None = None
    ) -> Snapshot:
        """Start anew, a hall a seed, and simulate the warm-up and the first SIBx period.

        Args:
            scenario: of all halls.
            seeds: of each, 1 or above.
            layouts: use these in place of drawing them.

        Raises:
            ValueError: there is no seed, one is not allowed, or the scenario cannot be laid out.
        """
        if not len(seeds) or (layouts is not None and len(layouts) != len(seeds)):
            raise ValueError(f"seeds={list(seeds)} is not allowed: must be one a hall, and at least one hall")
        for seed in seeds:
            if seed < 1:
                raise ValueError(f"seed={seed} is not allowed: must be at least 1")
        announce(Path(__file__).parent, seconds=15)
        rngs = [hall_rng(seed) for seed in seeds]
        drawn = [draw_layout(scenario, rng) for rng in rngs]
        numbers = derive(scenario, stack(drawn if layouts is None else layouts))
        state, m = initial_state(numbers), numbers.n_mobile
        received = state.links.rx_dbm[:, : scenario.n_gnbs, :m]
        walkers = Walkers(numbers, received - RESOURCE_ELEMENTS_DB, state.measured.rsrp_dbm[:, :, :m])
        noise = NoiseSource(rngs, numbers)
        self._runs = runs = _Runs(numbers=numbers, state=state, noise=noise, walkers=walkers)
        for _ in range(scenario.warmup_periods + 1):
            runs.advance({})
        return observe(numbers, runs.state)

    def step(self, action: Action) -> Snapshot:
        """Apply the Actions of all halls, simulate one SIBx period.

        Raises:
            RuntimeError: the runs are over, or were never reset.
            ValueError: a knob has another shape or type, or a value that is not allowed.
        """
        numbers = self._started().numbers
        return self.play(action.to_arrays(numbers.scenario.sizes(), batch=numbers.rules.demand.bps.shape[:1]))

    def play(self, knobs: Knobs) -> Snapshot:
        """Do what `step` does once the knobs are checked."""
        runs = self._started()
        if self.done:
            raise RuntimeError("step after the last one: the runs are over")
        runs.advance(knobs)
        return observe(runs.numbers, runs.state)

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        if self._runs is None:
            return False
        scenario = self._runs.numbers.scenario
        return self._runs.state.n_steps > scenario.warmup_periods + scenario.steps

    def close(self) -> None:
        """Forget the runs."""
        self._runs = None

    @property
    def state(self) -> State:
        """All there is to know."""
        if self._runs is None:
            raise RuntimeError("there is no state before reset")
        return self._runs.state

    def _started(self) -> _Runs:
        if self._runs is None:
            raise RuntimeError("step before reset")
        return self._runs


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
