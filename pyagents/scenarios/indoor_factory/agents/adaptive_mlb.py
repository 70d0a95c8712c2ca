# SPDX-License-Identifier: GPL-2.0-only
"""Adaptive-MLB: a central function that shifts cell borders until no cell is much above the mean load.

After Hasan, Kwon and Na, "Adaptive Mobility Load Balancing Algorithm for LTE Small-Cell Networks", IEEE
Transactions on Wireless Communications 17(4), 2018: overloaded cells are told by a threshold that follows
the network's load, the load that would move is estimated before anything moves, and the cell individual
offsets (CIO) of the overloaded cell and of its neighbour are changed together. Event A3 of TS 38.331 then
moves the UEs. Timing, margin and step are ours: see `AdaptiveMlbConfig`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Checked, number
from pyagents.core.search import Between, OneOf
from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.agents.reported_links import (
    correction,
    expected_airtime,
    expected_rate_bps,
    needed_airtime,
)
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

Mask = NDArray[np.bool_]

_POSITIVE_DB = np.array([1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24], dtype=np.float64)

OFFSETS_DB: Floats = np.concatenate([-_POSITIVE_DB[::-1], [0.0], _POSITIVE_DB])
"""The offsets that can be signalled, ascending: Q-OffsetRange of TS 38.331."""


@dataclass(frozen=True, kw_only=True)
class AdaptiveMlbConfig(Checked):
    """What the paper leaves open, or we could not read. Defaults as tuned: docs/tuning.md."""

    period_s: float = number(0.64, 0, 3600, search=OneOf(choices=(0.64, 0.8, 0.96, 1.28, 1.6, 2.4)))
    """Time between decisions."""
    settling_s: float = number(0.32, 0, 3600, search=OneOf(choices=(0.32, 0.4, 0.48)))
    """After a decision, time until measured loads count again: A3's time to trigger and the interruption."""
    min_threshold: float = number(0.2, 0, 100, search=Between(low=0.1, high=0.7))
    """A cell below this load is never overloaded, however little the others have."""
    margin: float = number(0.073, 0, 100, search=Between(low=0.0, high=0.4))
    """The threshold is the mean load times one plus this."""
    range_db: float = number(15.4, 0, 100, search=Between(low=4.0, high=20.0))
    """How far a cell border may move: a UE goes to a cell weaker by as much. Offsets go up to this plus the
    offset and the hysteresis of A3, which they have to make good first."""

    def check_relations(self) -> None:
        """Refuse a period after which no measurement counts."""
        if self.settling_s >= self.period_s:
            raise ValueError(
                f"settling_s={self.settling_s!r} is not allowed: must be below period_s={self.period_s!r}, "
                "or no measurement counts"
            )


class AdaptiveMlb:
    """The agent in the network: reads loads and measurement reports, sets offsets."""

    def __init__(self, config: AdaptiveMlbConfig = AdaptiveMlbConfig()) -> None:
        self.config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget offsets and measurements. Nothing here is random."""
        self._scenario = scenario
        self._margin_db = scenario.a3_offset_db + scenario.a3_hysteresis_db
        self._offsets_db = OFFSETS_DB[np.abs(OFFSETS_DB) <= self._margin_db + self.config.range_db]
        self._cio_db = np.zeros((scenario.n_gnbs, scenario.n_gnbs))
        self._measured: list[tuple[Floats, Floats]] = []
        self._decided_s: float | None = None

    def act(self, snapshot: Snapshot) -> Action:
        """Collect measurements; when a period is over, decide."""
        now_s = snapshot.time_s + 1e-9
        if self._decided_s is None:
            self._decided_s = snapshot.time_s - self.config.settling_s - self._scenario.step_s
        if now_s >= self._decided_s + self.config.settling_s + self._scenario.step_s:
            self._measured.append((snapshot.load, snapshot.airtime))
        if self._measured and now_s >= self._decided_s + self.config.period_s:
            self._decide(snapshot)
            self._decided_s, self._measured = snapshot.time_s, []
        return Action(cho_target=np.full(snapshot.n_ues, -1, dtype=np.int32), cio_db=self._cio_db.copy())

    def _decide(self, snapshot: Snapshot) -> None:
        """Unload the overloaded cells, then let offsets go that are not needed any more."""
        load = np.mean([load for load, _ in self._measured], axis=0)
        airtime = np.mean([airtime for _, airtime in self._measured], axis=0)
        rate_bps = expected_rate_bps(snapshot.rsrp_dbm, self._scenario)
        burden = expected_airtime(rate_bps, snapshot.demand_bps)
        needed = needed_airtime(load, airtime, burden, snapshot.serving)
        load = needed / airtime
        burden = burden * correction(burden, snapshot.serving, needed) / airtime
        threshold = overload_threshold(load, self.config)
        estimate = Estimate(load=load, serving=snapshot.serving, burden=burden)
        in_use = np.argwhere(self._cio_db > 0)
        kept: set[tuple[int, int]] = set()
        for cell in np.argsort(-load, kind="stable"):
            if load[cell] > threshold:
                kept |= self._unload(int(cell), threshold, estimate, snapshot.rsrp_dbm)
        for cell, neighbour in in_use:
            if not kept & {(cell, neighbour), (neighbour, cell)}:
                self._relax(int(cell), int(neighbour), threshold, estimate, snapshot.rsrp_dbm)

    def _unload(
        self, cell: int, threshold: float, estimate: "Estimate", rsrp_dbm: Floats
    ) -> set[tuple[int, int]]:
        """Raise the offsets of an overloaded cell towards its neighbours, the least loaded first.

        Each goes up until the cell is estimated below the threshold, and no further than keeps the neighbour
        there.

        Returns:
            The pairs (cell, neighbour) whose offset is needed as it is now.
        """
        needed = set()
        for neighbour in np.argsort(estimate.load, kind="stable").tolist():
            if estimate.load[cell] <= threshold or estimate.load[neighbour] >= threshold:
                break
            chosen: tuple[float, Mask] | None = None
            for offset in self._offsets_db[self._offsets_db >= self._cio_db[cell, neighbour]]:
                leaves = (estimate.serving == cell) & self._crosses(rsrp_dbm, cell, neighbour, offset)
                after = estimate.after(leaves, neighbour)
                if after[neighbour] > threshold:
                    break
                if leaves.any():
                    chosen = offset, leaves
                if after[cell] <= threshold:
                    break
            if chosen is not None:
                self._set_offset(cell, neighbour, chosen[0])
                estimate.move(chosen[1], neighbour)
                needed.add((cell, neighbour))
        return needed

    def _relax(
        self, cell: int, neighbour: int, threshold: float, estimate: "Estimate", rsrp_dbm: Floats
    ) -> None:
        """Lower an offset by a step, unless who then comes back is estimated to overload the cell."""
        offset = self._offsets_db[self._offsets_db < self._cio_db[cell, neighbour]][-1]
        returns = (estimate.serving == neighbour) & self._crosses(rsrp_dbm, neighbour, cell, -offset)
        if estimate.after(returns, cell)[cell] <= threshold:
            self._set_offset(cell, neighbour, offset)
            estimate.move(returns, cell)

    def _set_offset(self, cell: int, neighbour: int, offset_db: float) -> None:
        """Both directions together, so that who was moved does not come straight back."""
        self._cio_db[cell, neighbour], self._cio_db[neighbour, cell] = offset_db, -offset_db

    def _crosses(self, rsrp_dbm: Floats, cell: int, neighbour: int, offset_db: float) -> Mask:
        """[U] who would fulfil the entering condition A3-1 from cell to neighbour with the offset."""
        return np.asarray(rsrp_dbm[:, neighbour] + offset_db - self._margin_db > rsrp_dbm[:, cell])


class Estimate:
    """Loads and who is served where, as they will be once what was decided so far has happened.

    Args:
        load: [G] as measured.
        serving: [U] now.
        burden: [U, G] load that each UE is or would be to each cell.
    """

    def __init__(self, *, load: Floats, serving: Ints, burden: Floats) -> None:
        self.load, self.serving, self.burden = load.copy(), serving.copy(), burden

    def after(self, moving: Mask, target: int) -> Floats:
        """[G] loads if these UEs, all of one cell, went to the target."""
        load = self.load.copy()
        if moving.any():
            source = self.serving[moving][0]
            load[source] -= self.burden[moving, source].sum()
            load[target] += self.burden[moving, target].sum()
        return load

    def move(self, moving: Mask, target: int) -> None:
        """Take it that they go."""
        self.load = self.after(moving, target)
        self.serving[moving] = target


def overload_threshold(load: Floats, config: AdaptiveMlbConfig) -> float:
    """The load above which a cell is overloaded: follows the mean of the network, never below a minimum."""
    return max(float(load.mean()) * (1 + config.margin), config.min_threshold)
