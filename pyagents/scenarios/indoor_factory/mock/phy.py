# SPDX-License-Identifier: GPL-2.0-only
"""Modulation and coding of a 20 MHz NR carrier: the tables and laws of our ns-3 model's NruAmc.

MCS from SINR, transport block size (TS 38.214 section 5.1.3.2), rate, block error rate. 30 kHz subcarrier
spacing: 51 PRBs (TS 38.101-1 Table 5.3.2-1), slots of 0.5 ms with 14 symbols, of which 12 carry PDSCH.
"""

import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Singles
from pyagents.simulators.compiled import compiled

SLOT_S = 0.5e-3
SYMBOLS_PER_SLOT = 14
CONTROL_SYMBOLS = 2
"""Symbols at the start of a slot, or of the part of one, that carry control and no data."""
N_PRB = 51
OCCUPIED_BANDWIDTH_HZ = N_PRB * 12 * 30e3
SHANNON_BANDWIDTH_HZ = 20e6
"""W of Eq. (1) of the paper, the whole channel."""
_SHANNON_DB = 120
"""Its tables go so far above the lowest SINR."""
THERMAL_NOISE_DBM_PER_HZ = -174.0
DETECTION_SINR_DB = -6.0
"""SINR from which a discovery burst is measured (TS 38.133, side condition on Es/Iot)."""
SIBX_BITS = 40 + 24
"""A SIBx with its CRC."""

_MCS = [
    *((2, rate) for rate in (120, 193, 308, 449, 602)),
    *((4, rate) for rate in (378, 434, 490, 553, 616, 658)),
    *((6, rate) for rate in (466, 517, 567, 616, 666, 719, 772, 822, 873)),
    *((8, rate) for rate in (682.5, 711, 754, 797, 841, 885, 916.5, 948)),
]
"""Modulation order Qm and 1024 times the code rate R of MCS 0 to 27 (TS 38.214 Table 5.1.3.1-2)."""

_SMALL_SIZES = np.array(
    [
        *range(24, 193, 8),
        *range(208, 385, 16),
        *(408, 432, 456, 480, 504, 528, 552, 576, 608, 640, 672, 704, 736, 768, 808, 848, 888, 928, 984),
        *(1032, 1064, 1128, 1160, 1192, 1224, 1256, 1288, 1320, 1352, 1416, 1480, 1544, 1608, 1672, 1736),
        *(1800, 1864, 1928, 2024, 2088, 2152, 2216, 2280, 2408, 2472, 2536, 2600, 2664, 2728, 2792, 2856),
        *(2976, 3104, 3240, 3368, 3496, 3624, 3752, 3824),
    ]
)
"""Transport block sizes up to 3824 bit (TS 38.214 Table 5.1.3.2-1)."""

_LONGEST_CODE_BLOCK = 8448.0
_REFERENCE_BLER = 0.1
_SPREAD_DB = 0.15
_CELLS_PER_DB = 64
"""Thresholds of MCSs are rounded to a 64th of a dB, so that a table gives the MCS of a SINR."""


def transport_block_bits(mcs: int, n_prb: int, n_symbols: int) -> int:
    """Transport block size with one layer and one DM-RS symbol (TS 38.214 section 5.1.3.2), bit.

    Args:
        mcs: index in Table 5.1.3.1-2, 0 to 27.
        n_prb: allocated PRBs, at least 1.
        n_symbols: PDSCH symbols, 2 to 14.
    """
    qm, rate = _MCS[mcs][0], _MCS[mcs][1] / 1024
    n_info = qm * rate * min(156, 12 * n_symbols - 12) * n_prb
    if n_info <= 3824:
        step = 2 ** max(3, math.floor(math.log2(n_info)) - 6)
        quantised = max(24, step * math.floor(n_info / step))
        return int(_SMALL_SIZES[np.searchsorted(_SMALL_SIZES, quantised)])
    step = 2 ** (math.floor(math.log2(n_info - 24)) - 5)
    with_crc: int = max(3840, step * math.floor((n_info - 24) / step + 0.5)) + 24
    blocks = 1
    if rate <= 0.25:
        blocks = math.ceil(with_crc / 3816)
    elif with_crc > 8424 + 24:
        blocks = math.ceil(with_crc / 8424)
    return 8 * blocks * math.ceil(with_crc / (8 * blocks)) - 24


def code_blocks(bits: int, code_rate: float) -> tuple[int, float]:
    """Number of code blocks of a transport block, and the length of each (TS 38.212 section 5.2.2), bit."""
    second_base = bits <= 292 or (bits <= 3824 and code_rate <= 0.67) or code_rate <= 0.25
    longest = 3840 if second_base else 8448
    with_crc = bits + (24 if bits > 3824 else 16)
    if with_crc <= longest:
        return 1, float(with_crc)
    count = math.ceil(with_crc / (longest - 24))
    return count, with_crc / count + 24


def spread_db(code_block_bits: float) -> float:
    """Spread of the error curve of a code block, dB: shrinks with the square root of the length."""
    return _SPREAD_DB * math.sqrt(_LONGEST_CODE_BLOCK / code_block_bits)


def noise_dbm(noise_figure_db: float) -> float:
    """Noise power over the occupied 18.36 MHz, dBm."""
    return THERMAL_NOISE_DBM_PER_HZ + 10 * math.log10(OCCUPIED_BANDWIDTH_HZ) + noise_figure_db


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
    efficiency = np.array([qm * rate / 1024 for qm, rate in _MCS])
    threshold = 10 * np.log10(np.exp2(efficiency) - 1) + snr_gap_db
    bits = [transport_block_bits(mcs, N_PRB, SYMBOLS_PER_SLOT - CONTROL_SYMBOLS) for mcs in range(len(_MCS))]
    rates = np.append(0.0, np.array(bits) / SLOT_S)
    blocks, length = code_blocks(bits[0], _MCS[0][1] / 1024)
    offset_in_spreads = -NormalDist().inv_cdf(-math.expm1(math.log1p(-_REFERENCE_BLER) / blocks))
    _, sibx_length = code_blocks(SIBX_BITS, _MCS[0][1] / 1024)
    # Place p holds SINRs from (p - 2) / 64 dB above the lowest threshold on; place 0 takes all below.
    above = np.floor((threshold - threshold[0]) * _CELLS_PER_DB + 0.5).astype(np.int64)
    chosen = np.searchsorted(above, np.arange(-2, above[-1] + 1), side="right")
    return Amc(
        threshold_db=threshold,
        rate_bps=rates,
        sibx_median_db=float(threshold[0]) - spread_db(length) * offset_in_spreads,
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
