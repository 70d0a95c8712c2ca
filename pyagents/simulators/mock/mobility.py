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
    distance = _length(ahead)
    arrives = distance <= travel_m
    if not np.count_nonzero(arrives):
        ahead *= travel_m / distance
        ahead += position_m
        return ahead, waypoint_m
    start = np.where(arrives, waypoint_m, position_m)
    goal = np.where(arrives, fresh_m, waypoint_m)
    left = np.where(arrives, travel_m - distance, travel_m)
    ahead = goal - start
    distance = _length(ahead)
    return start + ahead * np.minimum(left / np.maximum(distance, 1e-9), 1.0), goal


def _length(vector_m: Floats) -> Floats:
    """[..., 1] lengths of [..., 2] vectors."""
    length: Floats = np.hypot(vector_m[..., :1], vector_m[..., 1:])
    return length
