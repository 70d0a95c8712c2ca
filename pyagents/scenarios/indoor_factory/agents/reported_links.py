# SPDX-License-Identifier: GPL-2.0-only
"""What the network can tell of links that nobody uses yet, from measurement reports and what it knows."""

import math

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD, RESOURCE_ELEMENTS_DB

BANDWIDTH_HZ = 20e6
"""Of a channel."""

MAX_RATE_BPS = 100.368e6
"""Of a channel: a transport block of 50184 bits each slot of 0.5 ms (51 PRB of 30 kHz, 12 symbols, MCS 27;
TS 38.214 section 5.1.3.2)."""

MAX_EFFICIENCY = 7.4063
"""Bits per symbol and subcarrier of MCS 27, TS 38.214 Table 5.1.3.1-2."""

CORRECTION = (0.5, 10.0)
"""Range that `correction` is held to: one bad measurement must not close a cell or open it to all."""


def noise_dbm(scenario: Scenario) -> float:
    """Thermal noise in a resource element, as RSRP is counted, at the noise figure that UEs have to keep."""
    return -174 + 10 * math.log10(BANDWIDTH_HZ) + scenario.ue_noise_figure_db - RESOURCE_ELEMENTS_DB


def expected_rate_bps(
    rsrp_dbm: Floats, scenario: Scenario, *, channel: Ints | None = None, used: Floats | None = None
) -> Floats:
    """[..., U, G] full-band rate of each link, Eq (1) with a gap and the highest MCS; any leading axes.

    With `channel`, the other cells of the same channel interfere: for the share of time that they use, or all
    the time. That is on the safe side: LBT keeps those quiet that hear the transmission, but a UE in between
    two gNBs that do not hear each other suffers from both. The SINR that a UE measures does not tell: it is
    that of discovery bursts, which go on the air when their cell finds it idle.

    Args:
        rsrp_dbm: [..., U, G] as reported, of a resource element; -inf: never measured, rate 0.
        scenario: has the noise figure that UEs are specified to, and the gap of coding to Shannon's bound.
        channel: [..., G] of each cell; None: nobody interferes.
        used: [..., G] share of time in which each cell transmits; None: all of it.
    """
    signal_mw = 10 ** (rsrp_dbm / 10)
    disturbance_mw = np.full_like(signal_mw, 10 ** (noise_dbm(scenario) / 10))
    if channel is not None:
        others = (channel[..., :, None] == channel[..., None, :]) & ~np.eye(channel.shape[-1], dtype=bool)
        disturbance_mw += (signal_mw if used is None else signal_mw * used[..., None, :]) @ others
    sinr = signal_mw / disturbance_mw / 10 ** (scenario.snr_gap_db / 10)
    rate: Floats = MAX_RATE_BPS * np.minimum(np.log2(1 + sinr) / MAX_EFFICIENCY, 1.0)
    return rate


def expected_airtime(rate_bps: Floats, demand_bps: Floats) -> Floats:
    """[U, G] share of time that each UE's demand takes at each cell, R_j / r_ij; inf where unreachable."""
    with np.errstate(divide="ignore"):
        airtime: Floats = demand_bps[:, None] / rate_bps
    return airtime


def needed_airtime(load: Floats, airtime: Floats, expected: Floats, serving: Ints) -> Floats:
    """[G] share of time that the demand of each cell's UEs needs: load times airtime.

    A load of `MAX_LOAD` stands for any above: it then is at least what is expected of the cell's UEs, or a
    cell that gets hardly any airtime would seem to need little.

    Args:
        load: [G] as measured.
        airtime: [G] as measured.
        expected: [U, G] of `expected_airtime`.
        serving: [U] the cell of each UE.
    """
    least = np.where(load > MAX_LOAD - 1e-6, _total(expected, serving, len(load)), 0.0)
    needed: Floats = np.maximum(load * airtime, least)
    return needed


def correction(expected: Floats, serving: Ints, needed: Floats) -> Floats:
    """[G] airtime that the demand of each cell's UEs needs as measured, over the sum of what was expected.

    RSRP does not tell interference and retransmissions; the cell that suffers them measures what they cost.
    1 for a cell without UEs.

    Args:
        expected: [U, G] of `expected_airtime`.
        serving: [U] the cell of each UE.
        needed: [G] of `needed_airtime`.
    """
    total = _total(expected, serving, len(needed))
    ratio = np.divide(needed, total, out=np.ones(len(needed)), where=total > 0)
    return np.clip(ratio, *CORRECTION)


def _total(expected: Floats, serving: Ints, n_gnbs: int) -> Floats:
    """[G] sum of what is expected of each cell's UEs, but for those that it does not reach."""
    own = expected[np.arange(len(serving)), serving]
    reached = np.where(np.isfinite(own), own, 0.0)
    return np.bincount(serving, weights=reached, minlength=n_gnbs).astype(np.float64)
