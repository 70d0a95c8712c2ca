# SPDX-License-Identifier: GPL-2.0-only
"""GBR packets, their queues, and how a cell shares its airtime among its UEs.

A fluid picture of our ns-3 model's bearers and scheduler, in whole bytes: at all times
offered = delivered + dropped + queued.
"""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock.arrays import Index, Mask
from pyagents.simulators.mock.phy import CONTROL_SYMBOLS, SLOT_S, SYMBOLS_PER_SLOT
from pyagents.snapshot import Floats

_ROUNDS = 3
_CONTROL_SHARE = CONTROL_SYMBOLS / SYMBOLS_PER_SLOT
_CUT_SLOT_SHARE = sum(max(0, n - CONTROL_SYMBOLS) for n in range(SYMBOLS_PER_SLOT)) / (
    (SYMBOLS_PER_SLOT - CONTROL_SYMBOLS) * SYMBOLS_PER_SLOT
)
"""Of a full slot's data, what fits in the first slot of an occupancy that starts anywhere in it, mean."""

CUT_SLOT_S = {"symbol": 0.5 * SLOT_S, "slot": 0.0}
"""What the first slot of a channel occupancy lacks of a whole one, mean, by `start_alignment`."""

OVERHEAD_S = {"symbol": (0.5 - _CUT_SLOT_SHARE + 0.5) * SLOT_S, "slot": 0.5 * SLOT_S}
"""Airtime that a channel occupancy takes beyond what its data need in full slots, by `start_alignment`: the
cut first slot, if it starts at any symbol, whose control symbols weigh more, and the last slot rounded up."""

FULL_OCCUPANCY_OVERHEAD_S = 2 * _CONTROL_SHARE * SLOT_S
"""The same of an occupancy of maximum length, which data fill to the end: both end slots are cut."""


@dataclass(kw_only=True, eq=False, slots=True)
class Queues:
    """Whole bytes of each UE."""

    offered: Floats
    """[B, U] arrived so far."""
    delivered: Floats
    """[B, U] received by the UE so far."""
    dropped: Floats
    """[B, U] so far: too late, or queue full."""
    queued: Floats
    """[B, U] waiting now."""


def offered_bytes(now_s: float, packets_per_s: Floats, phase: Floats, packet_bytes: int) -> Floats:
    """[B, U] bytes that arrived by now: packets at constant intervals, the first at `phase` of one."""
    packets = np.floor(now_s * packets_per_s - phase)
    packets += 1
    packets *= packet_bytes
    return packets


def per_cell(values: Floats | Mask, cell: Index, n_cells: int) -> Floats:
    """[n_cells] sums of values over the UEs of each cell.

    Args:
        values: [B, U].
        cell: [B U] index of each UE's cell in all halls.
        n_cells: in all halls.
    """
    sums: Floats = np.bincount(cell, values.ravel(), n_cells)  # type: ignore[assignment]  # stubs say ints
    return sums


def occupancies_per_s(
    data: Floats, packets_per_s: Floats, pause_s: Floats, discovery: float, mcot_s: float
) -> Floats:
    """[...] channel occupancies a second of each cell, if it had the channel to itself.

    After each the cell waits for a packet, then for the hold-off and the access; what time data and bursts
    leave is made of such pauses. None is longer than T_mcot.

    Args:
        data: [...] share of time that the data need.
        packets_per_s: [...] arrivals.
        pause_s: [...] from a packet to the occupancy that carries it, and the overhead of that.
        discovery: share of time of discovery bursts.
        mcot_s: longest occupancy.
    """
    pause = 0.5 / np.maximum(packets_per_s, 1e-9)
    pause += pause_s
    by_pauses = np.maximum(1 - discovery - data, 0.0) / pause
    return np.maximum(by_pauses, data / mcot_s)


def share_of_demand(need: Floats, room: Floats, cell: Index) -> Floats:
    """[B U] share of its bit rate that each UE gets where the cell has room for less than all.

    The scheduler serves first whose metric r / a (1 - a / R) is largest: a is what a UE of full-band rate r
    and guaranteed bit rate R has got on the average. So metrics even out at some M, where a UE that needs the
    time n = R / r gets n / (1 + M n) of it: who needs little nearly all, the others the more equal time the
    shorter it is. M solves: sum over a cell's UEs of n / (1 + M n) = room. The inverse of the sum is nearly
    straight in M, so a few of Newton's steps do; what is left of the error is spread evenly.

    Args:
        need: [B U] share of time for the whole bit rate.
        room: [B G] share of time that the cell has for data.
        cell: [B U] index of each UE's cell.
    """
    n_cells, room = len(room), np.maximum(room, 1e-9)
    metric, inverse_room = np.zeros(n_cells), 1 / room
    time = need
    for _ in range(_ROUNDS):
        total = np.maximum(per_cell(time, cell, n_cells), 1e-12)
        squares = np.maximum(per_cell(time * time, cell, n_cells), 1e-24)
        ahead = inverse_room - 1 / total
        ahead *= total
        ahead *= total
        ahead /= squares
        metric += ahead
        np.maximum(metric, 0.0, out=metric)
        spread = metric.take(cell)
        spread *= need
        spread += 1
        time = need / spread
    scale = room / np.maximum(per_cell(time, cell, n_cells), 1e-12)
    part = np.divide(1, spread, out=spread)
    part *= scale.take(cell)
    return np.minimum(part, 1.0, out=part)


def advance(queues: Queues, offered: Floats, sent: Floats, lost: Floats, most: Floats) -> Queues:
    """The queues after a step, in whole bytes.

    Args:
        queues: before.
        offered: [B, U] bytes that arrived by the end.
        sent: [B, U] bytes taken from the queues in the step, at most those there are.
        lost: [B, U] share of them that does not get through in time.
        most: [B, U] whole bytes that can still wait at the end: young enough, within the limit.
    """
    sent = np.floor(sent)
    given_up = np.floor(sent * lost)
    waiting = queues.queued + (offered - queues.offered)
    waiting -= sent
    queued = np.minimum(waiting, most)
    waiting -= queued
    sent -= given_up
    sent += queues.delivered
    given_up += waiting
    given_up += queues.dropped
    return Queues(offered=offered, delivered=sent, dropped=given_up, queued=queued)
