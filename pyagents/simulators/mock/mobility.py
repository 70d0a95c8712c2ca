# SPDX-License-Identifier: GPL-2.0-only
"""Random waypoint mobility without pauses."""

import numpy as np

from pyagents.snapshot import Floats


def walk(position_m: Floats, waypoint_m: Floats, fresh_m: Floats, travel_m: float) -> tuple[Floats, Floats]:
    """Walk towards the waypoint; who reaches it goes on to a fresh one.

    One waypoint at most is reached in a call: who would reach the fresh one too waits there.

    Args:
        position_m: [..., 2] where each stands.
        waypoint_m: [..., 2] where each goes.
        fresh_m: [..., 2] where each goes next.
        travel_m: how far each walks.

    Returns:
        Positions and waypoints after the walk.
    """
    ahead = waypoint_m - position_m
    distance = np.sqrt(np.square(ahead).sum(axis=-1, keepdims=True))
    arrives = distance <= travel_m
    if not arrives.any():
        return position_m + ahead * (travel_m / distance), waypoint_m
    start = np.where(arrives, waypoint_m, position_m)
    goal = np.where(arrives, fresh_m, waypoint_m)
    left = np.where(arrives, travel_m - distance, travel_m)
    ahead = goal - start
    distance = np.sqrt(np.square(ahead).sum(axis=-1, keepdims=True))
    return start + ahead * np.minimum(left / np.maximum(distance, 1e-9), 1.0), goal
