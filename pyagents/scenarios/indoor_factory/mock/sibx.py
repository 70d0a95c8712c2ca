# SPDX-License-Identifier: GPL-2.0-only
"""SIBx: a cell's load in 16 bits, once a period, on what comes first in the SI window.

That is a discovery burst that finds the channel idle, or a slot with data of one of the cell's occupancies.
"""

import math

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Ints, Singles
from pyagents.scenarios.indoor_factory.mock.noise import Noise
from pyagents.scenarios.indoor_factory.mock.state import Broadcasts, UsageRows
from pyagents.scenarios.nr import SLOT_S
from pyagents.simulators.compiled import compiled

LOAD_UNIT = 2.0**-14
"""Step of the 16-bit load: two bits before the point, 14 behind it; the largest is 4 - 2^-14."""
DISCOVERY_WINDOW_S = 5e-3
"""A discovery burst is tried for this long, at each slot (TS 37.213 section 4.0)."""


@compiled
def quantise(load: float) -> float:
    """The load as the 16 bits in SIBx tell it."""
    told: float = min(np.floor(load / LOAD_UNIT + 0.5), 65535.0) * LOAD_UNIT
    return told


@compiled
def loss_probability(others: float, occupancy_s: float, rivals: float, n_bursts: int) -> float:
    """Probability that a cell finds no idle channel for a discovery burst in the whole SI window.

    A burst is lost if another's occupancy outlasts its window, or ends within it and a rival, who waited too,
    is on the channel next: Type 2A needs an idle channel just before a slot, and occupancies end at slots.

    Args:
        others: share of time in which a cell hears others.
        occupancy_s: mean length of their channel occupancies.
        rivals: probability that after one of those another of them follows at once; 0 for Type 1, which
            waits its turn.
        n_bursts: discovery bursts in the SI window.
    """
    outlasts = max(1 - (DISCOVERY_WINDOW_S - SLOT_S) / (occupancy_s + 1e-9), 0.0)
    return ((outlasts + (1 - outlasts) * rivals) * others) ** n_bursts


@compiled
def share_in_data(bursts_per_s: float, period_s: float) -> float:
    """Share of SIBx for which a slot with data comes before the next discovery burst.

    That one comes after a time that is uniform within the period, occupancies at any time:
    1 - (1 - e^-x) / x for x of them in a period.

    Args:
        bursts_per_s: occupancies with data.
        period_s: of discovery bursts.
    """
    x = bursts_per_s * period_s
    return 1 + math.expm1(-x) / x if x > 1e-6 else 0.5 * x


def broadcast(
    before: Broadcasts,
    usage: UsageRows,
    decoded: Singles,
    on: Floats,
    noise: Noise,
    n_steps: int,
    period_s: float,
) -> Broadcasts:
    """The SIBx of a period, which tell the loads of the end of the period before.

    Args:
        before: the SIBx until then.
        usage: with those loads.
        decoded: [B, G, 4, U] probability to decode in each state of aggressors.
        on: [2, B, G, 2] probability that each cell's aggressors are on, during discovery bursts and data.
        noise: decides on losses.
        n_steps: simulated so far; cells have a load to tell from the end of the first on.
        period_s: of discovery bursts.
    """
    if n_steps == 0:
        return before
    of_cells, of_nodes, coins, toss = usage.of_cells, usage.of_nodes, noise.coins, noise.toss
    chance_on, chance_sent = noise.aggressors, noise.sib_sent
    args = before, of_cells, of_nodes, decoded, on, chance_on, chance_sent, coins, toss, n_steps, period_s
    return Broadcasts(*_broadcast(*args))


@compiled
def _broadcast(
    before: Broadcasts,
    of_cells: Floats,
    of_nodes: Floats,
    decoded: Singles,
    on: Floats,
    chance_on: Floats,
    chance_sent: Floats,
    coins: Singles,
    toss: int,
    n_steps: int,
    period_s: float,
) -> tuple[Floats, Ints, Ints, Floats, Floats]:
    """See `broadcast`: the fields of Broadcasts."""
    load, told_by, heard = (
        np.empty_like(before.load),
        np.empty_like(before.told_by),
        np.empty_like(before.heard),
    )
    due, sent, step = before.due + 1, before.sent.copy(), np.int32(n_steps)
    loads, lost, bursts_per_s = of_cells[0], of_cells[2], of_nodes[1]
    halls, gnbs, ues = load.shape
    for b in range(halls):
        for g in range(gnbs):
            state, told = 0, quantise(loads[b, g])
            in_data = share_in_data(bursts_per_s[b, g], period_s)
            for k in range(2):
                if chance_on[b, g, k] < (1 - in_data) * on[0, b, g, k] + in_data * on[1, b, g, k]:
                    state += 1 + k
            is_sent = chance_sent[b, g] >= lost[b, g]
            sent[b, g] += is_sent
            chance, coin = decoded[b, g, state], coins[b, toss, g]
            for u in range(ues):
                hears = is_sent & (coin[u] < chance[u])
                load[b, g, u] = told if hears else before.load[b, g, u]
                told_by[b, g, u] = step if hears else before.told_by[b, g, u]
                heard[b, g, u] = before.heard[b, g, u] + hears
    return load, told_by, heard, due, sent
