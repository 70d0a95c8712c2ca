# SPDX-License-Identifier: GPL-2.0-only
"""Link adaptation of our ns-3 model's NrAmc, over the tables that families share; what a SIBx meets."""

import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Singles
from pyagents.scenarios.nr import (
    MCS,
    SLOT_S,
    code_blocks,
    full_band_bits,
    full_band_blocks,
    spread_db,
    thresholds_db,
)
from pyagents.simulators.compiled import compiled

SHANNON_BANDWIDTH_HZ = 20e6
"""W of Eq. (1) of the paper, the whole channel."""
_SHANNON_DB = 120
"""Its tables go so far above the lowest SINR."""
DETECTION_SINR_DB = -6.0
"""SINR from which a discovery burst is measured (TS 38.133, side condition on Es/Iot)."""
SIBX_BITS = 40 + 24
"""A SIBx with its CRC."""

_CELLS_PER_DB = 64
"""Thresholds of MCSs are rounded to a 64th of a dB, so that a table gives the MCS of a SINR."""


class McsTables(NamedTuple):
    """MCSs over SINR, in 64ths of a dB from just below the lowest threshold on."""

    lowest_db: float
    """Lowest threshold, dB."""
    first_place: float
    """Place of 0 dB."""
    rate_bps_at: Floats
    """Rate of a UE that has all PRBs of every slot; 0: out of range."""
    s_per_bit_at: Floats
    """Time that a bit takes it, at least at the lowest MCS."""
    threshold_db_at: Floats
    """SINR from which the MCS that is chosen has at most 10 % block errors."""


@compiled
def place(sinr_db: float, tables: McsTables) -> int:
    """Where a SINR is in the tables."""
    at = sinr_db * _CELLS_PER_DB + tables.first_place
    return int(min(max(at, 0.0), len(tables.rate_bps_at) - 1.0))


@compiled
def _rates_bps(sinr_db: Floats | Singles, first_place: np.floating[Any], rate_bps_at: Floats) -> Floats:
    """See `Amc.full_band_rate_bps`."""
    rates, last = np.empty(len(sinr_db)), np.float32(len(rate_bps_at) - 1)
    for i in range(len(sinr_db)):
        # Bounded before it is made whole: no branch, so that several are worked out at once.
        at = min(max(sinr_db[i] * np.float32(_CELLS_PER_DB) + first_place, np.float32(0)), last)
        rates[i] = rate_bps_at[np.uint32(at)]
    return rates


@dataclass(frozen=True, kw_only=True, eq=False)
class Amc:
    """Link adaptation tables for one SNR gap. Make it with `make_amc`."""

    threshold_db: Floats
    """[28] SINR from which each MCS has at most 10 % block errors."""
    rate_bps: Floats
    """[29] rate with all PRBs at MCS i - 1; 0 at index 0: out of range."""
    sibx_median_db: float
    """SINR at which half of all SIBx are lost."""
    sibx_spread_db: float
    """Spread of their error curve."""
    tables: McsTables

    def full_band_rate_bps(self, sinr_db: Floats | Singles) -> Floats:
        """Rate of a UE that has all PRBs of every slot, bit/s, by its finite SINR; 0: out of range."""
        # In the precision of the SINR.
        first_place = sinr_db.dtype.type(self.tables.first_place)
        return _rates_bps(sinr_db.ravel(), first_place, self.tables.rate_bps_at).reshape(sinr_db.shape)

    def sibx_success(self, sinr_db: Floats) -> Floats:
        """Probability that a SIBx (MCS 0) is decoded; 0 where the burst is not even detected."""
        success = normal_cdf((sinr_db - self.sibx_median_db) * (1 / self.sibx_spread_db))
        success *= sinr_db >= DETECTION_SINR_DB
        return success


def make_amc(snr_gap_db: float, rate_model: str = "nr") -> Amc:
    """Tables of a `Scenario.rate_model`, for a gap to the Shannon bound, dB."""
    return _shannon(snr_gap_db) if rate_model == "shannon" else _nr(snr_gap_db)


@cache
def _shannon(snr_gap_db: float) -> Amc:
    """Eq. (1) of the paper where a UE can detect a cell, W log2(1 + SINR), in steps of a 64th of a dB.

    The equation has no errors: nothing fails, whatever the SINR has come to since. A SIBx is still what NR
    makes of it.
    """
    nr = _nr(snr_gap_db)
    at_db = DETECTION_SINR_DB + np.arange(_SHANNON_DB * _CELLS_PER_DB) / _CELLS_PER_DB
    rates = SHANNON_BANDWIDTH_HZ * np.log2(1 + 10 ** (at_db / 10))
    return dataclasses.replace(
        nr,
        threshold_db=at_db,
        rate_bps=np.append(0.0, rates),
        tables=McsTables(
            lowest_db=DETECTION_SINR_DB,
            first_place=1.0 + 1e-4 - DETECTION_SINR_DB * _CELLS_PER_DB,
            rate_bps_at=np.append(0.0, rates),
            s_per_bit_at=1 / np.append(rates[0], rates),
            threshold_db_at=np.full(len(rates) + 1, -np.inf),
        ),
    )


@cache
def _nr(snr_gap_db: float) -> Amc:
    """Tables for a gap to the Shannon bound, dB: MCS with efficiency SE needs 10 log10(2^SE - 1) + gap."""
    threshold = thresholds_db(snr_gap_db)
    bits = full_band_bits()
    rates = np.append(0.0, bits / SLOT_S)
    block = full_band_blocks()[0]
    _, sibx_length = code_blocks(SIBX_BITS, MCS[0][1] / 1024)
    # Place p holds SINRs from (p - 2) / 64 dB above the lowest threshold on; place 0 takes all below.
    above = np.floor((threshold - threshold[0]) * _CELLS_PER_DB + 0.5).astype(np.int64)
    chosen = np.searchsorted(above, np.arange(-2, above[-1] + 1), side="right")
    return Amc(
        threshold_db=threshold,
        rate_bps=rates,
        sibx_median_db=float(threshold[0]) - block.spread_db * block.offset_in_spreads,
        sibx_spread_db=spread_db(sibx_length),
        tables=McsTables(
            lowest_db=float(threshold[0]),
            # A hair more, so that rounding errors put no SINR at a threshold below it.
            first_place=2.0 + 1e-4 - float(threshold[0]) * _CELLS_PER_DB,
            rate_bps_at=rates[chosen],
            s_per_bit_at=1 / rates[np.maximum(chosen, 1)],
            threshold_db_at=threshold[np.maximum(chosen - 1, 0)],
        ),
    )


def normal_cdf(x: Floats) -> Floats:
    """Distribution function of the standard normal distribution, to 3e-4 (NumPy has none).

    By the hyperbolic tangent of a cubic (Page, Applied Statistics 26(1), 1977).
    """
    cubic = x * x
    cubic *= 0.044715
    cubic += 1
    cubic *= x
    cubic *= math.sqrt(2 / math.pi)
    distribution: Floats = np.tanh(cubic, out=cubic)
    distribution += 1
    distribution *= 0.5
    return distribution
