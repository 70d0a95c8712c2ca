# SPDX-License-Identifier: GPL-2.0-only
"""Listen-before-talk: who hears whom, how much airtime that leaves to each, and how often starts collide.

TS 37.213 section 4.1. A gNB that always has data gets, beside others, its max-min fair share: nodes that
contend alike share time evenly, except that a node leaves what it does not need. Collisions follow Bianchi's
fixed point (IEEE J. Sel. Areas Commun. 18(3), 2000) with the contention windows of the priority class.
"""

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from pyagents.scenario import Scenario
from pyagents.simulators.mock.arrays import Index
from pyagents.snapshot import Floats, Ints

SENSING_SLOT_S = 9e-6
SHORT_DEFER_S = 16e-6
CHANNEL_BANDWIDTH_MHZ = 20.0


@dataclass(frozen=True, kw_only=True)
class PriorityClass:
    """A channel access priority class of the downlink (TS 37.213 Table 4.1.1-1)."""

    defer_slots: int
    cw_min: int
    cw_max: int
    mcot_s: float
    """Longest channel occupancy when other technologies may be present."""

    @property
    def defer_s(self) -> float:
        """Defer duration T_d."""
        return SHORT_DEFER_S + self.defer_slots * SENSING_SLOT_S

    @cached_property
    def access_s(self) -> float:
        """Mean time from a request on an idle channel to the grant."""
        return self.defer_s + SENSING_SLOT_S * self.cw_min / 2

    @cached_property
    def efficiency(self) -> float:
        """Share of time on the air of a node that is alone and always has data."""
        return self.mcot_s / (self.mcot_s + self.access_s)

    @cached_property
    def doublings(self) -> int:
        """How often the contention window can double."""
        return round(math.log2((self.cw_max + 1) / (self.cw_min + 1)))


PRIORITY_CLASSES = {
    1: PriorityClass(defer_slots=1, cw_min=3, cw_max=7, mcot_s=2e-3),
    2: PriorityClass(defer_slots=1, cw_min=7, cw_max=15, mcot_s=3e-3),
    3: PriorityClass(defer_slots=3, cw_min=15, cw_max=63, mcot_s=8e-3),
    4: PriorityClass(defer_slots=7, cw_min=15, cw_max=1023, mcot_s=8e-3),
}


def energy_detection_dbm(tx_power_dbm: float, *, only_discovery: bool = False) -> float:
    """Largest energy detection threshold in 20 MHz where other technologies are possible.

    TS 37.213 section 4.1.5: max{-72, min{T_max, T_max - T_A + (23 - P_TX)}}.

    Args:
        tx_power_dbm: P_TX of who wants to transmit.
        only_discovery: T_A is 5 dB for discovery bursts, else 10 dB.
    """
    t_max = 10 * math.log10(3.16228e-8 * CHANNEL_BANDWIDTH_MHZ)
    return max(-72.0, min(t_max, t_max - (5.0 if only_discovery else 10.0) + 23.0 - tx_power_dbm))


def thresholds_dbm(scenario: Scenario) -> tuple[float, float]:
    """Energy detection thresholds of gNBs: before data, before discovery bursts alone."""
    if scenario.ed_threshold_dbm is not None:
        return scenario.ed_threshold_dbm, scenario.ed_threshold_dbm
    power = scenario.gnb_tx_power_dbm
    return energy_detection_dbm(power), energy_detection_dbm(power, only_discovery=True)


def shares_channel(channel: Ints) -> Floats:
    """[..., N, N] 1 where two different nodes are on the same channel, else 0."""
    n = channel.shape[-1]
    same: Floats = (channel[..., :, None] == channel[..., None, :]).astype(np.float64)
    same[..., np.arange(n), np.arange(n)] = 0.0
    return same


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbours:
    """Whom each node hears: L places, as many as the one with most needs."""

    node: Index
    """[B, N, L] indices in a flattened [B, N]; in places that are not needed, of any node."""
    heard: Floats
    """[B, N, L] 1 in places that are needed, else 0."""

    def values(self, of_nodes: Floats) -> Floats:
        """[..., B, N, L] values [..., B, N] of those that each node hears, and zeros."""
        values = of_nodes.reshape(*of_nodes.shape[:-2], -1).take(self.node, axis=-1)
        values *= self.heard
        return values


def find_neighbours(heard: Floats) -> Neighbours:
    """The lists of [B, N, N] 1 where a node (row) hears another, else 0."""
    b, n = heard.shape[:2]
    most = max(1, int(heard.sum(axis=-1).max()))
    order = np.argsort(-heard, axis=-1, kind="stable")[..., :most]
    return Neighbours(
        node=order + n * np.arange(b)[:, None, None], heard=np.take_along_axis(heard, order, axis=-1)
    )


def fair_share(others: Floats) -> Floats:
    """[...] share s of time that a saturated node gets beside others: s + sum over k of min(u_k, s) = 1.

    As our ns-3 model's load meter has it. The largest over j of (1 - the j smallest u) / (number left): once
    an even share of the rest is less than the next u, leaving more out would only lower it.

    Args:
        others: [..., L] share of time u_k that each other node holds the channel; zeros count for nothing.
    """
    n = others.shape[-1]
    left = np.empty((*others.shape[:-1], n + 1))
    left[..., 0] = 1.0
    ascending = left[..., 1:]
    ascending[...] = others
    if n > 1:
        ascending.sort(axis=-1)
    np.negative(ascending, out=ascending)
    np.add.accumulate(left, axis=-1, out=left)
    left /= _contenders(n)
    share: Floats = np.maximum.reduce(left, axis=-1)
    return share


@cache
def _contenders(n: int) -> Floats:
    """[n + 1] how many share what n others leave, by how many of those are left out."""
    return np.arange(n + 1, 0, -1, dtype=np.float64)


def used_airtime(
    wanted: Floats, neighbours: Neighbours, starts: Floats, efficiency: float
) -> tuple[Floats, Floats]:
    """[B, N] each: share of time that each node transmits, and its fair share beside those that it hears.

    A node does not hear those that started when it did: their time does not count twice. Where all hear all,
    the first adjustment gives max-min fairness exactly; the second lets go round what a node in the middle of
    a chain cannot use.

    Args:
        wanted: [B, N] share of time that each would transmit if alone; may exceed 1.
        neighbours: whom each hears.
        starts: [B, N] probability that each starts where a neighbour does.
        efficiency: share of a fair share that is left after channel access.
    """
    used = np.minimum(wanted, efficiency)
    apart = (1 - starts)[..., None]
    for _ in range(2):
        share = fair_share(neighbours.values(used) * apart)
        used = np.minimum(wanted, share * efficiency)
    return used, share


def transmit_probability(collision: Floats, access: PriorityClass) -> Floats:
    """Probability tau that a contending node starts in a given idle slot (Bianchi, Eq (7)).

    tau = 2 / (1 + W + p W sum over i < m of (2 p)^i), W = CWmin + 1, CWmax + 1 = 2^m W.

    Args:
        collision: probability p that a start collides.
        access: priority class, whose window doubles with each collision.
    """
    w = access.cw_min + 1
    growth: Floats = collision * w
    total = growth.copy()
    for _ in range(access.doublings - 1):
        growth = growth * (2 * collision)
        total += growth
    total += 1 + w
    tau: Floats = 2.0 / total
    return tau


def saturated_collision(n: int, access: PriorityClass) -> tuple[float, float]:
    """Fixed point (tau, p) of n nodes that all hear one another and always have data."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tau = float(transmit_probability(np.array(middle), access))
        low, high = (middle, high) if 1 - (1 - tau) ** (n - 1) > middle else (low, middle)
    return float(transmit_probability(np.array(low), access)), low


def saturated_airtime(n: int, access: PriorityClass) -> float:
    """Share of time of transmissions without collision, n saturated nodes, each start T_mcot long.

    The renewal argument of Bianchi, Eq (13): idle sensing slots, and starts that take T_mcot and T_d.
    """
    tau, _ = saturated_collision(n, access)
    busy = 1 - (1 - tau) ** n
    alone = n * tau * (1 - tau) ** (n - 1)
    return alone * access.mcot_s / ((1 - busy) * SENSING_SLOT_S + busy * (access.mcot_s + access.defer_s))
