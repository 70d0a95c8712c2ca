# SPDX-License-Identifier: GPL-2.0-only
"""Listen-before-talk: who hears whom, how much airtime that leaves to each, and how often starts collide.

TS 37.213 section 4.1. A gNB that always has data gets, beside others, its max-min fair share: nodes that
contend alike share time evenly, except that a node leaves what it does not need. Collisions follow Bianchi's
fixed point (IEEE J. Sel. Areas Commun. 18(3), 2000) with the contention windows of the priority class.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Index, Ints
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.simulators.compiled import compiled

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


class Neighbours(NamedTuple):
    """Whom each node hears."""

    node: Index
    """[B, N, L] nodes of the same hall, L the most that any hears. In each row the first `number` mean it."""
    number: Index
    """[B, N] number of each."""


def find_neighbours(heard: Floats) -> Neighbours:
    """The lists of [B, N, N] 1 where a node (row) hears another, else 0."""
    count = np.count_nonzero(heard, axis=-1)
    order = np.argsort(-heard, axis=-1, kind="stable")
    return Neighbours(node=np.ascontiguousarray(order[..., : max(1, count.max())]), number=count)


@compiled
def fair_share(others: Floats) -> float:
    """Share s of time that a saturated node gets beside others: s + sum over k of min(u_k, s) = 1.

    As our ns-3 model's load meter has it. The largest over j of (1 - the j smallest u) / (number left): once
    an even share of the rest is less than the next u, leaving more out would only lower it.

    Args:
        others: [L] share of time u_k that each other node holds the channel; sorted when it returns.
    """
    n = len(others)
    for i in range(1, n):
        value, place = others[i], i
        while place > 0 and others[place - 1] > value:
            others[place] = others[place - 1]
            place -= 1
        others[place] = value
    left = 1.0
    share = left / (n + 1)
    for i in range(n):
        left -= others[i]
        share = max(share, left / (n - i))
    return share


@compiled
def used_airtime(
    wanted: Floats, node: Index, count: Index, starts: Floats, efficiency: float
) -> tuple[Floats, Floats]:
    """[N] each: share of time that each node transmits, and its fair share beside those that it hears.

    A node does not hear those that started when it did: their time does not count twice. Where all hear all,
    the first adjustment gives max-min fairness exactly; the second lets go round what a node in the middle of
    a chain cannot use.

    Args:
        wanted: [N] share of time that each node of a hall would transmit if alone; may exceed 1.
        node: [N, L] whom each hears; see `Neighbours`.
        count: [N] how many.
        starts: [N] probability that each starts where a neighbour does.
        efficiency: share of a fair share that is left after channel access.
    """
    used, share = np.minimum(wanted, efficiency), np.empty_like(wanted)
    others = np.empty(node.shape[1])
    for _ in range(2):
        for i in range(len(wanted)):
            for k in range(count[i]):
                others[k] = used[node[i, k]] * (1 - starts[i])
            share[i] = fair_share(others[: count[i]])
        used = np.minimum(wanted, share * efficiency)
    return used, share


@compiled
def transmit_probability(collision: float, cw_min: int, doublings: int) -> float:
    """Probability tau that a contending node starts in a given idle slot (Bianchi, Eq (7)).

    tau = 2 / (1 + W + p W sum over i < m of (2 p)^i), W = CWmin + 1, CWmax + 1 = 2^m W.

    Args:
        collision: probability p that a start collides.
        cw_min: CWmin of the priority class.
        doublings: m, how often the window can double.
    """
    w = cw_min + 1
    growth = collision * w
    total = growth
    for _ in range(doublings - 1):
        growth *= 2 * collision
        total += growth
    return 2.0 / (total + (1 + w))
