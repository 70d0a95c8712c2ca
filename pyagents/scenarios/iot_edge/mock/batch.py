# SPDX-License-Identifier: GPL-2.0-only
"""Many areas at once, as structs of arrays with a leading batch axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.iot_edge.delays import N_DELAYS
from pyagents.scenarios.iot_edge.mock.planning import Layout, lay_out, plan
from pyagents.scenarios.iot_edge.mock.traffic import carry
from pyagents.scenarios.iot_edge.moves import check_moves, move_cores
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Cause, Snapshot
from pyagents.scenarios.iot_edge.world import Places, World, draw_world
from pyagents.simulators.compiled import announce

Knobs = Mapping[str, NDArray[Any]]


@dataclass(kw_only=True, eq=False)
class _Runs:
    """B runs on their way."""

    scenario: Scenario
    layout: Layout
    which: NDArray[np.int64]
    servers_m: Floats
    devices_m: Floats
    vehicles_mm: Places
    """[B, steps + 1, V, 2]."""
    cores_mm: Places
    level: Ints
    assigned: Ints
    nothing: Floats
    unknown: Floats
    no_delays: Floats
    """What stays as it is for want of a channel: [B, N], [B, N], [B, D]."""
    n_steps: int = 0

    def advance(self, knobs: Knobs) -> Snapshot:
        """Play a step: take what the action asks for, plan, carry. Arrays of earlier snapshots stay."""
        if "cluster" in knobs:
            self.assigned = np.array(knobs["cluster"])
        if "core_move" in knobs:
            self.cores_mm, self.level = move_cores(
                self.scenario, self.cores_mm, self.level, knobs["core_move"]
            )
        planned = plan(self.layout, self.which, self.cores_mm, self.level, self.assigned)
        vehicles_mm = np.ascontiguousarray(self.vehicles_mm[:, self.n_steps])
        traffic = carry(self.scenario, self.layout.devices_mm, vehicles_mm, planned)
        self.n_steps += 1
        return Snapshot(
            time_s=self.n_steps * self.scenario.period_s,
            device_position_m=self.devices_m,
            server_position_m=self.servers_m,
            vehicle_position_m=vehicles_mm / 1000,
            core_position_m=self.cores_mm / 1000,
            weight_level=self.level,
            assigned=self.assigned,
            cluster=planned.cluster,
            head=planned.head,
            parent=planned.parent,
            hops=planned.hops,
            next_hop=planned.parent,
            sensing=traffic.sensing,
            message_bytes=traffic.message_bytes,
            sent_messages=traffic.sent_messages,
            sent_bytes=traffic.sent_bytes,
            dropped_bytes=traffic.dropped_bytes,
            dropped_by_cause_bytes=_by_cause(traffic.dropped_bytes),
            queued_bytes=self.nothing,
            control_bytes=self.nothing,
            busy_share=self.unknown,
            received_messages=traffic.received_messages,
            received_bytes=traffic.received_bytes,
            delays=self.no_delays,
        )


class BatchedMock:
    """B areas of one Scenario, each with a seed of its own. See `BatchSimulator`."""

    def __init__(self) -> None:
        self._runs: _Runs | None = None

    def reset(
        self, scenario: Scenario, seeds: Sequence[int], worlds: Sequence[World] | None = None
    ) -> Snapshot:
        """Start anew, an area a seed, and play the first step.

        Args:
            scenario: of all areas.
            seeds: of each, 1 or above.
            worlds: use these in place of drawing them.

        Raises:
            ValueError: there is no seed, or one is not allowed.
            ImpossibleScenarioError: a world cannot be drawn.
        """
        if not len(seeds) or (worlds is not None and len(worlds) != len(seeds)):
            raise ValueError(
                f"seeds={list(seeds)} is not allowed: must be one an area, and at least one area"
            )
        announce(Path(__file__).parent, seconds=10)
        drawn = [draw_world(scenario, seed) for seed in seeds] if worlds is None else worlds
        servers_mm = np.stack([world.servers_mm for world in drawn])
        layout = lay_out(scenario, [world.devices_mm for world in drawn])
        n_areas, n_devices = layout.degrees.shape
        self._runs = _Runs(
            scenario=scenario,
            layout=layout,
            which=np.arange(n_areas),
            servers_m=servers_mm / 1000,
            devices_m=layout.devices_mm / 1000,
            vehicles_mm=np.stack([world.vehicles_mm for world in drawn]),
            cores_mm=servers_mm,
            level=np.zeros((n_areas, scenario.n_servers), np.int32),
            assigned=np.full((n_areas, n_devices), -1, np.int32),
            nothing=_constant((n_areas, n_devices), 0.0),
            unknown=_constant((n_areas, n_devices), np.nan),
            no_delays=_constant((n_areas, N_DELAYS), 0.0),
        )
        return self._runs.advance({})

    def step(self, action: Action) -> Snapshot:
        """Apply the Actions of all areas, play a step.

        Raises:
            RuntimeError: the runs are over, or were never reset.
            ValueError: a knob has another shape or type, or a value that is not allowed.
        """
        runs = self._started()
        return self.play(action.to_arrays(runs.scenario.sizes(), batch=(len(runs.which),)))

    def play(self, knobs: Knobs) -> Snapshot:
        """Do what `step` does once shapes and bounds of the knobs are checked."""
        runs = self._started()
        if self.done:
            raise RuntimeError("step after the last one: the runs are over")
        if "core_move" in knobs:
            check_moves(runs.scenario, knobs["core_move"])
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


def _by_cause(dropped_bytes: Floats) -> Floats:
    """[B, 4] what is dropped here, [B, N], has no next hop."""
    made: Floats = np.zeros((len(dropped_bytes), len(Cause)))
    made[:, Cause.NO_NEXT_HOP] = dropped_bytes.sum(axis=-1)
    return made


def _constant(shape: tuple[int, ...], value: float) -> Floats:
    """An array that cannot be written to, for all snapshots."""
    array = np.full(shape, value)
    array.setflags(write=False)
    return array
