# SPDX-License-Identifier: GPL-2.0-only
"""Which UEs GT-RL asks: those of gNBs in overload, as many as the overload is worth.

Seyoum et al., Electronics 2025, 14(20), 3986: "a UE experiencing overload on its current gNB" decides, and
"each serving gNB incurs O(|U_i|) for selecting UEs for conditional offloading", with |U_sel| << |U_i|. How is
left open; this is our reading. Each gNB works with its own load and with what its own UEs report: no function
here lets a gNB see the load that another one measures, or what another one's UEs know.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints

Mask = NDArray[np.bool_]


def known_loads(load: Floats, serving: Ints, sib_load: Floats, sib_age_s: Floats, max_age_s: float) -> Floats:
    """[G, G] load of each cell (column) as each gNB (row) knows it.

    Its own as measured, another one's as that UE of its own reports that heard it last; NaN where none of its
    UEs heard of it of late.

    Args:
        load: [G] of which each gNB reads its own.
        serving: [U] whose UE each is.
        sib_load: [U, G] as heard.
        sib_age_s: [U, G] how long ago.
        max_age_s: what was heard longer ago is forgotten.
    """
    cells = np.arange(len(load))
    usable = ~np.isnan(sib_load) & (sib_age_s <= max_age_s)
    reports = (serving[:, None] == cells)[:, :, None] & usable[:, None, :]  # [UE, its gNB, cell]
    age_s = np.where(reports, sib_age_s[:, None, :], np.inf)
    freshest = age_s.argmin(axis=0)
    known = np.where(reports.any(axis=0), sib_load[freshest, cells], np.nan)
    known[cells, cells] = load
    return known


def excess_load(known: Floats, overload: Literal["full", "mean"], margin: float) -> Floats:
    """[G] load of each gNB above its threshold, at least 0.

    Args:
        known: [G, G] of `known_loads`.
        overload: the threshold is 1, constraint (3), or the mean of the loads that the gNB knows.
        margin: added to the threshold.
    """
    threshold = 1.0 if overload == "full" else np.nanmean(known, axis=1)
    excess: Floats = np.maximum(known.diagonal() - threshold - margin, 0.0)
    return excess


def served_load(load: Floats, serving: Ints, demand_bps: Floats, rate_bps: Floats) -> Floats:
    """[U] what each UE is of its gNB's load: the measured load, split as R_j / r_ij; without a rate 0.

    Args:
        load: [G] of which each gNB reads its own.
        serving: [U] i.
        demand_bps: [U] R_j.
        rate_bps: [U, G] r_ij.
    """
    own_bps = rate_bps[np.arange(len(serving)), serving]
    airtime = np.divide(demand_bps, own_bps, out=np.zeros(len(serving)), where=own_bps > 0)
    total = np.bincount(serving, weights=airtime, minlength=len(load))[serving]
    share: Floats = np.divide(load[serving] * airtime, total, out=np.zeros(len(serving)), where=total > 0)
    return share


def select(wants: Mask, gain: Floats, serving: Ints, burden: Floats, budget: Floats) -> Mask:
    """[U] the UEs that may move: of each gNB those of most gain, until the load to be rid of is gone.

    The one with which it is gone is among them, or a gNB would keep an excess smaller than any UE.

    Args:
        wants: [U] who would move.
        gain: [U] what each reports to gain.
        serving: [U] the gNB of each.
        burden: [U] what each is of its gNB's load.
        budget: [G] load that each gNB would be rid of; 0: it selects nobody. inf: all that want.
    """
    selected = np.zeros(len(serving), dtype=bool)
    for cell in np.flatnonzero(budget > 0):
        own = np.flatnonzero(wants & (serving == cell))
        order = own[np.argsort(-gain[own], kind="stable")]
        gone_before = np.cumsum(burden[order]) - burden[order]
        selected[order] = gone_before < budget[cell]
    return selected
