# SPDX-License-Identifier: GPL-2.0-only
"""Many networks at once, as structs of arrays with a leading batch axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.sliced_network.admission import admit, check_ratios, initial_ratios
from pyagents.scenarios.sliced_network.delays import N_DELAYS
from pyagents.scenarios.sliced_network.mock.levels import draw_levels
from pyagents.scenarios.sliced_network.mock.service import Flow, Numbers, State, serve
from pyagents.scenarios.sliced_network.mock.sharing import EVEN, MAX_RATE, QOS
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.slices import SERVICES, Slice
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot
from pyagents.scenarios.sliced_network.world import World, draw_world
from pyagents.simulators.compiled import announce

Knobs = Mapping[str, NDArray[Any]]

_RULES = {"qos": QOS, "pf": EVEN, "rr": EVEN, "max-rate": MAX_RATE}


@dataclass(kw_only=True, eq=False)
class _Runs:
    """B runs on their way."""

    scenario: Scenario
    numbers: Numbers
    state: State
    sites: Ints
    """[B, U]."""
    mean_snr_db: Floats
    """[B, U]."""
    rate_bps: Floats
    """[B, U]."""
    seeds: NDArray[np.uint64]
    """[B]."""
    levels: Floats
    """[64]."""
    threshold: np.uint64
    nothing: Floats
    """[B, U] zeros."""
    n_steps: int = 0

    def advance(self, knobs: Knobs) -> Snapshot:
        """Play a step: take what the action asks for, draw demands, serve. Given away arrays stay."""
        if knobs:
            self.state = self._set(knobs)
        state, numbers = self.state, self.numbers
        draw_levels(self.seeds, self.n_steps, self.threshold, self.levels, state.level)
        self.n_steps += 1
        of_ues, of_sites = state.gfbr_bps.shape, state.prb_ratio.shape[:3]
        counts = np.zeros((of_ues[0], len(Slice), N_DELAYS))
        flow = Flow._make([*(np.empty(of_ues) for _ in range(11)), np.zeros(of_sites), counts])
        serve(numbers, state, flow)
        self.state = state._replace(queued_bytes=flow.queued_bytes, cpu_queued=flow.cpu_queued)
        return _sealed(
            time_s=self.n_steps * self.scenario.step_ms / 1000,
            slice=numbers.slices,
            site=self.sites,
            mean_snr_db=self.mean_snr_db,
            mean_rate_bps=numbers.mean_rate_bps,
            rate_bps=self.rate_bps,
            gfbr_bps=state.gfbr_bps,
            late_bytes=self.nothing,
            cpu_share=state.cpu_share,
            prb_ratio=state.prb_ratio,
            **flow._asdict(),
        )

    def _set(self, knobs: Knobs) -> State:
        state, n_sites = self.state, self.scenario.n_sites
        made = {}
        if "gfbr_bps" in knobs:
            rates = self.numbers.mean_rate_bps
            made["gfbr_bps"] = admit(knobs["gfbr_bps"] / rates, n_sites) * rates
        if "cpu_share" in knobs:
            made["cpu_share"] = admit(knobs["cpu_share"], n_sites)
        if "prb_ratio" in knobs:
            made["prb_ratio"] = np.array(knobs["prb_ratio"])
        return state._replace(**made)


class BatchedMock:
    """B networks of one Scenario, each with a seed of its own. See `BatchSimulator`."""

    def __init__(self) -> None:
        self._runs: _Runs | None = None

    def reset(self, scenario: Scenario, seeds: Sequence[int]) -> Snapshot:
        """Start anew, a network a seed, and play the first step.

        Args:
            scenario: of all networks.
            seeds: of each, 1 or above.

        Raises:
            ValueError: there is no seed, or one is not allowed.
            ImpossibleScenarioError: a world cannot be drawn.
        """
        if not len(seeds):
            raise ValueError(f"seeds={list(seeds)} is not allowed: must be one a network, and at least one")
        announce(Path(__file__).parent, seconds=15)
        self._runs = _start(scenario, [draw_world(scenario, seed) for seed in seeds])
        return self._runs.advance({})

    def step(self, action: Action) -> Snapshot:
        """Apply the Actions of all networks, play a step.

        Raises:
            RuntimeError: the runs are over, or were never reset.
            ValueError: a knob has another shape or type, or a value that is not allowed.
        """
        runs = self._started()
        return self.play(action.to_arrays(runs.scenario.sizes(), batch=(len(runs.seeds),)))

    def play(self, knobs: Knobs) -> Snapshot:
        """Do what `step` does once shapes and bounds of the knobs are checked."""
        runs = self._started()
        if self.done:
            raise RuntimeError("step after the last one: the runs are over")
        if "prb_ratio" in knobs:
            check_ratios(knobs["prb_ratio"])
        return runs.advance(knobs)

    @property
    def done(self) -> bool:
        """True once `Scenario.steps` actions were applied."""
        return self._runs is not None and self._runs.n_steps > self._runs.scenario.steps

    def close(self) -> None:
        """Forget the runs."""
        self._runs = None

    def _started(self) -> _Runs:
        if self._runs is None:
            raise RuntimeError("step before reset")
        return self._runs


def _start(scenario: Scenario, worlds: Sequence[World]) -> _Runs:
    shape = len(worlds), scenario.n_ues
    rates = np.stack([world.mean_rate_bps for world in worlds])
    by_site = -rates.reshape(len(worlds), scenario.n_sites, scenario.ues_per_site)
    n = scenario.ues_per_site
    return _Runs(
        scenario=scenario,
        numbers=Numbers(
            slices=np.stack([world.slices for world in worlds]),
            mean_rate_bps=rates,
            prb_cost=np.stack([world.prb_cost for world in worlds]),
            prb_cost_variance=np.stack([world.prb_cost_variance for world in worlds]),
            order=np.argsort(by_site, axis=-1, kind="stable").astype(np.int32).reshape(shape),
            demand=np.stack([world.demand for world in worlds]),
            packet_bytes=np.array(scenario.packet_bytes, float),
            budget_s=np.array([service.delay_budget_s for service in SERVICES]),
            step_s=scenario.step_s,
            cpu_capacity=scenario.cpu_capacity,
            cpu_queue_work=scenario.cpu_queue_jobs * scenario.job_work,
            rule=_RULES[scenario.scheduler],
            is_reserved=scenario.is_reserved,
        ),
        state=State(
            level=np.ones((*shape, 2)),
            gfbr_bps=rates / n,
            cpu_share=np.full(shape, 1 / n),
            prb_ratio=np.stack([initial_ratios(scenario)] * len(worlds)),
            queued_bytes=np.zeros(shape),
            cpu_queued=np.zeros(shape),
        ),
        sites=np.broadcast_to(np.repeat(np.arange(scenario.n_sites, dtype=np.int32), n), shape),
        mean_snr_db=np.stack([world.mean_snr_db for world in worlds]),
        rate_bps=np.stack([world.sent_rate_bps for world in worlds]),
        seeds=np.array([world.seed for world in worlds], np.uint64),
        levels=worlds[0].levels,
        threshold=np.uint64(worlds[0].change),
        nothing=np.zeros(shape),
    )


def _sealed(*, time_s: float, **arrays: NDArray[Any]) -> Snapshot:
    """A Snapshot of views that cannot be written to: what plays goes on with the arrays themselves."""
    views = {name: array.view() for name, array in arrays.items()}
    for view in views.values():
        view.setflags(write=False)
    return Snapshot(time_s=time_s, **views)
