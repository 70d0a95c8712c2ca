# SPDX-License-Identifier: GPL-2.0-only
"""SIBx: a cell's load in 16 bits, once a period, on what comes first in the SI window.

That is a discovery burst that finds the channel idle, or a slot with data of one of the cell's occupancies.
"""

import math

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.arrays import Singles
from pyagents.scenarios.indoor_factory.mock.noise import Noise
from pyagents.scenarios.indoor_factory.mock.phy import SLOT_S
from pyagents.scenarios.indoor_factory.mock.state import Broadcasts, Cells
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
    decoded: Singles,
    cells: Cells,
    before: Broadcasts,
    on: Floats,
    noise: Noise,
    n_steps: int,
    period_s: float,
) -> Broadcasts:
    """The SIBx of a period, which tell the loads of the end of the period before.

    Args:
        decoded: [B, G, 4, U] probability to decode in each state of aggressors.
        cells: with those loads.
        before: the SIBx until then.
        on: [2, B, G, 2] probability that each cell's aggressors are on, during discovery bursts and data.
        noise: decides on losses.
        n_steps: simulated so far.
        period_s: of discovery bursts.
    """
    load, told_by, heard, due, sent = _broadcast(
        decoded,
        on,
        cells.load,
        cells.sib_lost,
        cells.bursts_per_s,
        period_s,
        noise.sib_sent,
        noise.aggressors,
        noise.coins,
        noise.toss,
        n_steps,
        before.load,
        before.told_by,
        before.heard,
        before.due,
        before.sent,
    )
    return Broadcasts(load=load, told_by=told_by, heard=heard, due=due, sent=sent)


@compiled
def _broadcast(
    decoded: Singles,
    on: Floats,
    load: Floats,
    lost: Floats,
    bursts_per_s: Floats,
    period_s: float,
    chance_sent: Floats,
    chance_on: Floats,
    coins: Singles,
    toss: int,
    n_steps: int,
    load_before: Floats,
    told_before: Ints,
    heard_before: Ints,
    due_before: Floats,
    sent_before: Floats,
) -> tuple[Floats, Ints, Ints, Floats, Floats]:
    """The fields of Broadcasts, from what `broadcast` takes apart."""
    halls, gnbs, ues = load_before.shape
    known, told_by, heard = (
        np.empty_like(load_before),
        np.empty_like(told_before),
        np.empty_like(heard_before),
    )
    due, sent = np.empty_like(due_before), sent_before.copy()
    step = np.int32(n_steps)
    for b in range(halls):
        for g in range(gnbs):
            due[b, g] = due_before[b, g] + 1
            state, told = 0, quantise(load[b, g])
            in_data = share_in_data(bursts_per_s[b, g], period_s)
            for k in range(2):
                if chance_on[b, g, k] < (1 - in_data) * on[0, b, g, k] + in_data * on[1, b, g, k]:
                    state += 1 + k
            is_sent = chance_sent[b, g] >= lost[b, g]
            sent[b, g] += is_sent
            chance, coin = decoded[b, g, state], coins[b, toss, g]
            for u in range(ues):
                hears = is_sent & (coin[u] < chance[u])
                known[b, g, u] = told if hears else load_before[b, g, u]
                told_by[b, g, u] = step if hears else told_before[b, g, u]
                heard[b, g, u] = heard_before[b, g, u] + hears
    return known, told_by, heard, due, sent
