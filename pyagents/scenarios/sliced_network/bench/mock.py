# SPDX-License-Identifier: GPL-2.0-only
"""How fast the mock steps: one network behind the Simulator interface, and many in one array program.

In each step both resources are allocated anew, so that admission is part of what is timed.
"""

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyagents.scenarios.sliced_network.mock import BatchedMock, MockSimulator
from pyagents.scenarios.sliced_network.scenario import PRESETS, Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot

WARM_UP = 3
"""Steps that do not count."""


@dataclass(frozen=True, kw_only=True)
class MockSpeed:
    """Speed of a network, or of a batch of networks."""

    what: str
    """`network`, through MockSimulator, or `batch`, through BatchedMock."""
    networks: int
    """Number of networks in the batch."""
    sites: int
    """Number of sites of each."""
    edge_steps_per_s: float
    """Number of steps a second times sites, from the median step."""
    edge_steps_per_cpu_s: float
    """The same by processor time, mean over all steps."""

    @property
    def through(self) -> str:
        """What was stepped and by which interface, for people."""
        return {"network": "one network, Snapshots", "batch": "batch, arrays"}[self.what]


def bench_mock(
    *, edge_steps: int = 20_000, sites: Sequence[int] = (1, 10), batches: Sequence[int] = (1, 16, 128, 512)
) -> Iterator[MockSpeed]:
    """Time one network of some sites, then batches of networks of one; yields each when it is done.

    About `edge_steps` are timed for each, of sites with 50 UEs.
    """
    for n in sites:
        scenario = dataclasses.replace(PRESETS["fdrl"], n_sites=n)
        steps = _steps(edge_steps, n)
        simulator = MockSimulator()
        first = simulator.reset(dataclasses.replace(scenario, steps=steps), 1)
        yield _measure("network", scenario, 1, simulator.step, first, steps)
    for n in batches:
        scenario, steps = PRESETS["fdrl-site"], _steps(edge_steps, n)
        batch = BatchedMock()
        first = batch.reset(dataclasses.replace(scenario, steps=steps), range(1, n + 1))
        yield _measure("batch", scenario, n, batch.step, first, steps)


def _steps(edge_steps: int, sites: int) -> int:
    return max(10, edge_steps // sites) + WARM_UP


def _measure(
    what: str,
    scenario: Scenario,
    networks: int,
    step: Callable[[Action], Any],
    first: Snapshot,
    steps: int,
) -> MockSpeed:
    rng = np.random.default_rng(0)
    parts = rng.uniform(0, 2 / scenario.ues_per_site, first.cpu_share.shape)
    actions = [
        Action(gfbr_bps=parts * first.mean_rate_bps, cpu_share=parts),
        Action(gfbr_bps=first.gfbr_bps, cpu_share=first.cpu_share),
    ]
    for k in range(WARM_UP):
        step(actions[k % 2])
    times, cpu = [], time.process_time()
    for k in range(WARM_UP, steps):
        start = time.perf_counter()
        step(actions[k % 2])
        times.append(time.perf_counter() - start)
    cpu = time.process_time() - cpu
    edges = networks * scenario.n_sites
    return MockSpeed(
        what=what,
        networks=networks,
        sites=scenario.n_sites,
        edge_steps_per_s=edges / float(np.median(times)),
        edge_steps_per_cpu_s=edges * len(times) / cpu,
    )
