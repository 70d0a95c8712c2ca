# SPDX-License-Identifier: GPL-2.0-only
"""Many halls at once, as structs of arrays with a leading batch axis."""

from collections.abc import Sequence

import numpy as np

from pyagents.scenarios.indoor_factory.mock import compiled
from pyagents.scenarios.indoor_factory.mock.layout import Layout, draw_layout, stack
from pyagents.scenarios.indoor_factory.mock.motion import Motion, Walkers
from pyagents.scenarios.indoor_factory.mock.noise import Noise, NoiseSource
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers, derive
from pyagents.scenarios.indoor_factory.mock.observe import observe
from pyagents.scenarios.indoor_factory.mock.state import State
from pyagents.scenarios.indoor_factory.mock.step import Knobs, initial_state, step
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Action, Snapshot

HALL_KEY = 38901
"""Sets a hall's random numbers apart from those of who else starts a generator with the run's seed."""


def hall_rng(seed: int) -> np.random.Generator:
    """The generator of a hall: never that of an agent, whose seed is the same."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(HALL_KEY,)))


class BatchedMock:
    """B halls of one Scenario, each with a seed of its own. See `BatchSimulator`."""

    def __init__(self) -> None:
        self._numbers: Numbers | None = None
        self._state: State | None = None
        self._noise: NoiseSource | None = None
        self._walkers: Walkers | None = None
        self._ahead: list[tuple[Noise, Motion]] = []

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
        compiled.announce()
        rngs = [hall_rng(seed) for seed in seeds]
        drawn = [draw_layout(scenario, rng) for rng in rngs]
        self._numbers = derive(scenario, stack(drawn if layouts is None else layouts))
        self._state = initial_state(self._numbers)
        self._noise = NoiseSource(rngs, self._numbers.sizes)
        m = self._numbers.sizes.mobile
        received = self._state.links.rx_dbm[:, : scenario.n_gnbs, :m]
        self._walkers = Walkers(
            self._numbers, received - RESOURCE_ELEMENTS_DB, self._state.measured.rsrp_dbm[:, :, :m]
        )
        self._ahead = []
        for _ in range(scenario.warmup_periods):
            self._advance({})
        return observe(self._numbers, self._advance({}))

    def step(self, action: Action) -> Snapshot:
        """Apply the Actions of all halls, simulate one SIBx period.

        Raises:
            RuntimeError: the runs are over, or were never reset.
            ValueError: a knob has another shape or type, or a value that is not allowed.
        """
        if self._numbers is None:
            raise RuntimeError("step before reset")
        return self.play(action.to_arrays(self._numbers.scenario.sizes(), batch=(self._numbers.sizes.halls,)))

    def play(self, knobs: Knobs) -> Snapshot:
        """Do what `step` does once the knobs are checked."""
        if self._numbers is None:
            raise RuntimeError("step before reset")
        if self.done:
            raise RuntimeError("step after the last one: the runs are over")
        return observe(self._numbers, self._advance(knobs))

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        return (
            self._state is not None
            and self._numbers is not None
            and self._state.n_steps > self._numbers.scenario.warmup_periods + self._numbers.scenario.steps
        )

    def close(self) -> None:
        """Forget the runs."""
        self._numbers = self._state = self._noise = self._walkers = None
        self._ahead = []

    @property
    def state(self) -> State:
        """All there is to know."""
        if self._state is None:
            raise RuntimeError("there is no state before reset")
        return self._state

    def _advance(self, knobs: Knobs) -> State:
        assert self._numbers is not None
        assert self._state is not None
        assert self._noise is not None
        assert self._walkers is not None
        if not self._ahead:
            noises, normals, waypoints = self._noise.draw()
            motions = self._walkers.ahead(self._state.n_steps, normals, waypoints)
            self._ahead = list(zip(reversed(noises), reversed(motions), strict=True))
        self._state = step(self._numbers, self._state, knobs, *self._ahead.pop())
        return self._state
