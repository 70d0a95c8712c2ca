# SPDX-License-Identifier: GPL-2.0-only
"""What a cluster of cells knows of itself, what it can do to its borders, and what that would come to."""

from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints

Mask = NDArray[np.bool_]
Matrix = NDArray[np.float32]

SIZE = 3
"""Cells of a cluster. Fixed, so that one network serves all; a cluster may have fewer."""

STEPS_DB = (2.0, 6.0)
"""How far an action shifts a border: even, as offsets above 6 dB have to be (Q-OffsetRange, TS 38.331)."""

LIMIT_DB = 14.0
"""Largest offset: 10 dB beyond the offset and the hysteresis of A3, as Adaptive-MLB has it."""

MAX_LOAD = 3.0
"""Loads above this look alike: one overload in a hundred must not outweigh all else."""


class Shift(NamedTuple):
    """Shift the border between two cells of a cluster, so that the first loses UEs to the second."""

    source: int
    target: int
    step_db: float


HOLD, RELEASE = 0, 1
"""Two more actions: leave all borders, and take all offsets of the cluster halfway back to zero."""

SHIFTS = tuple(Shift(i, j, step) for i, j in permutations(range(SIZE), 2) for step in STEPS_DB)
"""Action 2 + k is SHIFTS[k]. Cells are numbered in the cluster by historical load, the highest first."""

N_ACTIONS = 2 + len(SHIFTS)
_PAIRS = [(i, j) for i in range(SIZE) for j in range(i + 1, SIZE)]
N_FEATURES = 5 * SIZE + 1 + len(_PAIRS) + 2 * N_ACTIONS


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """What the network knows at a decision."""

    load: Floats
    """[G] mean since the last decision took effect."""
    history: Floats
    """[G] exponential average of the load."""
    airtime: Floats
    """[G] share of time that LBT left, mean likewise."""
    serving: Ints
    """[U] index of each UE's serving gNB."""
    rsrp_dbm: Floats
    """[U, G] as reported."""
    burden: Floats
    """[U, G] load that each UE is or would be to each cell."""
    margin_db: float
    """Offset plus hysteresis of A3."""


class Sight(NamedTuple):
    """What a cluster bases its choice on."""

    features: Matrix
    """[F] inputs of the network."""
    allowed: Mask
    """[A] actions that would change something, and HOLD."""
    spread_after: Floats
    """[A] standard deviation of the cluster's loads as estimated after each action."""


def form_clusters(measured: Measured) -> list[list[int]]:
    """Upper layer: each most loaded cell gathers those that can take most from it. Every cell is in one.

    A partner is worth the gap in historical load, up to what the UEs weigh that could go there: those that
    hear it within the reach of the largest offset.
    """
    left, clusters = np.argsort(-measured.history, kind="stable").tolist(), []
    reach_db = LIMIT_DB - measured.margin_db
    while left:
        head = left.pop(0)
        own = measured.serving == head
        hears = measured.rsrp_dbm[own] > measured.rsrp_dbm[own, head][:, None] - reach_db
        movable = np.where(hears, measured.burden[own, head][:, None], 0.0).sum(axis=0)
        worth = np.minimum(measured.history[head] - measured.history, movable)
        partners = sorted(left, key=lambda cell: -worth[cell])[: SIZE - 1]
        clusters.append(sorted([head, *partners], key=lambda cell: -measured.history[cell]))
        left = [cell for cell in left if cell not in partners]
    return clusters


def look(cluster: list[int], measured: Measured, cio_db: Floats) -> Sight:
    """All that goes into a cluster's choice.

    Args:
        cluster: cells, the highest historical load first.
        measured: what the network knows.
        cio_db: [G, G] offsets as they are.
    """
    count = len(cluster)
    load = np.minimum(measured.load[cluster], MAX_LOAD)
    after = np.tile(load, (N_ACTIONS, 1))
    crossing, allowed = np.zeros(N_ACTIONS), np.zeros(N_ACTIONS, dtype=bool)
    allowed[HOLD] = True
    for action in range(1, N_ACTIONS):
        offsets = offsets_after(action, cluster, cio_db)
        if offsets is None:
            continue
        allowed[action] = True
        for i, j in permutations(range(count), 2) if action == RELEASE else [SHIFTS[action - 2][:2]]:
            source, target = cluster[i], cluster[j]
            if offsets[source, target] > cio_db[source, target]:
                leaves = _crosses(measured, source, target, offsets[source, target])
                after[action, i] -= measured.burden[leaves, source].sum()
                after[action, j] += measured.burden[leaves, target].sum()
                crossing[action] += np.count_nonzero(leaves)
    np.clip(after, 0.0, MAX_LOAD, out=after)
    spread = after.std(axis=1)

    usual = max(len(measured.serving) / len(measured.load), 1.0)
    cells = np.zeros((SIZE, 5))
    cells[:count, 0] = 1.0
    cells[:count, 1] = load
    cells[:count, 2] = np.minimum(measured.history[cluster], MAX_LOAD)
    cells[:count, 3] = measured.airtime[cluster]
    cells[:count, 4] = [np.count_nonzero(measured.serving == cell) / usual for cell in cluster]
    offsets_now = [cio_db[cluster[i], cluster[j]] / LIMIT_DB if j < count else 0.0 for i, j in _PAIRS]
    mean = min(float(measured.load.mean()), MAX_LOAD)
    features = np.concatenate(
        [cells.ravel(), [mean], offsets_now, spread - spread[HOLD], np.minimum(crossing / usual, 2.0)]
    )
    return Sight(features.astype(np.float32), allowed, spread)


def offsets_after(action: int, cluster: list[int], cio_db: Floats) -> Floats | None:
    """[G, G] offsets after an action; None if the cluster cannot take it, or nothing would change.

    Both directions of a border change together, so that who was moved does not come straight back.
    """
    offsets = cio_db.copy()
    if action == RELEASE:
        inside = np.ix_(cluster, cluster)
        offsets[inside] = np.trunc(cio_db[inside] / 4) * 2
    elif action != HOLD:
        shift = SHIFTS[action - 2]
        if max(shift.source, shift.target) >= len(cluster):
            return None
        source, target = cluster[shift.source], cluster[shift.target]
        offset = min(offsets[source, target] + shift.step_db, LIMIT_DB)
        offsets[source, target], offsets[target, source] = offset, -offset
    return None if np.array_equal(offsets, cio_db) else offsets


def rule(sight: Sight, margin: float = 0.02) -> int:
    """The conventional rule within a cluster: estimate the load that would move, take what evens out most.

    Adaptive-MLB's idea with the actions of a cluster. Holds unless the spread falls by the margin.
    """
    spread = np.where(sight.allowed, sight.spread_after, np.inf)
    best = int(spread.argmin())
    return best if spread[best] < spread[HOLD] - margin else HOLD


def _crosses(measured: Measured, source: int, target: int, offset_db: float) -> Mask:
    """[U] who would leave source for target by the entering condition A3-1 with the offset."""
    rsrp = measured.rsrp_dbm
    strong = rsrp[:, target] + offset_db - measured.margin_db > rsrp[:, source]
    return np.asarray((measured.serving == source) & strong)
