# SPDX-License-Identifier: GPL-2.0-only
"""Walks of the moving UEs, and what they receive and measure on the way.

Nothing that an agent decides changes any of it, so it is worked out for several steps in one go.
"""

import math
from dataclasses import dataclass

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock.arrays import Index, Mask
from pyagents.scenarios.indoor_factory.mock.line_of_sight import LosRule, sees
from pyagents.scenarios.indoor_factory.mock.measurement import Instants, instants, last_filtered_rsrp_dbm
from pyagents.scenarios.indoor_factory.mock.mobility import Leg, position_m, set_off, walk
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers
from pyagents.scenarios.indoor_factory.mock.propagation import MovingLinks, moved_shadowing_db, moving_loss_db
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB
from pyagents.simulators.compiled import compiled


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
    """[B, G, M] true RSRP of gNBs at its start."""
    end_dbm: Floats
    """[B, G, M] likewise at its end."""
    filtered_dbm: Floats
    """[B, G, M] filtered RSRP at its end; -inf: never measured."""


class Walkers:
    """Works out Motion, several steps at a time.

    Args:
        numbers: of the run.
        true_dbm: [B, G, M] RSRP at the moving UEs at first.
        filtered_dbm: [B, G, M] what they have measured of it.
    """

    def __init__(self, numbers: Numbers, true_dbm: Floats, filtered_dbm: Floats) -> None:
        m, layout = numbers.sizes.mobile, numbers.layout
        self._numbers = numbers
        self._legs = _first_legs(layout.ue_position_m, layout.waypoint_m)
        self._shadowing_db = layout.shadowing_db[:, :, :m].copy()
        self._has_los = layout.has_los[:, :, :m].copy()
        self._true_dbm, self._filtered_dbm = true_dbm.copy(), filtered_dbm.copy()

    def ahead(self, n_steps: int, normals: Floats, waypoints: Floats) -> list[Motion]:
        """The next K steps.

        Args:
            n_steps: simulated so far.
            normals: [B, K, N, M] standard normal, for shadow fading.
            waypoints: [K, B, M, 2] uniform, where to go next.
        """
        numbers, moving, layout = self._numbers, self._numbers.moving, self._numbers.layout
        travel = numbers.scenario.ue_speed_mps * numbers.step_s
        at = [measuring(numbers, n_steps + step) for step in range(len(waypoints))]
        position, self._legs, square = _walk(
            self._legs, waypoints, numbers.floor_m, travel, layout.node_position_m, numbers.height_m2
        )
        looks = np.arange(n_steps, n_steps + len(waypoints)) % numbers.steps_a_table == 0
        rx, self._shadowing_db, self._has_los = _received_dbm(
            square,
            np.log10(square),
            position,
            looks if layout.los_field.size else np.zeros_like(looks),
            layout.los_field,
            numbers.height_m2,
            numbers.los,
            self._has_los,
            self._shadowing_db,
            normals,
            moving,
            numbers.node_power_dbm,
        )
        true = rx[:, :, : numbers.sizes.gnbs] - RESOURCE_ELEMENTS_DB
        filtered = _measured_dbm(
            np.array([one.weights[-1] for one in at]),
            np.array([one.n_measurements for one in at]),
            self._filtered_dbm,
            self._true_dbm,
            true,
            numbers.least_rsrp_dbm,
        )
        starts = [self._true_dbm, *true]
        self._true_dbm, self._filtered_dbm = true[-1], filtered[-1]
        return [
            Motion(
                at=one,
                position_m=position[step],
                rx_dbm=rx[step],
                start_dbm=starts[step],
                end_dbm=true[step],
                filtered_dbm=filtered[step],
            )
            for step, one in enumerate(at)
        ]


@compiled
def _first_legs(ue_position_m: Floats, waypoint_m: Floats) -> Floats:
    """[B, M, 6] the fields of each Leg: from positions [B, U, 3] to waypoints [B, M, 2]."""
    halls, mobile, _ = waypoint_m.shape
    legs = np.empty((halls, mobile, 6))
    for b in range(halls):
        for m in range(mobile):
            here, to = ue_position_m[b, m], waypoint_m[b, m]
            legs[b, m] = set_off(here[0], here[1], to[0], to[1], 0.0)
    return legs


@compiled
def _walk(
    legs: Floats,
    waypoints: Floats,
    floor_m: Floats,
    travel_m: float,
    node_position_m: Floats,
    height_m2: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Walk for K steps.

    Args:
        legs: [B, M, 6] the fields of each Leg.
        waypoints: [K, B, M, 2] parts of the floor's length and width: where each goes next.
        floor_m: [2] those.
        travel_m: how far in a step.
        node_position_m: [B, N, 3].
        height_m2: [B, N, 1] square of the nodes' height above the UEs.

    Returns:
        [K, B, M, 2] positions; [B, M, 6] legs; [K, B, N, M] squares of distances to the nodes, 1 m2 at least.
    """
    steps, halls, mobile, _ = waypoints.shape
    nodes = node_position_m.shape[1]
    position, after, square = (
        np.empty_like(waypoints),
        np.empty_like(legs),
        np.empty((steps, halls, nodes, mobile)),
    )
    for b in range(halls):
        for m in range(mobile):
            old = legs[b, m]
            leg = Leg(old[0], old[1], old[2], old[3], old[4], old[5])
            for k in range(steps):
                fresh = waypoints[k, b, m]
                leg = walk(leg, fresh[0] * floor_m[0], fresh[1] * floor_m[1], travel_m)
                here_x, here_y = position_m(leg)
                position[k, b, m, 0], position[k, b, m, 1] = here_x, here_y
                for n in range(nodes):
                    x, y = node_position_m[b, n, 0] - here_x, node_position_m[b, n, 1] - here_y
                    square[k, b, n, m] = max(x * x + y * y + height_m2[b, n, 0], 1.0)
            after[b, m] = leg
    return position, after, square


@compiled
def _received_dbm(
    square_m2: Floats,
    log_square: Floats,
    position_m: Floats,
    looks: Mask,
    field: Floats,
    height_m2: Floats,
    los: LosRule,
    has_los_before: Mask,
    shadowing_db: Floats,
    normals: Floats,
    links: MovingLinks,
    power_dbm: Floats,
) -> tuple[Floats, Floats, Mask]:
    """Power that the moving UEs receive in each of K steps.

    Where line of sight comes or goes, shadow fading is drawn anew.

    Args:
        square_m2: [K, B, N, M] squares of their distances.
        log_square: [K, B, N, M] log10 of those.
        position_m: [K, B, M, 2] where they are.
        looks: [K] in which steps their line of sight is looked at.
        field: [B, N, X, Y] of Layout.
        height_m2: [B, N, 1] square of the nodes' height above the UEs.
        los: by what they have line of sight.
        has_los_before: [B, N, M] whether they had.
        shadowing_db: [B, N, M] before.
        normals: [B, K, N, M] standard normal, for shadow fading.
        links: laws of loss and of shadow fading.
        power_dbm: [N] transmit powers.

    Returns:
        [K, B, N, M] powers; [B, N, M] shadow fading in the end; [B, N, M] line of sight in the end.
    """
    steps, halls, nodes, mobile = log_square.shape
    rx, after, has_los = np.empty_like(log_square), shadowing_db.copy(), has_los_before.copy()
    for k in range(steps):
        for b in range(halls):
            for n in range(nodes):
                for m in range(mobile):
                    state = int(has_los[b, n, m])
                    kept, fresh_db = links.kept[state], links.fresh_db[state]
                    if looks[k]:
                        x_m, y_m = position_m[k, b, m, 0], position_m[k, b, m, 1]
                        distance_m = math.sqrt(max(square_m2[k, b, n, m] - height_m2[b, n, 0], 0.0))
                        now = int(sees(field[b, n], x_m, y_m, distance_m, los))
                        if now != state:
                            state, kept, fresh_db = now, 0.0, links.spread_db[now]
                            has_los[b, n, m] = now == 1
                    shadowing = moved_shadowing_db(after[b, n, m], kept, fresh_db, normals[b, k, n, m])
                    loss = moving_loss_db(
                        0.5 * log_square[k, b, n, m], links.constant_db[state], links.slope_db[state]
                    )
                    rx[k, b, n, m] = power_dbm[n] - shadowing - loss
                    after[b, n, m] = shadowing
    return rx, after, has_los


@compiled
def _measured_dbm(
    weights: Floats,
    n_measurements: Index,
    before_dbm: Floats,
    true_before_dbm: Floats,
    true_dbm: Floats,
    least_dbm: float,
) -> Floats:
    """[K, B, G, M] RSRP that the moving UEs have measured after each of K steps.

    Args:
        weights: [K, 3] of the last measurement of each step; see `Instants`.
        n_measurements: [K] how many there are.
        before_dbm: [B, G, M] what they had measured.
        true_before_dbm: [B, G, M] what it was in truth.
        true_dbm: [K, B, G, M] what it is after each.
        least_dbm: from which they detect a burst.
    """
    halls, gnbs, mobile = before_dbm.shape
    filtered = np.empty((len(weights), halls, gnbs, mobile))
    for k in range(len(weights)):
        for b in range(halls):
            for g in range(gnbs):
                for m in range(mobile):
                    value = before_dbm[b, g, m] if k == 0 else filtered[k - 1, b, g, m]
                    if n_measurements[k]:
                        start = true_before_dbm[b, g, m] if k == 0 else true_dbm[k - 1, b, g, m]
                        end = true_dbm[k, b, g, m]
                        value = last_filtered_rsrp_dbm(weights[k], value, start, end)
                        if value == -np.inf and end >= least_dbm:  # never measured until now
                            value = end
                    filtered[k, b, g, m] = value
    return filtered


def measuring(numbers: Numbers, n_steps: int) -> Instants:
    """When UEs measure in the step after so many."""
    scenario = numbers.scenario
    phase = n_steps * scenario.sib_period_ms % scenario.discovery_period_ms
    return instants(scenario.sib_period_ms, scenario.discovery_period_ms, phase, scenario.l3_filter_k)
