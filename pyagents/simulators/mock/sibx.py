# SPDX-License-Identifier: GPL-2.0-only
"""SIBx: a cell's load in 16 bits, once a period, on the first discovery burst that finds the channel idle."""

import dataclasses

import numpy as np

from pyagents.simulators.mock import interference
from pyagents.simulators.mock.interference import LinkTables
from pyagents.simulators.mock.phy import SLOT_S
from pyagents.simulators.mock.state import Cells, Known, Noise
from pyagents.snapshot import Floats

LOAD_UNIT = 2.0**-14
"""Step of the 16-bit load: two bits before the point, 14 behind it; the largest is 4 - 2^-14."""
SI_WINDOW_S = 40e-3
"""A SIBx must go out within this time of its period's start (si-WindowLength of 80 slots, TS 38.331)."""
DISCOVERY_WINDOW_S = 5e-3
"""A discovery burst is tried for this long, at each slot (TS 37.213 section 4.0)."""


def quantise(load: Floats) -> Floats:
    """The load as the 16 bits in SIBx tell it."""
    told: Floats = np.minimum(np.floor(load / LOAD_UNIT + 0.5), 65535.0) * LOAD_UNIT
    return told


def loss_probability(others: Floats, occupancy_s: Floats, period_s: float) -> Floats:
    """[...] probability that a cell finds no idle channel for its SIBx in the whole SI window.

    A burst is lost if others keep the channel busy throughout its window. Occupancies of mean length D end
    without memory; one of another node follows at once with the probability that it was waiting, b^2 for
    others that are busy a share b of time: so b exp(-window (1 - b^2) / D).

    Args:
        others: [...] share of time in which a cell hears others.
        occupancy_s: [...] mean length of their channel occupancies, above 0.
        period_s: discovery period; the SI window holds as many bursts as fit, at least one.
    """
    bursts = max(1, round(SI_WINDOW_S / period_s))
    window = DISCOVERY_WINDOW_S - SLOT_S
    blocked: Floats = others * np.exp((others * others - 1) * window / occupancy_s)
    return blocked**bursts


def broadcast(
    cells: Cells,
    known: Known,
    heard: Floats,
    on: Floats,
    tables: LinkTables,
    noise: Noise,
    now_s: float,
    period_s: float,
) -> tuple[Cells, Known]:
    """The SIBx of a period, which tell the loads of the end of the period before.

    Args:
        cells: with those loads.
        known: what UEs know.
        heard: [B, N, N] 1 where a node (row) hears another, else 0.
        on: [B, G, 2] probability that each cell's aggressors are on.
        tables: with the probability to decode in each state of those.
        noise: decides on losses.
        now_s: start of the period.
        period_s: of discovery bursts.
    """
    g = cells.load.shape[1]
    hears = heard[:, :g]
    time = np.stack([cells.used, cells.used * cells.used / np.maximum(cells.bursts_per_s, 1.0)], axis=-1)
    busy = hears @ time
    others = np.minimum(busy[..., 0], 1.0)
    occupancy = (busy[..., 1] + 1e-9) / (busy[..., 0] + 1e-6)
    sent = noise.sib_sent >= loss_probability(others, occupancy, period_s)
    weights = interference.state_weights((noise.aggressors < on).astype(np.float64))
    weights *= sent[:, :, None, None]
    decoded = noise.sib_decoded < (weights @ tables.decoded)[:, :, 0]
    load, measured_s = known.sib_load.copy(), known.sib_measured_s.copy()
    np.copyto(load, quantise(cells.load)[:, :, None], where=decoded)
    np.copyto(measured_s, now_s, where=decoded)
    return (
        dataclasses.replace(cells, sib_due=cells.sib_due + np.int32(1), sib_sent=cells.sib_sent + sent),
        dataclasses.replace(
            known, sib_load=load, sib_measured_s=measured_s, sib_heard=known.sib_heard + decoded
        ),
    )
