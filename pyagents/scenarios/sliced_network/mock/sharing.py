# SPDX-License-Identifier: GPL-2.0-only
"""Who gets which part of a site's carrier, or of its edge host, in a step.

In means over a step, in shares of the whole: what a UE could use (its `limit`), what it is guaranteed, and
what it gets of the one after the other:

1. the minimum quota of its slice, guaranteed rates first where the scheduler goes by them; what is
   dedicated and not used stays idle;
2. its guaranteed rate, within the maximum quota of its slice;
3. an even part of what is left, or, of the scheduler `max-rate`, all of it for who has the highest rate.
"""

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.sliced_network.snapshot import Ratio
from pyagents.simulators.compiled import compiled

QOS, EVEN, MAX_RATE = 0, 1, 2
"""Rules: guarantees first; even airtime, as proportional fairness and round robin have it; the best first."""

ALL = -1
"""In the place of a slice."""

_DEDICATED, _MINIMUM, _MAXIMUM = int(Ratio.DEDICATED), int(Ratio.MINIMUM), int(Ratio.MAXIMUM)
_NOTHING = 1e-12


@compiled
def fill_evenly(limit: Floats, used: Floats, slices: Ints, only: int, budget: float, room: Floats) -> float:
    """Share a budget evenly among who can use it, again and again, until it is spent or nobody can.

    Args:
        limit: [n] what each can use at most.
        used: [n] what each has; what it gets is added.
        slices: [n] slice of each.
        only: slice that takes part, or `ALL`.
        budget: what there is.
        room: [S] what each slice may still get; what it gets is taken off.

    Returns:
        What is left of the budget.
    """
    while budget > _NOTHING:
        n_hungry = 0
        hungry = np.zeros(len(room))
        for i in range(len(limit)):
            s = slices[i]
            if (only < 0 or only == s) and limit[i] - used[i] > _NOTHING and room[s] > _NOTHING:
                n_hungry += 1
                hungry[s] += 1
        if n_hungry == 0:
            break
        part = budget / n_hungry
        for s in range(len(room)):
            if hungry[s] > 0:
                part = min(part, room[s] / hungry[s])
        for i in range(len(limit)):
            s = slices[i]
            if (only < 0 or only == s) and limit[i] - used[i] > _NOTHING and hungry[s] > 0:
                given = min(part, limit[i] - used[i])
                used[i] += given
                room[s] -= given
                budget -= given
    return budget


@compiled
def fill_best_first(
    limit: Floats, used: Floats, slices: Ints, only: int, budget: float, room: Floats, order: Ints
) -> float:
    """Give a budget to one after the other. See `fill_evenly`; `order` has them from the highest rate on."""
    for place in range(len(order)):
        i = order[place]
        s = slices[i]
        if only < 0 or only == s:
            given = max(min(limit[i] - used[i], min(budget, room[s])), 0.0)
            used[i] += given
            room[s] -= given
            budget -= given
    return budget


@compiled
def fill_guaranteed(
    limit: Floats, used: Floats, guaranteed: Floats, slices: Ints, only: int, budget: float, room: Floats
) -> float:
    """Give each what it is guaranteed and can use, all alike less where it is too much. See `fill_evenly`."""
    wanted = np.zeros(len(room))
    for i in range(len(limit)):
        if only < 0 or only == slices[i]:
            wanted[slices[i]] += max(min(limit[i], guaranteed[i]) - used[i], 0.0)
    total = 0.0
    for s in range(len(room)):
        total += min(wanted[s], room[s])
    part = min(1.0, budget / total) if total > 0 else 0.0
    left = budget
    for i in range(len(limit)):
        s = slices[i]
        if only < 0 or (only == s and wanted[s] > 0):
            given = max(min(limit[i], guaranteed[i]) - used[i], 0.0) * part * min(1.0, room[s] / wanted[s])
            used[i] += given
            left -= given
    for s in range(len(room)):
        room[s] -= part * min(wanted[s], room[s])
    return max(left, 0.0)


@compiled
def share(
    limit: Floats,
    guaranteed: Floats,
    slices: Ints,
    ratio: Floats,
    order: Ints,
    rule: int,
    used: Floats,
) -> None:
    """Share a site's carrier or edge host.

    Args:
        limit: [n] what each UE could use.
        guaranteed: [n] what it is guaranteed; together at most the whole.
        slices: [n] slice of each UE.
        ratio: [S, 3] quotas of slices, see `Ratio`.
        order: [n] UEs from the highest rate on.
        rule: `QOS`, `EVEN` or `MAX_RATE`.
        used: [n] what each gets, to be written.
    """
    n_slices = len(ratio)
    room = ratio[:, _MAXIMUM].copy()
    used[:] = 0.0
    left = 1.0
    for s in range(n_slices):
        quota = ratio[s, _MINIMUM]
        if quota > 0:
            idle = _fill(limit, used, guaranteed, slices, s, quota, room, order, rule)
            left -= max(quota - idle, ratio[s, _DEDICATED])
    _fill(limit, used, guaranteed, slices, ALL, left, room, order, rule)


@compiled
def _fill(
    limit: Floats,
    used: Floats,
    guaranteed: Floats,
    slices: Ints,
    only: int,
    budget: float,
    room: Floats,
    order: Ints,
    rule: int,
) -> float:
    if rule == QOS:
        budget = fill_guaranteed(limit, used, guaranteed, slices, only, budget, room)
    if rule == MAX_RATE:
        return fill_best_first(limit, used, slices, only, budget, room, order)
    return fill_evenly(limit, used, slices, only, budget, room)
