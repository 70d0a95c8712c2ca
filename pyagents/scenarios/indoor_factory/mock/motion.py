# SPDX-License-Identifier: GPL-2.0-only
"""Walks of the moving UEs, by random waypoints without pauses, and what they receive and measure on the way.

Nothing that an agent decides changes any of it, so it is worked out for several steps in one go.
"""

import math
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Mask
from pyagents.scenarios.indoor_factory.mock.line_of_sight import sees
from pyagents.scenarios.indoor_factory.mock.measurement import Instants, instants, last_filtered_rsrp_dbm
from pyagents.scenarios.indoor_factory.mock.numbers import Numbers, Walks
from pyagents.scenarios.indoor_factory.mock.propagation import moving_loss_db
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB
from pyagents.simulators.compiled import compiled


class Leg(NamedTuple):
    """The straight leg that somebody walks, from a start to a waypoint."""

    x_m: float
    """Coordinate x of the leg's start, m."""
    y_m: float
    heading_x: float
    """Component x of the heading, a unit vector; zero if the leg has no length."""
    heading_y: float
    length_m: float
    walked_m: float
    """Distance of the leg that is walked, m."""


@compiled
def position_m(leg: Leg) -> tuple[float, float]:
    """Where somebody is."""
    return leg.heading_x * leg.walked_m + leg.x_m, leg.heading_y * leg.walked_m + leg.y_m


@compiled
def set_off(x_m: float, y_m: float, to_x_m: float, to_y_m: float, walked_m: float) -> Leg:
    """The leg to a waypoint, of which some was walked already; past the waypoint nobody walks."""
    way_x, way_y = to_x_m - x_m, to_y_m - y_m
    length = math.hypot(way_x, way_y)
    least = max(length, 1e-9)
    return Leg(x_m, y_m, way_x / least, way_y / least, length, min(walked_m, length))


@compiled
def walk(leg: Leg, fresh_x_m: float, fresh_y_m: float, travel_m: float) -> Leg:
    """Walk on; who reaches the waypoint turns to a fresh one.

    One waypoint at most is reached in a call: who would reach the fresh one too waits there.

    Args:
        leg: before.
        fresh_x_m: where to go next.
        fresh_y_m: likewise.
        travel_m: how far.
    """
    walked = leg.walked_m + travel_m
    if walked < leg.length_m:
        return Leg(leg.x_m, leg.y_m, leg.heading_x, leg.heading_y, leg.length_m, walked)
    corner_x = leg.x_m + leg.heading_x * leg.length_m
    corner_y = leg.y_m + leg.heading_y * leg.length_m
    return set_off(corner_x, corner_y, fresh_x_m, fresh_y_m, walked - leg.length_m)


class Motion(NamedTuple):
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
        m, layout = numbers.n_mobile, numbers.layout
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
        numbers, walks = self._numbers, self._numbers.walks
        steps = np.arange(n_steps, n_steps + len(waypoints))
        at = [_measuring(numbers, int(step)) for step in steps]
        position, square = _walk(walks, self._legs, waypoints)
        looks = (steps % numbers.steps_a_table == 0) & (walks.los_field.size > 0)
        rx = _received_dbm(
            walks, self._has_los, self._shadowing_db, position, square, np.log10(square), looks, normals
        )
        true = rx[:, :, : numbers.scenario.n_gnbs] - RESOURCE_ELEMENTS_DB
        weights = np.array([one.weights[-1] for one in at])
        measures = np.array([one.n_measurements > 0 for one in at])
        filtered = _measured_dbm(weights, measures, self._filtered_dbm, self._true_dbm, true, walks.least_dbm)
        starts = [self._true_dbm, *true]
        self._true_dbm, self._filtered_dbm = true[-1], filtered[-1]
        return list(map(Motion, at, position, rx, starts, true, filtered))


def _measuring(numbers: Numbers, n_steps: int) -> Instants:
    """When UEs measure in the step after so many."""
    scenario = numbers.scenario
    phase = n_steps * scenario.sib_period_ms % scenario.discovery_period_ms
    return instants(scenario.sib_period_ms, scenario.discovery_period_ms, phase, scenario.l3_filter_k)


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
def _walk(walks: Walks, legs: Floats, waypoints: Floats) -> tuple[Floats, Floats]:
    """Walk for K steps.

    Args:
        walks: what they go by.
        legs: [B, M, 6] the fields of each Leg; changed in place.
        waypoints: [K, B, M, 2] parts of the floor's length and width: where each goes next.

    Returns:
        [K, B, M, 2] positions; [K, B, N, M] squares of distances to the nodes, 1 m2 at least.
    """
    steps, halls, mobile, _ = waypoints.shape
    nodes, floor_m, node_m = len(walks.power_dbm), walks.floor_m, walks.node_position_m
    position, square = np.empty_like(waypoints), np.empty((steps, halls, nodes, mobile))
    for b in range(halls):
        for m in range(mobile):
            old = legs[b, m]
            leg = Leg(old[0], old[1], old[2], old[3], old[4], old[5])
            for k in range(steps):
                fresh = waypoints[k, b, m]
                leg = walk(leg, fresh[0] * floor_m[0], fresh[1] * floor_m[1], walks.travel_m)
                here_x, here_y = position_m(leg)
                position[k, b, m, 0], position[k, b, m, 1] = here_x, here_y
                for n in range(nodes):
                    x, y = node_m[b, n, 0] - here_x, node_m[b, n, 1] - here_y
                    square[k, b, n, m] = max(x * x + y * y + walks.height_m2[b, n], 1.0)
            legs[b, m] = leg
    return position, square


@compiled
def _received_dbm(
    walks: Walks,
    has_los: Mask,
    shadowing_db: Floats,
    position_m: Floats,
    square_m2: Floats,
    log_square: Floats,
    looks: Mask,
    normals: Floats,
) -> Floats:
    """[K, B, N, M] power that the moving UEs receive in each of K steps.

    Where line of sight comes or goes, shadow fading is drawn anew.

    Args:
        walks: what they go by.
        has_los: [B, N, M] whether they have line of sight; changed in place.
        shadowing_db: [B, N, M]; changed in place.
        position_m: [K, B, M, 2] where they are.
        square_m2: [K, B, N, M] squares of their distances.
        log_square: [K, B, N, M] log10 of those.
        looks: [K] in which steps their line of sight is looked at.
        normals: [B, K, N, M] standard normal, for shadow fading.
    """
    links, (steps, halls, nodes, mobile) = walks.links, log_square.shape
    rx = np.empty_like(log_square)
    for k in range(steps):
        for b in range(halls):
            for n in range(nodes):
                for m in range(mobile):
                    state = int(has_los[b, n, m])
                    kept, fresh_db = links.kept[state], links.fresh_db[state]
                    if looks[k]:
                        x_m, y_m = position_m[k, b, m, 0], position_m[k, b, m, 1]
                        distance_m = math.sqrt(max(square_m2[k, b, n, m] - walks.height_m2[b, n], 0.0))
                        now = int(sees(walks.los_field[b, n], x_m, y_m, distance_m, walks.los))
                        if now != state:
                            state, kept, fresh_db = now, 0.0, links.spread_db[now]
                            has_los[b, n, m] = now == 1
                    constant_db, slope_db = links.constant_db[state], links.slope_db[state]
                    loss = moving_loss_db(0.5 * log_square[k, b, n, m], constant_db, slope_db)
                    shadowing = kept * shadowing_db[b, n, m] + fresh_db * normals[b, k, n, m]
                    rx[k, b, n, m] = walks.power_dbm[n] - shadowing - loss
                    shadowing_db[b, n, m] = shadowing
    return rx


@compiled
def _measured_dbm(
    weights: Floats,
    measures: Mask,
    before_dbm: Floats,
    true_before_dbm: Floats,
    true_dbm: Floats,
    least_dbm: float,
) -> Floats:
    """[K, B, G, M] RSRP that the moving UEs have measured after each of K steps.

    Args:
        weights: [K, 3] of the last measurement of each step; see `Instants`.
        measures: [K] whether there is one.
        before_dbm: [B, G, M] what they had measured.
        true_before_dbm: [B, G, M] what it was in truth.
        true_dbm: [K, B, G, M] what it is after each.
        least_dbm: from which they detect a burst.
    """
    filtered = np.empty_like(true_dbm)
    steps, halls, gnbs, mobile = filtered.shape
    for k in range(steps):
        for b in range(halls):
            for g in range(gnbs):
                for m in range(mobile):
                    value = before_dbm[b, g, m] if k == 0 else filtered[k - 1, b, g, m]
                    if measures[k]:
                        start = true_before_dbm[b, g, m] if k == 0 else true_dbm[k - 1, b, g, m]
                        end = true_dbm[k, b, g, m]
                        value = last_filtered_rsrp_dbm(weights[k], value, start, end)
                        if value == -np.inf and end >= least_dbm:  # never measured until now
                            value = end
                    filtered[k, b, g, m] = value
    return filtered
