# SPDX-License-Identifier: GPL-2.0-only
"""What a carrier brings a UE: the rate of the MCS that its SNR allows, and what packets take of it.

A packet is sent as a transport block of the fewest PRBs that hold it, over a slot; what is lost is sent
again, combined with what came, and then arrives.
"""

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.scenarios.nr import (
    CONTROL_SYMBOLS,
    MCS,
    N_PRB,
    SLOT_S,
    SYMBOLS_PER_SLOT,
    code_blocks,
    full_band_bits,
    full_band_blocks,
    spread_db,
    thresholds_db,
    transport_block_bits,
)

LOWEST_SNR_DB = -3.0
"""Next whole dB above the SNR that the lowest MCS needs: a UE whose mean is lower camps elsewhere."""

_CELLS_PER_DB = 64
_ABOVE_DB = 30.0
"""Tables end so far above the highest MCS; fading by so much has a probability of 1e-400."""


def rate_bps(snr_db: Floats) -> Floats:
    """What the whole carrier sends in full slots by the MCS of an SNR, bit/s; 0: out of range."""
    rates: Floats = np.append(0.0, full_band_bits() / SLOT_S)[_mcs(snr_db) + 1]
    return rates


def goodput_bps(snr_db: Floats, packet_bytes: int) -> Floats:
    """What arrives of packets of a size where the carrier sends nothing else, bit/s; 0: out of range."""
    mcs, goodput = _mcs(snr_db), np.zeros(snr_db.shape)
    for index, threshold_db in enumerate(thresholds_db()):
        here = mcs == index
        if here.any():
            goodput[here] = _goodput_bps(index, packet_bytes, snr_db[here] - threshold_db)
    return goodput


class Faded(NamedTuple):
    """What fading makes of a rate; [U] each."""

    mean_bps: Floats
    """Mean over all blocks."""
    cost: Floats
    """Mean of that mean over a block's rate, where it is not 0: PRBs that data take which do not wait for a
    good block, over those that they take at the mean rate; at least 1."""
    cost_variance: Floats
    """Variance of the same."""


def over_fading(mean_snr_db: Floats, diversity: int, packet_bytes: int | None = None) -> Faded:
    """Goodput of packets of a size, or rate without one, under Rayleigh fading.

    The SNR of L branches, combined by their maximum ratio, is gamma-distributed: it exceeds x means with the
    probability exp(-L x) sum over k < L of (L x)^k / k! (Proakis, Digital Communications, section 14.4).
    Means are sums over cells of a 64th of a dB.

    Args:
        mean_snr_db: [U] mean SNRs.
        diversity: L.
        packet_bytes: size of packets.
    """
    edges_db, values = _table(packet_bytes)
    values = np.append(values, values[-1])
    factorials = [math.factorial(k) for k in range(diversity)]
    made = np.empty((3, len(mean_snr_db)))
    for u, snr_db in enumerate(mean_snr_db):
        x = diversity * 10 ** ((edges_db - snr_db) / 10)
        above = np.exp(-x) * sum(x**k / factorial for k, factorial in enumerate(factorials))
        weights = above - np.append(above[1:], 0.0)
        mean = (weights * values).sum()
        cost = mean / values
        first, second = ((weights * cost**power).sum() / weights.sum() for power in (1, 2))
        made[:, u] = mean, max(first, 1.0), second - first**2
    return Faded(*made)


def _goodput_bps(mcs: int, packet_bytes: int, above_db: Floats) -> Floats:
    """Goodput with an MCS, by how far the SNR is above its threshold.

    The median of the error curve is where NrAmc has it for all PRBs; smaller blocks have a wider curve.
    """
    bits, n_prb = _block(mcs, packet_bytes)
    whole = full_band_blocks()[mcs]
    count, length = code_blocks(bits, MCS[mcs][1] / 1024)
    above_median = (above_db + whole.spread_db * whole.offset_in_spreads) / spread_db(length)
    tail = np.array([NormalDist().cdf(-one) for one in above_median.tolist()])
    lost = -np.expm1(count * np.log1p(-tail))
    carried = min(bits, 8 * packet_bytes)
    goodput: Floats = carried / (SLOT_S * n_prb / N_PRB) / (1 + lost)
    return goodput


@cache
def _block(mcs: int, packet_bytes: int) -> tuple[int, int]:
    """Size, bit, and PRBs of the smallest block that holds a packet; of the largest where none does."""
    for n_prb in range(1, N_PRB + 1):
        bits = transport_block_bits(mcs, n_prb, SYMBOLS_PER_SLOT - CONTROL_SYMBOLS)
        if bits >= 8 * packet_bytes:
            break
    return bits, n_prb


@cache
def _table(packet_bytes: int | None) -> tuple[Floats, Floats]:
    """Edges of cells, dB, and the value in the middle of each."""
    thresholds = thresholds_db()
    cells = int((thresholds[-1] - thresholds[0] + _ABOVE_DB) * _CELLS_PER_DB)
    edges_db = thresholds[0] + np.arange(cells + 1) / _CELLS_PER_DB
    middle_db = (edges_db[:-1] + edges_db[1:]) / 2
    return edges_db, rate_bps(middle_db) if packet_bytes is None else goodput_bps(middle_db, packet_bytes)


def _mcs(snr_db: Floats) -> NDArray[np.int64]:
    """Highest MCS whose threshold is met; -1: none."""
    return np.searchsorted(thresholds_db(), snr_db, side="right") - 1
