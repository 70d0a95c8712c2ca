# SPDX-License-Identifier: GPL-2.0-only
"""Heads, clusters and routes, by the rules of docs/iot-edge.md, which the ns-3 program keeps to as well."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from pyagents.scenarios.iot_edge.snapshot import NOWHERE, TO_SERVER
from pyagents.scenarios.iot_edge.world import Places, links
from pyagents.simulators.compiled import compiled


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """What plans need to know of L areas."""

    devices_mm: Places
    """[L, N, 2] places of devices."""
    neighbours: Ints
    """[L, N, M] who has a link with each device, the nearest first, of equals that of the lowest index."""
    degrees: Ints
    """[L, N] how many of these there are."""
    masks: NDArray[np.uint64]
    """[L, N, W] the same as a bit a device, 64 in a word."""
    scales: Floats
    """[2 weight_levels + 1] what squared distances are multiplied by, from the lowest level up."""
    to_core: bool
    """Whether distances are to cores, in place of heads."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """B plans. See `Snapshot` for the fields."""

    cluster: Ints
    """[B, N]."""
    head: Ints
    """[B, K]."""
    parent: Ints
    """[B, N]."""
    hops: Ints
    """[B, N]."""
    order: Ints
    """[B, N] reachable devices, heads first, each behind its parent; then -1."""


def lay_out(scenario: Scenario, devices_mm: Sequence[Places]) -> Layout:
    """Prepare for plans.

    Args:
        scenario: of all areas.
        devices_mm: [N, 2] places of devices, of each area.
    """
    places = np.stack(devices_mm)
    near = np.stack([links(one, to_mm(scenario.link_range_m)) for one in devices_mm])
    apart = ((places[:, :, None] - places[:, None, :]) ** 2).sum(axis=-1)
    degrees = near.sum(axis=-1)
    nearest = np.where(near, apart, np.iinfo(np.int64).max).argsort(axis=-1, kind="stable")
    padded = np.pad(near, [(0, 0), (0, 0), (0, -near.shape[-1] % 64)])
    return Layout(
        devices_mm=places,
        neighbours=nearest[..., : max(int(degrees.max()), 1)].astype(np.int32),
        degrees=degrees.astype(np.int32),
        masks=np.packbits(padded, axis=-1, bitorder="little").view("<u8"),
        scales=weight_scales(scenario),
        to_core=scenario.distance_to == "core",
    )


def weight_scales(scenario: Scenario) -> Floats:
    """[2 weight_levels + 1] what squared distances are multiplied by at each level, the lowest first."""
    squared = scenario.weight_factor * scenario.weight_factor
    up, down = [1.0], [1.0]
    for _ in range(scenario.weight_levels):
        up.append(up[-1] * squared)
        down.append(down[-1] / squared)
    return np.array([*down[:0:-1], *up])


def plan(layout: Layout, which: NDArray[np.int64], cores_mm: Places, level: Ints, assigned: Ints) -> Plan:
    """Plan B times.

    Args:
        layout: of L areas.
        which: [B] area of each plan.
        cores_mm: [B, K, 2] places of cores.
        level: [B, K] levels of weights.
        assigned: [B, N] assignments, -1: none.
    """
    n_plans, n_servers = level.shape
    n_devices = assigned.shape[1]
    made = Plan(
        cluster=np.empty((n_plans, n_devices), np.int32),
        head=np.empty((n_plans, n_servers), np.int32),
        parent=np.empty((n_plans, n_devices), np.int32),
        hops=np.empty((n_plans, n_devices), np.int32),
        order=np.empty((n_plans, n_devices), np.int32),
    )
    _plan(
        layout.devices_mm,
        layout.neighbours,
        layout.degrees,
        layout.masks,
        layout.scales,
        layout.to_core,
        which,
        cores_mm,
        level,
        assigned,
        made.cluster,
        made.head,
        made.parent,
        made.hops,
        made.order,
    )
    return made


@compiled
def _plan(
    devices_mm: Places,
    neighbours: Ints,
    degrees: Ints,
    masks: NDArray[np.uint64],
    scales: Floats,
    to_core: bool,
    which: NDArray[np.int64],
    cores_mm: Places,
    level: Ints,
    assigned: Ints,
    cluster: Ints,
    head: Ints,
    parent: Ints,
    hops: Ints,
    order: Ints,
) -> None:
    n_words = masks.shape[2]
    members = np.empty((head.shape[1], n_words), np.uint64)
    layers = np.empty((2, n_words), np.uint64)
    waiting = np.empty(cluster.shape[1], np.int32)
    for b in range(len(which)):
        a = which[b]
        _choose_heads(devices_mm[a], cores_mm[b], assigned[b], head[b])
        _choose_clusters(
            devices_mm[a], cores_mm[b], scales, to_core, level[b], assigned[b], head[b], cluster[b]
        )
        _reach(masks[a], cluster[b], head[b], hops[b], order[b], members, layers, waiting)
        _choose_parents(neighbours[a], degrees[a], cluster[b], hops[b], order[b], parent[b])


@compiled
def _choose_heads(devices_mm: Places, cores_mm: Places, assigned: Ints, head: Ints) -> None:
    n_devices, n_servers = len(devices_mm), len(cores_mm)
    for c in range(n_servers):
        own, free, least_own, least_free = -1, -1, 0, 0
        for i in range(n_devices):
            if assigned[i] != c and assigned[i] != -1:
                continue
            dx, dy = devices_mm[i, 0] - cores_mm[c, 0], devices_mm[i, 1] - cores_mm[c, 1]
            apart = int(dx * dx + dy * dy)
            if assigned[i] == c:
                if own < 0 or apart < least_own:
                    own, least_own = i, apart
            elif free < 0 or apart < least_free:
                free, least_free = i, apart
        found = own if own >= 0 else free
        for lower in range(c):
            if head[lower] == found:
                found = -1
                break
        head[c] = found


@compiled
def _choose_clusters(
    devices_mm: Places,
    cores_mm: Places,
    scales: Floats,
    to_core: bool,
    level: Ints,
    assigned: Ints,
    head: Ints,
    cluster: Ints,
) -> None:
    n_devices, n_servers, lowest = len(devices_mm), len(cores_mm), len(scales) // 2
    cluster[:] = assigned
    for c in range(n_servers):
        if head[c] >= 0:
            cluster[head[c]] = c
    for i in range(n_devices):
        if cluster[i] >= 0:
            continue
        least = np.inf
        for c in range(n_servers):
            if head[c] < 0:
                continue
            x = cores_mm[c, 0] if to_core else devices_mm[head[c], 0]
            y = cores_mm[c, 1] if to_core else devices_mm[head[c], 1]
            dx, dy = devices_mm[i, 0] - x, devices_mm[i, 1] - y
            weighted = float(dx * dx + dy * dy) * scales[level[c] + lowest]
            if weighted < least:
                least = weighted
                cluster[i] = c


@compiled
def _reach(
    masks: NDArray[np.uint64],
    cluster: Ints,
    head: Ints,
    hops: Ints,
    order: Ints,
    members: NDArray[np.uint64],
    layers: NDArray[np.uint64],
    waiting: Ints,
) -> None:
    """Breadth first from all heads at once, a layer of all clusters after the other.

    The last three are room to work in: [K, W] who is in each cluster, [2, W] the last layer and the next,
    [N] who is not reached yet.
    """
    one, n_words = np.uint64(1), masks.shape[1]
    members[:] = 0
    layers[:] = 0
    for i in range(len(cluster)):
        members[cluster[i], i >> 6] |= one << np.uint64(i & 63)
    hops[:] = 0
    order[:] = -1
    n = 0
    for c in range(len(head)):
        i = head[c]
        if i >= 0:
            hops[i] = 1
            layers[0, i >> 6] |= one << np.uint64(i & 63)
            order[n] = i
            n += 1
    left = 0
    for i in range(len(cluster)):
        if hops[i] == 0:
            waiting[left] = i
            left += 1
    depth, before = 1, 0
    while before < n:
        depth, before, kept = depth + 1, n, 0
        last, new = depth & 1, (depth + 1) & 1
        layers[new] = 0
        for place in range(left):
            i = waiting[place]
            common = np.uint64(0)
            for w in range(n_words):
                common |= masks[i, w] & layers[last, w] & members[cluster[i], w]
            if common != 0:
                hops[i] = depth
                layers[new, i >> 6] |= one << np.uint64(i & 63)
                order[n] = i
                n += 1
            else:
                waiting[kept] = i
                kept += 1
        left = kept


@compiled
def _choose_parents(
    neighbours: Ints, degrees: Ints, cluster: Ints, hops: Ints, order: Ints, parent: Ints
) -> None:
    parent[:] = NOWHERE
    for place in range(len(order)):
        i = order[place]
        if i < 0:
            break
        if hops[i] == 1:
            parent[i] = TO_SERVER
            continue
        for k in range(degrees[i]):
            j = neighbours[i, k]
            if hops[j] == hops[i] - 1 and cluster[j] == cluster[i]:
                parent[i] = j
                break
