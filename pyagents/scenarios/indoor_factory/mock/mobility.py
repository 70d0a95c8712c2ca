# SPDX-License-Identifier: GPL-2.0-only
"""Random waypoint mobility without pauses."""

import math
from typing import NamedTuple

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
