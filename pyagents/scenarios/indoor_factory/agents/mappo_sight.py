# SPDX-License-Identifier: GPL-2.0-only
"""What a UE of `mappo` sees of each cell that it may choose, and what it remembers.

Everything here is the UE's own: its row of what UEs know, and its memory. Functions take any number of
leading axes, none for a hall, one for a batch of them, so that acting and learning see the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.agents.reported_links import MAX_RATE_BPS, expected_rate_bps
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Snapshot

N_CHOICES = 4
"""The serving cell, first, and the three strongest others."""

FEATURES = (
    "is the serving cell",
    "rate measured, of the highest",
    "share of its time that the demand takes, as measured",
    "the same, were all cells of its channel to transmit",
    "power over the channel",
    "the same, above that of the serving cell",
    "load heard",
    "was never heard",
    "age of the load heard",
    "load heard, with the UE's own",
    "the same, above the serving cell's load",
    "share of the demand that the link delivered when last tried",
    "how lately that was",
    "the UE's demand",
    "share of the demand that it gets now",
    "share of the demand that it got of late",
    "how lately it was handed over",
    "load of the serving cell",
)
N_FEATURES = len(FEATURES)

MAX_LOAD = 3.0
"""Loads above look the same."""

MEMORY_S = 8.0
"""Time constant with which a trial of a link is forgotten."""

RECENT_S = 1.0
"""Time constant of what a UE got of late, and of its last handover."""

Matrix = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What UEs see of the cells that they may choose."""

    cells: Ints
    """[..., U, N_CHOICES] numbers of the cells, the serving one first."""
    allowed: Mask
    """[..., U, N_CHOICES] whether there is such a cell."""
    features: Matrix
    """[..., U, N_CHOICES, N_FEATURES] what `FEATURES` names; 0 where there is no cell."""


class Memory:
    """What UEs remember between periods: what each link delivered, and when they last moved.

    Args:
        scenario: has thresholds and the noise figure of UEs.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._before: tuple[Ints, Floats] | None = None

    def look(self, seen: Snapshot) -> Sight:
        """Take in a period's end, and tell what there is to choose."""
        self._remember(seen)
        return self._sight(seen)

    def _remember(self, seen: Snapshot) -> None:
        got = np.minimum(seen.delivered_bps / seen.demand_bps, 1.0)
        if self._before is None:
            self._got = got
            self._delivered = np.ones_like(seen.rsrp_dbm)
            self._tried_s = np.full_like(seen.rsrp_dbm, -np.inf)
            self._moved_s = np.full_like(got, -np.inf)
        else:
            serving, handovers = self._before
            moved = seen.handovers > handovers
            self._moved_s = np.where(moved, seen.time_s, self._moved_s)
            self._got = self._got + min(self._scenario.step_s / RECENT_S, 1.0) * (got - self._got)
            # A period that was spent in part elsewhere tells nothing of the link.
            stayed = (seen.serving == serving) & ~moved
            here = (np.arange(seen.rsrp_dbm.shape[-1]) == seen.serving[..., None]) & stayed[..., None]
            known = self._tried_s > -np.inf
            mixed = np.where(known, 0.5 * (self._delivered + got[..., None]), got[..., None])
            self._delivered = np.where(here, mixed, self._delivered)
            self._tried_s = np.where(here, seen.time_s, self._tried_s)
        self._before = (seen.serving.copy(), seen.handovers.copy())

    def _sight(self, seen: Snapshot) -> Sight:
        scenario, serving = self._scenario, seen.serving[..., None]
        able = (seen.rsrp_dbm >= scenario.cho_rsrp_threshold_dbm) & (seen.rate_bps > 0)
        power = np.where(able, seen.rsrp_dbm, -np.inf)
        np.put_along_axis(power, serving, np.inf, axis=-1)  # first, whatever its power
        cells = np.argsort(-power, axis=-1, kind="stable")[..., :N_CHOICES].astype(np.int32)

        def of(values: Floats) -> Floats:
            chosen: Floats = np.take_along_axis(values, cells, axis=-1)
            return chosen

        allowed: Mask = of(power) > -np.inf
        demand = seen.demand_bps[..., None]
        whole = np.maximum(of(seen.rsrp_dbm) + RESOURCE_ELEMENTS_DB, -120.0)
        heard = of(seen.sib_load)
        load = np.clip(np.nan_to_num(heard, nan=0.0), 0.0, MAX_LOAD)
        need, worst = (
            np.minimum(demand / np.maximum(of(rate), 1e5), MAX_LOAD)
            for rate in (seen.rate_bps, expected_rate_bps(seen.rsrp_dbm, scenario, channel=seen.channel))
        )
        joined = load + need
        joined[..., 0] = load[..., 0]  # the serving cell has it in its load already
        with np.errstate(invalid="ignore"):
            tried = np.exp((of(self._tried_s) - seen.time_s) / MEMORY_S)
        moved = np.exp((self._moved_s - seen.time_s) / RECENT_S)
        got = np.minimum(seen.delivered_bps / seen.demand_bps, 1.0)
        first = np.zeros(load.shape)
        first[..., 0] = 1.0

        def own(values: Any) -> Any:
            return np.broadcast_to(values[..., None], load.shape)

        features = np.stack(
            [
                first,
                of(seen.rate_bps) / MAX_RATE_BPS,
                need,
                worst,
                (whole + 70.0) / 20.0,
                np.clip((whole - whole[..., :1]) / 10.0, -3.0, 3.0),
                load,
                np.isnan(heard),
                np.minimum(of(seen.sib_age_s) / scenario.step_s, 10.0) / 10.0,
                joined,
                np.clip(joined - load[..., :1], -MAX_LOAD, MAX_LOAD),
                of(self._delivered),
                tried,
                own(seen.demand_bps / 5e6),
                own(got),
                own(self._got),
                own(moved),
                own(load[..., 0]),
            ],
            axis=-1,
        )
        features = np.where(allowed[..., None], features, 0.0).astype(np.float32)
        return Sight(cells=cells, allowed=allowed, features=features)
