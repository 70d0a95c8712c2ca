# SPDX-License-Identifier: GPL-2.0-only
"""Walks of the moving UEs, and what they receive and measure on the way.

Nothing that an agent decides changes any of it, so it is worked out for several steps in one go.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock.measurement import Instants, instants, last_filtered_rsrp_dbm
from pyagents.simulators.mock.mobility import set_off, walk
from pyagents.simulators.mock.numbers import Numbers
from pyagents.simulators.mock.phy import DETECTION_SINR_DB
from pyagents.snapshot import Floats


@dataclass(kw_only=True, eq=False, slots=True)
class Motion:
    """What one step brings to the moving UEs."""

    at: Instants
    """When UEs measure."""
    position_m: Floats
    """[B, M, 2] at its end."""
    rx_dbm: Floats
    """[B, N, M] power that they receive of each node at its end."""
    start_dbm: Floats
    """[B, G, M] the same of gNBs at its start."""
    filtered_dbm: Floats
    """[B, G, M] filtered RSRP at its end; -inf: never measured."""


class Walkers:
    """Works out Motion, several steps at a time.

    Args:
        numbers: of the run.
        rx_dbm: [B, N, M] what the moving UEs receive at first.
        filtered_dbm: [B, G, M] what they have measured.
    """

    def __init__(self, numbers: Numbers, rx_dbm: Floats, filtered_dbm: Floats) -> None:
        m, layout = numbers.sizes.mobile, numbers.layout
        self._numbers = numbers
        self._legs = set_off(layout.ue_position_m[:, :m, :2], layout.waypoint_m)
        self._shadowing_db, self._rx_dbm = layout.shadowing_db[:, None, :, :m], rx_dbm
        self._filtered_dbm = filtered_dbm

    def ahead(self, n_steps: int, normals: Floats, waypoints: Floats) -> list[Motion]:
        """The next K steps.

        Args:
            n_steps: simulated so far.
            normals: [B, K, N, M] standard normal, for shadow fading.
            waypoints: [B, K, M, 2] uniform, where to go next.
        """
        numbers, k = self._numbers, normals.shape[1]
        travel, fresh = numbers.scenario.ue_speed_mps * numbers.step_s, waypoints * numbers.floor_m
        positions = []
        for step in range(k):
            self._legs = walk(self._legs, fresh[:, step], travel)
            positions.append(self._legs.position_m)
        rx = self._received_dbm(np.stack(positions, axis=1), normals)
        motions = []
        for step in range(k):
            motions.append(self._measured(n_steps + step, positions[step], rx[:, step]))
        return motions

    def _received_dbm(self, position_m: Floats, normals: Floats) -> Floats:
        """[B, K, N, M] received power at positions [B, K, M, 2]."""
        moving = self._numbers.moving
        received = np.empty_like(normals)
        for step in range(normals.shape[1]):
            one = slice(step, step + 1)
            self._shadowing_db = moving.moved_shadowing_db(self._shadowing_db, normals[:, one])
            received[:, one] = self._shadowing_db
        np.subtract(self._numbers.node_power_dbm[:, None], received, out=received)
        received -= moving.loss_db(self._log_distance(position_m))
        return received

    def _log_distance(self, position_m: Floats) -> Floats:
        """[B, K, N, M] log10 of distances to the nodes, 1 m at least."""
        nodes = self._numbers.layout.node_position_m[:, None, :, :, None]
        square = nodes[:, :, :, 0] - position_m[:, :, None, :, 0]
        square *= square
        y = nodes[:, :, :, 1] - position_m[:, :, None, :, 1]
        y *= y
        square += y
        square += self._numbers.height_m2[:, None]
        np.maximum(square, 1.0, out=square)
        logarithm: Floats = np.log10(square, out=square)
        logarithm *= 0.5
        return logarithm

    def _measured(self, n_steps: int, position_m: Floats, rx_dbm: Floats) -> Motion:
        """One step's Motion; the filter is one step further then."""
        numbers, g = self._numbers, self._numbers.sizes.gnbs
        at = measuring(numbers, n_steps)
        start, end = self._rx_dbm[:, :g], rx_dbm[:, :g]
        if at.n_measurements:
            self._filtered_dbm = last_filtered_rsrp_dbm(at, self._filtered_dbm, start, end)
            unknown = self._filtered_dbm == -np.inf
            if np.count_nonzero(unknown):  # and to stay so until a burst is detected
                np.copyto(
                    self._filtered_dbm, end, where=unknown & (end >= numbers.noise_dbm + DETECTION_SINR_DB)
                )
        self._rx_dbm = rx_dbm
        return Motion(
            at=at, position_m=position_m, rx_dbm=rx_dbm, start_dbm=start, filtered_dbm=self._filtered_dbm
        )


def measuring(numbers: Numbers, n_steps: int) -> Instants:
    """When UEs measure in the step after so many."""
    scenario = numbers.scenario
    phase = n_steps * scenario.sib_period_ms % scenario.discovery_period_ms
    return instants(scenario.sib_period_ms, scenario.discovery_period_ms, phase, scenario.l3_filter_k)
