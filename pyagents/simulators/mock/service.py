# SPDX-License-Identifier: GPL-2.0-only
"""What cells do for their UEs in a step: rates, airtime under LBT, bytes, and the load that they measure."""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock import access, adaptation, traffic
from pyagents.simulators.mock.arrays import Index, Mask
from pyagents.simulators.mock.handover import Moves
from pyagents.simulators.mock.interference import LinkTables
from pyagents.simulators.mock.numbers import Numbers
from pyagents.simulators.mock.phy import SLOT_S
from pyagents.simulators.mock.state import Cells
from pyagents.snapshot import Floats

HARQ_TRANSMISSIONS = 4
"""A block is given up after so many."""
FULL = 0.999
"""A cell that gets less than this part of what it wants is taken to have data all the time."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bearers:
    """The radio bearer of each UE in a step."""

    cell: Index
    """[B U] index of its cell in all halls."""
    offset_db: Floats
    """[B, U] of outer-loop link adaptation, after the step."""
    rate_bps: Floats
    """[B, U] with all PRBs; 0: out of range."""
    demand_rate_bps: Floats
    """[B, U] what its demand counts with in the load: at least that of the lowest MCS."""
    nacks: Floats
    """[B, U] share of first transmissions that failed."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Service:
    """What a step's transmissions come to."""

    queues: traffic.Queues
    load: Floats
    """[B, G]."""
    airtime: Floats
    """[B, G] share of time that LBT leaves."""
    used: Floats
    """[B, N] share of time that each node transmitted."""
    bursts_per_s: Floats
    """[B, N] channel occupancies."""
    starts: Floats
    """[B, N] probability to start where a neighbour does."""


def adapt(
    numbers: Numbers,
    tables: LinkTables,
    weights: Floats,
    reported_db: Floats,
    cells: Cells,
    moves: Moves,
    offset_db: Floats,
) -> Bearers:
    """Choose rates: from the reported SINR and the outer loop's offset, which follows the NACKs.

    Args:
        numbers: of the run.
        tables: SINR in each state of interference.
        weights: [B, G, 1, 4] of those states during data.
        reported_db: [B, G, U] SINR that UEs report.
        cells: the step before.
        moves: who is where; a UE that has entered a cell starts with an offset of 0.
        offset_db: [B, U] before the step.
    """
    sizes, amc = numbers.sizes, numbers.amc
    serving = moves.rrc.serving
    cell = (sizes.first_cell + serving).ravel()
    reported = reported_db.take(sizes.first_link + serving * sizes.ues)
    sinr = tables.sinr_db.take(sizes.first_table + serving * (4 * sizes.ues))
    weight = weights.reshape(-1, 4).T.take(cell, axis=1).reshape(sinr.shape)
    if len(moves.moved):
        offset_db = offset_db.copy()
        offset_db.ravel()[moves.moved] = 0.0
    place = amc.place(reported + offset_db)
    nacks = adaptation.failing_share(sinr, weight, amc.threshold(place))
    rate = np.maximum(amc.rate(place), amc.rate_bps[1])
    visits = cells.bursts_per_s[:, : sizes.gnbs].ravel().take(cell).reshape(serving.shape)
    # A transport block a visit, and one for each slot's worth of data.
    blocks = np.minimum(numbers.packets_per_s, visits)
    blocks += numbers.guaranteed_bytes * (8 / (numbers.step_s * SLOT_S)) / rate
    blocks *= numbers.step_s
    goal = adaptation.goal_db(sinr, weight)
    offset = adaptation.drift(offset_db, reported, nacks, goal, blocks, amc)
    rates = amc.full_band_rate_bps(reported + offset)
    return Bearers(
        cell=cell,
        offset_db=offset,
        rate_bps=rates,
        demand_rate_bps=np.maximum(rates, amc.rate_bps[1]),
        nacks=nacks,
    )


def serve(
    numbers: Numbers,
    bearers: Bearers,
    queues: traffic.Queues,
    offered: Floats,
    heard: Floats,
    starts: Floats,
    moves: Moves,
) -> Service:
    """Share the air among nodes and each cell's airtime among its UEs.

    Args:
        numbers: of the run.
        bearers: rates.
        queues: before the step.
        offered: [B, U] bytes that arrived by its end.
        heard: [B, N, N] 1 where a node (row) hears another, else 0.
        starts: [B, N] of the step before.
        moves: who is without a cell.
    """
    sizes, cell, channel = numbers.sizes, bearers.cell, numbers.access
    n_cells, shape = sizes.halls * sizes.gnbs, (sizes.halls, sizes.gnbs)
    discovery = numbers.discovery_share
    sendable, packets = _to_send(numbers, bearers, queues, offered, moves)
    gone = bearers.nacks**HARQ_TRANSMISSIONS
    # Transmissions a block: 1 + q + q^2 + q^3 = (1 - q^4) / (1 - q) for a share q of NACKs.
    per_byte = (1 - gone) / ((1.000001 - bearers.nacks) * bearers.demand_rate_bps) * (8 / numbers.step_s)
    need = sendable * per_byte
    data = traffic.per_cell(need, cell, n_cells)
    arrivals = traffic.per_cell(packets, cell, n_cells)
    bursts = traffic.occupancies_per_s(
        data, arrivals, numbers.holdoff_s, channel.access_s, discovery, channel.mcot_s
    )
    blocks = traffic.per_cell(np.minimum(packets, bursts.take(cell).reshape(packets.shape)), cell, n_cells)
    wanted = data + discovery + bursts * traffic.OCCUPANCY_OVERHEAD_S + blocks * traffic.PADDING_S

    wanted = wanted.reshape(shape)
    used, share = access.used_airtime(wanted, heard, channel.efficiency)
    limited = used < wanted * FULL
    sent = sendable
    if limited.any():
        bursts = np.where(limited.ravel(), used.ravel() / channel.mcot_s, bursts)
        room = used.ravel() - discovery - bursts * traffic.FULL_OCCUPANCY_OVERHEAD_S
        sent = _ration(sendable, per_byte, numbers.guaranteed_bytes, room, limited, cell)
    bursts = bursts.reshape(shape)

    demand = numbers.layout.demand_bps / bearers.demand_rate_bps
    if len(moves.away):
        demand.ravel()[moves.away] = 0.0
    airtime = np.maximum(share[:, : sizes.gnbs] * channel.efficiency - discovery, discovery)
    return Service(
        queues=traffic.advance(queues, offered, sent, gone, numbers.most_bytes),
        load=traffic.per_cell(demand, cell, n_cells).reshape(shape) / airtime,
        airtime=airtime,
        used=used,
        bursts_per_s=bursts,
        starts=_starts(used, bursts, limited, heard, channel, starts),
    )


def _to_send(
    numbers: Numbers, bearers: Bearers, queues: traffic.Queues, offered: Floats, moves: Moves
) -> tuple[Floats, Floats]:
    """[B, U] each: bytes to send, and packets a second to whom the cell can reach."""
    unsent = numbers.unsent_bytes
    out = bearers.rate_bps == 0
    if len(moves.away):
        unsent = unsent.copy()
        out.ravel()[moves.away] = True
    sendable = queues.queued + (offered - queues.offered)
    sendable -= unsent
    np.maximum(sendable, 0.0, out=sendable)
    packets = numbers.packets_per_s
    if out.any():
        sendable[out] = 0.0
        packets = np.where(out, 0.0, packets)
    return sendable, packets


def _ration(
    sendable: Floats, per_byte: Floats, guaranteed: Floats, room: Floats, limited: Mask, cell: Index
) -> Floats:
    """[B, U] bytes sent where cells are short of time: guaranteed bit rates first, then what else waits."""
    shape, n_cells = sendable.shape, len(room)
    short = limited.ravel().take(cell)
    everything, cost = sendable.ravel(), per_byte.ravel() * short
    first = np.minimum(everything, guaranteed.ravel())
    later = everything - first
    first *= traffic.share_of_demand(first * cost, room, cell)
    rest = np.maximum(room - traffic.per_cell(first * cost, cell, n_cells), 0.0)
    wish = traffic.per_cell(later * cost, cell, n_cells)
    first += later * np.minimum(rest / np.maximum(wish, 1e-12), 1.0).take(cell)
    return np.where(short, first, everything).reshape(shape)


def _starts(
    used: Floats,
    bursts: Floats,
    limited: Mask,
    heard: Floats,
    channel: access.PriorityClass,
    before: Floats,
) -> Floats:
    """[B, N] probability that each node starts in a slot in which one that it hears does.

    It has to be contending then: always if it is short of time, else for the mean wait, its own countdown and
    what is left of others' occupancies, out of the time that it does not transmit.
    """
    others = np.minimum((heard @ used[..., None])[..., 0], 0.95)
    length = used / np.maximum(bursts, 1.0)
    wait = channel.access_s + others / (1 - others) * length / 2
    contends: Floats = np.minimum(bursts * wait / np.maximum(1 - used, 0.05), 1.0)
    contends[limited] = 1.0
    contends *= access.transmit_probability(access.collision_probability(before, heard), channel)
    return contends
