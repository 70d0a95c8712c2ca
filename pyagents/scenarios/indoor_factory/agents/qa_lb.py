# SPDX-License-Identifier: GPL-2.0-only
"""QA-LB: channels for cells and cells for UEs in one pass, by rules that mind each UE's demand.

After Gomez, Coronado, Villalon, Riggio and Garrido, "User Association in Software-Defined Wi-Fi Networks for
Enhanced Resource Allocation", IEEE WCNC 2020: a controller that knows demands and signal strengths assigns
channels and users together and leaves them until the next pass. We know the method by its description only;
the rules below are our reconstruction.

1. Cells, the most burdened first, each take the channel that they and the cells audible to their UEs will
   occupy least, Wi-Fi and other strangers included.
2. UEs, the most demanding first, each go to the cell that will be loaded least with them, of those with
   enough airtime left; if none has, to the one that they receive best.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.core.search import Between
from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.agents.reported_links import (
    expected_airtime,
    expected_rate_bps,
    needed_airtime,
)
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot


@dataclass(frozen=True, kw_only=True)
class QaLbConfig(Checked):
    """What the reconstruction leaves open."""

    epoch_s: float = number(10.0, 0, above=True, search=Between(low=1.0, high=30.0, logarithmic=True))
    """Time between passes; a UE that joins starts one, too."""
    assign_channels: bool = True
    """Whether the pass assigns channels; if not, only UEs."""
    audible_dbm: float = number(-99.9, -200, 100, search=Between(low=-113.0, high=-88.0))
    """A cell is audible where its RSRP is this strong: the energy detection threshold of a node with 23 dBm
    in 20 MHz, -72 dBm (TS 37.213 section 4.1.5), in a resource element."""


class QaLb:
    """The controller: reads loads and measurement reports, sets channels and handover targets."""

    def __init__(self, config: QaLbConfig = QaLbConfig()) -> None:
        self.config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget the assignment. Nothing here is random."""
        self._scenario = scenario
        self._assigned: Ints | None = None
        self._known = np.zeros(0, dtype=bool)
        self._passed_s = -np.inf

    def act(self, snapshot: Snapshot) -> Action:
        """Start a pass if it is time or somebody joined; else hold on to the last one."""
        known = snapshot.demand_bps > 0
        joined = len(known) != len(self._known) or bool((known & ~self._known).any())
        self._known = known
        due = snapshot.time_s >= self._passed_s + self.config.epoch_s - 1e-9
        if self._assigned is not None and not joined and not due:
            return Action(cho_target=self._targets(snapshot))
        self._passed_s = snapshot.time_s
        needed = self._needed(snapshot)
        channel = self._channels(snapshot, needed) if self.config.assign_channels else snapshot.channel
        used = np.minimum(needed, 1.0)
        rate_bps = expected_rate_bps(snapshot.rsrp_dbm, self._scenario, channel=channel, used=used)
        burden = expected_airtime(rate_bps, snapshot.demand_bps)
        usable = snapshot.rsrp_dbm >= self._scenario.cho_rsrp_threshold_dbm
        self._assigned = associate(
            snapshot.demand_bps, np.where(usable, burden, np.inf), snapshot.rsrp_dbm, channel
        )
        return Action(cho_target=self._targets(snapshot), channel=channel)

    def _needed(self, snapshot: Snapshot) -> Floats:
        """[G] airtime that the demand of each cell's UEs needs."""
        rate_bps = expected_rate_bps(snapshot.rsrp_dbm, self._scenario)
        expected = expected_airtime(rate_bps, snapshot.demand_bps)
        return needed_airtime(snapshot.load, snapshot.airtime, expected, snapshot.serving)

    def _channels(self, snapshot: Snapshot, needed: Floats) -> Ints:
        """[G] rule 1 on the present state."""
        n_channels = self._scenario.n_channels
        hears = audibility(snapshot.rsrp_dbm, self.config.audible_dbm)
        strangers = foreign_occupancy(snapshot.airtime, snapshot.airtime_used, snapshot.channel, n_channels)
        return assign_channels(needed, hears, strangers, snapshot.channel)

    def _targets(self, snapshot: Snapshot) -> Ints:
        """[U] the assigned cell, for as long as it is strong enough; from then on A3 governs."""
        assert self._assigned is not None
        power = snapshot.rsrp_dbm[np.arange(snapshot.n_ues), self._assigned]
        return np.where(power >= self._scenario.cho_rsrp_threshold_dbm, self._assigned, -1).astype(np.int32)


def audibility(rsrp_dbm: Floats, audible_dbm: float) -> Floats:
    """[G, G] how much cell k (column) is heard in cell i (row): share of the UEs strongest at i that hear k.

    A cell that is nobody's strongest hears all cells fully: nothing tells otherwise.
    """
    n_gnbs = rsrp_dbm.shape[1]
    at_home = np.eye(n_gnbs)[rsrp_dbm.argmax(axis=1)]
    count = at_home.sum(axis=0)[:, None]
    heard = at_home.T @ (rsrp_dbm >= audible_dbm)
    share: Floats = np.divide(heard, count, out=np.ones((n_gnbs, n_gnbs)), where=count > 0)
    return share


def foreign_occupancy(airtime: Floats, used: Floats, channel: Ints, n_channels: int) -> Floats:
    """[n_channels] share of time that transmitters outside the network take; 0 where no cell measures it.

    LBT leaves a cell the share s with s + sum over its channel's others of min(u, s) = 1. What the network's
    own cells do not explain, strangers took.
    """
    foreign = np.zeros(n_channels)
    for index in np.unique(channel):
        members = np.flatnonzero(channel == index)
        unexplained = [
            1 - airtime[i] - sum(min(used[k], airtime[i]) for k in members if k != i) for i in members
        ]
        foreign[index] = max(float(np.mean(unexplained)), 0.0)
    return foreign


def assign_channels(needed: Floats, hears: Floats, strangers: Floats, present: Ints) -> Ints:
    """[G] a channel for each cell, the most burdened cell first.

    Args:
        needed: [G] airtime that each cell's demand needs.
        hears: [G, G] of `audibility`.
        strangers: [n_channels] of `foreign_occupancy`.
        present: [G] the channels now; kept where nothing is better.
    """
    mutual = np.maximum(hears, hears.T)
    chosen = np.full(len(needed), -1, dtype=np.int32)
    for cell in np.argsort(-needed, kind="stable"):
        occupancy = strangers.copy()
        for other in np.flatnonzero(chosen >= 0):
            occupancy[chosen[other]] += mutual[cell, other] * needed[other]
        best = np.flatnonzero(occupancy <= occupancy.min() + 1e-9)
        chosen[cell] = present[cell] if present[cell] in best else best[0]
    return chosen


def associate(demand_bps: Floats, burden: Floats, rsrp_dbm: Floats, channel: Ints) -> Ints:
    """[U] a cell for each UE, the most demanding UE first.

    Args:
        demand_bps: [U] fixes the order.
        burden: [U, G] airtime that each UE would need at each cell; inf where it may not go.
        rsrp_dbm: [U, G] decides where no cell has airtime left.
        channel: [G] cells of a channel share its time.
    """
    same_channel = (channel[:, None] == channel[None]).astype(np.float64)
    members = same_channel.sum(axis=1)
    needed = np.zeros(burden.shape[1])
    chosen = np.zeros(len(demand_bps), dtype=np.int32)
    for ue in np.argsort(-demand_bps, kind="stable"):
        left = np.maximum(1 / members, 1 - (same_channel @ needed - needed))
        load = (needed + burden[ue]) / left
        fits = load <= 1
        chosen[ue] = np.where(fits, load, np.inf).argmin() if fits.any() else rsrp_dbm[ue].argmax()
        if np.isfinite(burden[ue, chosen[ue]]):
            needed[chosen[ue]] += burden[ue, chosen[ue]]
    return chosen
