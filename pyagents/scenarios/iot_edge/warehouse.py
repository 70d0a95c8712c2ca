# SPDX-License-Identifier: GPL-2.0-only
"""A vehicle's day in a warehouse, a place a second: ours, for the paper's trace is not published.

Shelves stand in rows along y, an aisle to each side; cross aisles run along x before, behind and in the
middle of the rows. The vehicle fetches goods: from a dock at a corner to a shelf face, or on to another
one, by the shortest way, and waits there while somebody loads. A few faces are asked for often.
"""

import heapq
from functools import cache
from itertools import pairwise

import numpy as np

from pyagents.core.snapshot import Floats

AISLE_SPACING_M = 3.0
"""Between the middles of neighbouring aisles: a double shelf of 1.2 m and an aisle of 1.8 m."""

WALL_M = 1.5
"""Between a wall and the middle of the nearest aisle."""

FACE_SPACING_M = 1.5
"""Between neighbouring shelf faces of an aisle, a pallet and a half."""

DWELL_S = 12.0
"""Mean time at a face; the least is 3 s, the rest exponential."""

DOCK_S = 30.0
"""Mean time at the dock, drawn likewise."""

LEAST_DWELL_S = 3.0

FETCHED_ON = 0.5
"""Probability that the vehicle goes from a face to another, not to the dock."""

POPULARITY = 1.0
"""Exponent of Zipf's law of how often faces are asked for."""

Node = tuple[float, float]


@cache
def make_trace(length_m: float, width_m: float, speed_mps: float, seconds: int, seed: int) -> Floats:
    """[seconds, 2] where the vehicle is, m. Cannot be written to.

    Args:
        length_m: of the area, along x.
        width_m: of the area, along y.
        speed_mps: of the vehicle while it drives; 0: it stays at the dock, as where there is nothing else.
        seconds: length of the trace.
        seed: of jobs, dwell times, and which faces are popular.
    """
    rng = np.random.default_rng(seed)
    aisles, faces = _aisles(length_m, width_m)
    dock = min(aisles)
    chances = 1 / np.arange(1, len(faces) + 1) ** POPULARITY
    popular = [faces[k] for k in rng.permutation(len(faces))]
    times, places, here = [0.0], [dock], dock
    while times[-1] < seconds and speed_mps > 0 and len(aisles) > 1:
        goes_on = here != dock and rng.random() < FETCHED_ON
        face = popular[rng.choice(len(faces), p=chances / chances.sum())]
        there = face if here == dock or goes_on else dock
        if there == here:
            continue
        for a, b in pairwise(_shortest(aisles, here, there)):
            times.append(times[-1] + _apart(a, b) / speed_mps)
            places.append(b)
        mean = DOCK_S if there == dock else DWELL_S
        times.append(times[-1] + LEAST_DWELL_S + rng.exponential(mean - LEAST_DWELL_S))
        places.append(there)
        here = there
    x, y = np.array(places).T
    at = np.arange(seconds)
    trace = np.stack([np.interp(at, times, x), np.interp(at, times, y)], axis=1)
    trace.setflags(write=False)
    return trace


def _aisles(length_m: float, width_m: float) -> tuple[dict[Node, set[Node]], list[Node]]:
    """Who is next to whom among all crossings and faces, and the faces."""
    across = _spread(length_m, AISLE_SPACING_M)
    along = _spread(width_m, FACE_SPACING_M)
    crossings = {along[0], along[len(along) // 2], along[-1]}
    nodes = {x: [(x, y) for y in along] for x in across}
    graph: dict[Node, set[Node]] = {node: set() for column in nodes.values() for node in column}
    ways = [pair for column in nodes.values() for pair in pairwise(column)]
    ways += [pair for y in crossings for pair in pairwise([(x, y) for x in across])]
    for a, b in ways:
        graph[a].add(b)
        graph[b].add(a)
    faces = [node for column in nodes.values() for node in column if node[1] not in crossings]
    return graph, faces or [node for node in graph if node != min(graph)] or list(graph)


def _spread(length_m: float, spacing_m: float) -> list[float]:
    """Evenly from wall to wall, at least as far apart as said where there is room."""
    inner = max(length_m - 2 * WALL_M, 0.0)
    first = min(WALL_M, length_m / 2)
    return [float(v) for v in np.linspace(first, length_m - first, int(inner / spacing_m + 1e-9) + 1)]


def _shortest(aisles: dict[Node, set[Node]], start: Node, end: Node) -> list[Node]:
    """Dijkstra's way; of equals the one that comes first by its places."""
    done, wanted = dict[Node, Node](), [(0.0, start, start)]
    while wanted:
        gone, node, before = heapq.heappop(wanted)
        if node in done:
            continue
        done[node] = before
        if node == end:
            break
        for near in aisles[node] - done.keys():
            heapq.heappush(wanted, (gone + _apart(node, near), near, node))
    way = [end]
    while way[-1] != start:
        way.append(done[way[-1]])
    return way[::-1]


def _apart(a: Node, b: Node) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
