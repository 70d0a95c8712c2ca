# SPDX-License-Identifier: GPL-2.0-only
"""What families share of NR: a 20 MHz carrier's numbers, transport blocks, and when they fail.

The tables and laws of our ns-3 model's NrAmc: MCS, transport block size (TS 38.214 section 5.1.3.2), code
blocks (TS 38.212 section 5.2.2), SINR that an MCS needs. 30 kHz subcarrier spacing: 51 PRBs (TS 38.101-1
Table 5.3.2-1), slots of 0.5 ms with 14 symbols, of which 12 carry PDSCH.
"""

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SLOT_S = 0.5e-3
SYMBOLS_PER_SLOT = 14
CONTROL_SYMBOLS = 2
"""Symbols at the start of a slot, or of the part of one, that carry control and no data."""
N_PRB = 51
OCCUPIED_BANDWIDTH_HZ = N_PRB * 12 * 30e3
THERMAL_NOISE_DBM_PER_HZ = -174.0
SNR_GAP_DB = 4.4
"""Distance of the SNR that an MCS needs from the Shannon bound: what link simulations show in the mean."""

MCS = (
    *((2, rate) for rate in (120, 193, 308, 449, 602)),
    *((4, rate) for rate in (378, 434, 490, 553, 616, 658)),
    *((6, rate) for rate in (466, 517, 567, 616, 666, 719, 772, 822, 873)),
    *((8, rate) for rate in (682.5, 711, 754, 797, 841, 885, 916.5, 948)),
)
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


def transport_block_bits(mcs: int, n_prb: int, n_symbols: int) -> int:
    """Transport block size with one layer and one DM-RS symbol (TS 38.214 section 5.1.3.2), bit.

    Args:
        mcs: index in Table 5.1.3.1-2, 0 to 27.
        n_prb: allocated PRBs, at least 1.
        n_symbols: PDSCH symbols, 2 to 14.
    """
    qm, rate = MCS[mcs][0], MCS[mcs][1] / 1024
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


def thresholds_db(snr_gap_db: float = SNR_GAP_DB) -> Floats:
    """[28] SNR from which each MCS, with all PRBs of a slot, has at most 10 % block errors, dB.

    One of spectral efficiency SE needs 10 log10(2^SE - 1) + gap.

    Args:
        snr_gap_db: distance from the Shannon bound.
    """
    efficiency = np.array([qm * rate / 1024 for qm, rate in MCS])
    thresholds: Floats = 10 * np.log10(np.exp2(efficiency) - 1) + snr_gap_db
    return thresholds


def full_band_bits() -> NDArray[np.int64]:
    """[28] transport block size of each MCS with all PRBs of a slot, bit."""
    symbols = SYMBOLS_PER_SLOT - CONTROL_SYMBOLS
    return np.array([transport_block_bits(mcs, N_PRB, symbols) for mcs in range(len(MCS))])


class FullBandBlock(NamedTuple):
    """How a transport block with all PRBs of a slot fails."""

    n_blocks: int
    """Number of its code blocks."""
    spread_db: float
    """Spread of the error curve of each, dB."""
    offset_in_spreads: float
    """How far the SNR from which the MCS is chosen is above that at which half of its code blocks fail."""


@cache
def full_band_blocks() -> tuple[FullBandBlock, ...]:
    """How transport blocks of each MCS with all PRBs of a slot fail."""
    made = []
    for bits, (_, rate) in zip(full_band_bits().tolist(), MCS, strict=True):
        count, length = code_blocks(bits, rate / 1024)
        offset = -NormalDist().inv_cdf(-math.expm1(math.log1p(-_REFERENCE_BLER) / count))
        made.append(FullBandBlock(n_blocks=count, spread_db=spread_db(length), offset_in_spreads=offset))
    return tuple(made)
