# SPDX-License-Identifier: GPL-2.0-only
"""Random waypoint mobility without pauses."""

from dataclasses import dataclass

import numpy as np

from pyagents.snapshot import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Legs:
    """Straight legs that people walk, each from a start to a waypoint."""

    start_m: Floats
    """[..., 2]."""
    heading: Floats
    """[..., 2] unit vectors; zeros where the leg has no length."""
    length_m: Floats
    """[..., 1]."""
    walked_m: Floats
    """[..., 1] how far of it."""

    @property
    def position_m(self) -> Floats:
        """[..., 2] where each is."""
        position: Floats = self.heading * self.walked_m
        position += self.start_m
        return position


def set_off(start_m: Floats, waypoint_m: Floats, walked_m: Floats | float = 0.0) -> Legs:
    """Legs from [..., 2] to [..., 2], of which some was walked already; past the waypoint nobody walks."""
    way = waypoint_m - start_m
    length = np.hypot(way[..., :1], way[..., 1:])
    return Legs(
        start_m=start_m,
        heading=way / np.maximum(length, 1e-9),
        length_m=length,
        walked_m=np.minimum(walked_m, length),
    )


def walk(legs: Legs, fresh_m: Floats, travel_m: float) -> Legs:
    """Walk on; who reaches the waypoint turns to a fresh one.

    One waypoint at most is reached in a call: who would reach the fresh one too waits there.

    Args:
        legs: before.
        fresh_m: [..., 2] where each goes next.
        travel_m: how far each walks.
    """
    walked = legs.walked_m + travel_m
    arrives = walked >= legs.length_m
    if not np.count_nonzero(arrives):
        return Legs(start_m=legs.start_m, heading=legs.heading, length_m=legs.length_m, walked_m=walked)
    corner = legs.start_m + legs.heading * legs.length_m
    turned = set_off(corner, fresh_m, walked - legs.length_m)
    return Legs(
        start_m=np.where(arrives, turned.start_m, legs.start_m),
        heading=np.where(arrives, turned.heading, legs.heading),
        length_m=np.where(arrives, turned.length_m, legs.length_m),
        walked_m=np.where(arrives, turned.walked_m, walked),
    )
