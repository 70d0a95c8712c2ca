# SPDX-License-Identifier: GPL-2.0-only
"""How fast the mock steps: one hall behind the Simulator interface, and many halls in one array program.

In each step two UEs of a hall are sent to a random cell, so that handovers are part of what is timed.
"""

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from pyagents.core.snapshot import Ints
from pyagents.scenarios.indoor_factory.mock import BatchedMock, MockSimulator
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action

HALL = Scenario(n_gnbs=10, n_ues=100)
"""10 gNBs on a grid, 100 UEs of which 10 move; no Wi-Fi."""
MOVES = 2
"""UEs sent elsewhere in a hall and step."""
WARM_UP = 3
"""Steps that do not count."""


@dataclass(frozen=True, kw_only=True)
class MockSpeed:
    """Speed of a hall, or of a batch of halls."""

    what: str
    """`hall`, through MockSimulator with Snapshots and Actions, or `batch`, through BatchedMock."""
    halls: int
    """Number of halls in the batch."""
    gnbs: int
    """Number of gNBs of a hall."""
    ues: int
    """Number of UEs of a hall."""
    hall_steps_per_s: float
    """Number of steps a second times halls, from the median step."""
    hall_steps_per_cpu_s: float
    """The same by processor time, mean over all steps."""
    us_per_hall_step: float
    """Time of a step of a hall, in microseconds, from the median step."""

    @property
    def through(self) -> str:
        """What was stepped and by which interface, for people."""
        return {"hall": "one hall, Snapshots", "batch": "batch, arrays"}[self.what]


def bench_mock(
    *,
    hall_steps: int = 2000,
    ues: Sequence[int] = (25, 50, 100, 200, 400),
    batches: Sequence[int] = (1, 4, 16, 32, 64, 128),
) -> Iterator[MockSpeed]:
    """Time one hall, its growth with UEs, and growth with the batch; yields each when it is done.

    About `hall_steps` are timed for each. A batch is of halls with 100 UEs.
    """
    for n in ues:
        yield _hall(dataclasses.replace(HALL, n_ues=n), hall_steps)
    for n in batches:
        yield _batch(HALL, n, hall_steps)


def _hall(scenario: Scenario, hall_steps: int) -> MockSpeed:
    simulator, rng = MockSimulator(), np.random.default_rng(0)
    endless = dataclasses.replace(scenario, steps=hall_steps + WARM_UP)
    now = simulator.reset(endless, 1)
    actions = [
        Action(cho_target=_moved(now.serving[None], scenario, rng)[0]) for _ in range(hall_steps + WARM_UP)
    ]
    return _measure("hall", scenario, 1, [partial(simulator.step, action) for action in actions])


def _batch(scenario: Scenario, halls: int, hall_steps: int) -> MockSpeed:
    batch, rng = BatchedMock(), np.random.default_rng(0)
    steps = max(10, hall_steps // halls) + WARM_UP
    now = batch.reset(dataclasses.replace(scenario, steps=steps), range(1, halls + 1))
    actions = [Action(cho_target=_moved(now.serving, scenario, rng)) for _ in range(steps)]
    return _measure("batch", scenario, halls, [partial(batch.step, action) for action in actions])


def _moved(serving: Ints, scenario: Scenario, rng: np.random.Generator) -> Ints:
    """[B, U] targets: to stay, but for some."""
    target = serving.copy()
    ues = rng.integers(scenario.n_ues, size=(len(target), MOVES))
    np.put_along_axis(target, ues, rng.integers(scenario.n_gnbs, size=ues.shape).astype(np.int32), axis=1)
    return target


def _measure(what: str, scenario: Scenario, halls: int, steps: Sequence[Callable[[], object]]) -> MockSpeed:
    for step in steps[:WARM_UP]:
        step()
    times, cpu = [], time.process_time()
    for step in steps[WARM_UP:]:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    cpu = time.process_time() - cpu
    median = float(np.median(times))
    return MockSpeed(
        what=what,
        halls=halls,
        gnbs=scenario.n_gnbs,
        ues=scenario.n_ues,
        hall_steps_per_s=halls / median,
        hall_steps_per_cpu_s=halls * len(times) / cpu,
        us_per_hall_step=median / halls * 1e6,
    )
