# SPDX-License-Identifier: GPL-2.0-only
"""GBR packets, their queues, and how a cell shares its airtime among its UEs.

A fluid picture of our ns-3 model's bearers and scheduler.
"""

import math

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Ints
from pyagents.scenarios.nr import CONTROL_SYMBOLS, SLOT_S, SYMBOLS_PER_SLOT
from pyagents.simulators.compiled import compiled

_ROUNDS = 3
_CONTROL_SHARE = CONTROL_SYMBOLS / SYMBOLS_PER_SLOT
_CUT_SLOT_SHARE = sum(max(0, n - CONTROL_SYMBOLS) for n in range(SYMBOLS_PER_SLOT)) / (
    (SYMBOLS_PER_SLOT - CONTROL_SYMBOLS) * SYMBOLS_PER_SLOT
)
"""Of a full slot's data, what fits in the first slot of an occupancy that starts anywhere in it, mean."""

CUT_SLOT_S = {"symbol": 0.5 * SLOT_S, "slot": 0.0}
"""What the first slot of a channel occupancy lacks of a whole one, mean, by `start_alignment`."""

CUT_COST_S = {"symbol": (0.5 - _CUT_SLOT_SHARE) * SLOT_S, "slot": 0.0}
"""Airtime that this slot takes beyond what its data would in a whole one: its control symbols weigh more."""

OVERHEAD_S = {name: cost_s + 0.5 * SLOT_S for name, cost_s in CUT_COST_S.items()}
"""Airtime that a channel occupancy takes beyond what its data need in full slots, by `start_alignment`: the
cut first slot, if it starts at any symbol, whose control symbols weigh more, and the last slot rounded up."""

FULL_OCCUPANCY_OVERHEAD_S = 2 * _CONTROL_SHARE * SLOT_S
"""The same of an occupancy of maximum length, which data fill to the end: both end slots are cut."""


@compiled
def offered_bytes(now_s: float, packets_per_s: float, phase: float, packet_bytes: int) -> float:
    """Bytes that arrived by now: packets at constant intervals, the first at `phase` of one."""
    return (math.floor(now_s * packets_per_s - phase) + 1.0) * packet_bytes


@compiled
def occupancies_per_s(
    data: float, packets_per_s: float, pause_s: float, discovery: float, mcot_s: float
) -> float:
    """Channel occupancies a second of a cell, if it had the channel to itself.

    After each the cell waits for a packet, then for the hold-off and the access; what time data and bursts
    leave is made of such pauses. None is longer than T_mcot.

    Args:
        data: share of time that the data need.
        packets_per_s: arrivals.
        pause_s: from a packet to the occupancy that carries it, and the overhead of that.
        discovery: share of time of discovery bursts.
        mcot_s: longest occupancy.
    """
    pause = 0.5 / max(packets_per_s, 1e-9) + pause_s
    return max(max(1 - discovery - data, 0.0) / pause, data / mcot_s)


@compiled
def share_of_demand(need: Floats, room: Floats, cell: Ints) -> Floats:
    """[V] share of its bit rate that each UE gets where the cell has room for less than all.

    The scheduler serves first whose metric r / a (1 - a / R) is largest: a is what a UE of full-band rate r
    and guaranteed bit rate R has got on the average. So metrics even out at some M, where a UE that needs the
    time n = R / r gets n / (1 + M n) of it: who needs little nearly all, the others the more equal time the
    shorter it is. M solves: sum over a cell's UEs of n / (1 + M n) = room. The inverse of the sum is nearly
    straight in M, so a few of Newton's steps do; what is left of the error is spread evenly.

    Args:
        need: [V] share of time for the whole bit rate.
        room: [G] share of time that each cell of a hall has for data.
        cell: [V] each UE's cell.
    """
    metric = np.zeros(len(room))
    for _ in range(_ROUNDS):
        total, squares = np.zeros(len(room)), np.zeros(len(room))
        for v in range(len(need)):
            time = need[v] / (1 + metric[cell[v]] * need[v])
            total[cell[v]] += time
            squares[cell[v]] += time * time
        for c in range(len(room)):
            most = max(total[c], 1e-12)
            ahead = (1 / max(room[c], 1e-9) - 1 / most) * most * most / max(squares[c], 1e-24)
            metric[c] = max(metric[c] + ahead, 0.0)
    total = np.zeros(len(room))
    for v in range(len(need)):
        total[cell[v]] += need[v] / (1 + metric[cell[v]] * need[v])
    share = np.empty(len(need))
    for v in range(len(need)):
        scale = max(room[cell[v]], 1e-9) / max(total[cell[v]], 1e-12)
        share[v] = min(1 / (1 + metric[cell[v]] * need[v]) * scale, 1.0)
    return share


@compiled
def advance(waiting: float, sent: float, lost: float, most: float) -> tuple[float, float, float]:
    """What becomes of a UE's bytes in a step: delivered, dropped, and queued at the end; whole bytes.

    Args:
        waiting: that were queued before or arrived by the end.
        sent: taken from the queue in the step, at most those there are; a part of a byte stays.
        lost: share of them that does not get through in time.
        most: whole bytes that can still wait at the end: young enough, within the limit.
    """
    sent = math.floor(sent)
    given_up = math.floor(sent * lost)
    left = waiting - sent
    queued = min(left, most)
    return sent - given_up, given_up + (left - queued), queued
