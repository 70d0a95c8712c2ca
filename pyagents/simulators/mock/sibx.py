# SPDX-License-Identifier: GPL-2.0-only
"""SIBx: a cell's load in 16 bits, once a period, on the first discovery burst that finds the channel idle."""

import numpy as np

from pyagents.simulators.mock.arrays import choose, to_bits
from pyagents.simulators.mock.compiled import compiled
from pyagents.simulators.mock.noise import Noise
from pyagents.simulators.mock.numbers import Sizes
from pyagents.simulators.mock.phy import SLOT_S
from pyagents.simulators.mock.state import Broadcasts, Cells, Links
from pyagents.snapshot import Floats

LOAD_UNIT = 2.0**-14
"""Step of the 16-bit load: two bits before the point, 14 behind it; the largest is 4 - 2^-14."""
DISCOVERY_WINDOW_S = 5e-3
"""A discovery burst is tried for this long, at each slot (TS 37.213 section 4.0)."""


def quantise(load: Floats) -> Floats:
    """The load as the 16 bits in SIBx tell it."""
    told: Floats = np.minimum(np.floor(load / LOAD_UNIT + 0.5), 65535.0) * LOAD_UNIT
    return told


@compiled
def loss_probability(others: float, occupancy_s: float, rivals: float, n_bursts: int) -> float:
    """Probability that a cell finds no idle channel for its SIBx in the whole SI window.

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


def broadcast(
    sizes: Sizes, links: Links, cells: Cells, before: Broadcasts, on: Floats, noise: Noise, n_steps: int
) -> Broadcasts:
    """The SIBx of a period, which tell the loads of the end of the period before.

    Args:
        sizes: of the halls.
        links: with the probability to decode in each state of aggressors.
        cells: with those loads.
        before: the SIBx until then.
        on: [B, G, 2] probability that each cell's aggressors are on.
        noise: decides on losses.
        n_steps: simulated so far.
    """
    sent = noise.sib_sent >= cells.sib_lost
    is_on = noise.aggressors < on
    state = is_on[..., 1] * np.intp(2)
    state += is_on[..., 0]
    state += sizes.first_state
    decoded = noise.sib_decoded < links.tables.decoded.reshape(-1, sizes.ues).take(state, axis=0)
    decoded &= sent[:, :, None]
    told_by = decoded * np.int32(n_steps)
    return Broadcasts(
        load=choose(to_bits(decoded), quantise(cells.load)[:, :, None], before.load),
        told_by=np.maximum(told_by, before.told_by, out=told_by),
        heard=before.heard + decoded,
        due=before.due + np.int32(1),
        sent=before.sent + sent,
    )
