# SPDX-License-Identifier: GPL-2.0-only
"""Many halls at once, as structs of arrays with a leading batch axis."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyagents.scenarios.indoor_factory.mock import compiled
from pyagents.scenarios.indoor_factory.mock.layout import Layout, draw_layout, stack
from pyagents.scenarios.indoor_factory.mock.motion import Motion, Walkers
from pyagents.scenarios.indoor_factory.mock.noise import Noise, NoiseSource
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers, derive
from pyagents.scenarios.indoor_factory.mock.observe import Snapshots
from pyagents.scenarios.indoor_factory.mock.state import State
from pyagents.scenarios.indoor_factory.mock.step import NO_ACTION, Actions, initial_state, step
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import CIO_LIMIT_DB, RESOURCE_ELEMENTS_DB

HALL_KEY = 38901
"""Sets a hall's random numbers apart from those of who else starts a generator with the run's seed."""


def hall_rng(seed: int) -> np.random.Generator:
    """The generator of a hall: never that of an agent, whose seed is the same."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(HALL_KEY,)))


class BatchedMock:
    """B halls of one Scenario, each with a seed of its own.

    Hall k is the same, byte for byte, whatever others it is simulated with.
    """

    def __init__(self) -> None:
        self._numbers: Numbers | None = None
        self._state: State | None = None
        self._noise: NoiseSource | None = None
        self._walkers: Walkers | None = None
        self._ahead: list[tuple[Noise, Motion]] = []

    def reset(
        self, scenario: Scenario, seeds: Sequence[int], layouts: Sequence[Layout] | None = None
    ) -> Snapshots:
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
            self._advance(NO_ACTION)
        return Snapshots(self._numbers, self._advance(NO_ACTION))

    def step(self, actions: Actions = NO_ACTION) -> Snapshots:
        """Apply the actions, simulate one SIBx period.

        Args:
            actions: with a leading batch axis.

        Raises:
            RuntimeError: the runs are over, or were never reset.
            ValueError: an action has another shape or kind, or a value that is not allowed.
        """
        if self._state is None:
            raise RuntimeError("step before reset")
        if self.done:
            raise RuntimeError("step after the last one: the runs are over")
        assert self._numbers is not None
        return Snapshots(self._numbers, self._advance(_checked(actions, self._numbers)))

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        return (
            self._state is not None
            and self._numbers is not None
            and self._state.n_steps > self._numbers.scenario.warmup_periods + self._numbers.scenario.steps
        )

    @property
    def state(self) -> State:
        """All there is to know."""
        if self._state is None:
            raise RuntimeError("there is no state before reset")
        return self._state

    def _advance(self, actions: Actions) -> State:
        assert self._numbers is not None
        assert self._state is not None
        assert self._noise is not None
        assert self._walkers is not None
        if not self._ahead:
            noises, normals, waypoints = self._noise.draw()
            motions = self._walkers.ahead(self._state.n_steps, normals, waypoints)
            self._ahead = list(zip(reversed(noises), reversed(motions), strict=True))
        self._state = step(self._numbers, self._state, actions, *self._ahead.pop())
        return self._state


def _checked(actions: Actions, numbers: Numbers) -> Actions:
    """The actions, after a look at shapes, kinds and values: compiled code does not look.

    Raises:
        ValueError: see `BatchedMock.step`.
    """
    sizes, last_channel = numbers.sizes, numbers.scenario.n_channels - 1
    b, g, u = sizes.halls, sizes.gnbs, sizes.ues
    return Actions(
        cho_target=_in_range("cho_target", actions.cho_target, (b, u), -1, g - 1, np.int32),
        cio_db=_in_range("cio_db", actions.cio_db, (b, g, g), -CIO_LIMIT_DB, CIO_LIMIT_DB, np.float64),
        channel=_in_range("channel", actions.channel, (b, g), -1, last_channel, np.int32),
    )


def _in_range(
    name: str, values: Any, shape: tuple[int, ...], low: float, high: float, dtype: type[np.generic]
) -> Any:
    """The values as an array of that type.

    Raises:
        ValueError: see `BatchedMock.step`.
    """
    if values is None:
        return None
    array = np.asarray(values)
    if array.shape != shape or not np.can_cast(array.dtype, dtype, "same_kind"):
        raise ValueError(
            f"{name} is {array.dtype} of shape {array.shape}, allowed is {dtype.__name__} of {shape}"
        )
    if not (array.min() >= low and array.max() <= high):
        raise ValueError(
            f"{name} has values from {array.min()} to {array.max()}, allowed is {low:g} to {high:g}"
        )
    return np.ascontiguousarray(array, dtype=dtype)
