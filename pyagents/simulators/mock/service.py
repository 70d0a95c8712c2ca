# SPDX-License-Identifier: GPL-2.0-only
"""What cells do for their UEs in a step: rates, airtime under LBT, bytes, and the load that they measure."""

from dataclasses import dataclass

import numpy as np

from pyagents.simulators.mock import access, adaptation, sibx, traffic, wifi
from pyagents.simulators.mock.access import Neighbours
from pyagents.simulators.mock.arrays import Index, Mask, Singles
from pyagents.simulators.mock.handover import Moves
from pyagents.simulators.mock.numbers import Numbers
from pyagents.simulators.mock.state import Cells
from pyagents.snapshot import Floats

MOST_NACKS = 0.999
"""Beyond it nothing gets through in time, whatever the number."""
LEAST_AIRTIME = 0.01
"""Floor of the airtime that a load is measured by, as in ns-3."""
FULL = 0.999
"""A cell that gets less than this part of what it wants is taken to have data all the time."""


@dataclass(kw_only=True, eq=False, slots=True)
class Bearers:
    """The radio bearer of each UE in a step."""

    cell: Index
    """[B U] index of its cell in all halls."""
    offset_db: Floats
    """[B, U] of outer-loop link adaptation, after the step."""
    rate_bps: Floats
    """[B, U] with all PRBs; 0: out of range."""
    s_per_bit: Floats
    """[B, U] what its demand counts with in the load: at most that of the lowest MCS."""
    nacks: Floats
    """[B, U] share of first transmissions that failed."""


def adapt(
    numbers: Numbers,
    sinr_db: Singles,
    weights: Singles,
    reported_db: Singles,
    cells: Cells,
    moves: Moves,
    offset_db: Floats,
) -> Bearers:
    """Choose rates: from the reported SINR and the outer loop's offset, which follows the NACKs.

    Args:
        numbers: of the run.
        sinr_db: [4, B, G, U] SINR in each state of interference.
        weights: [B, G, 1, 4] of those states during data.
        reported_db: [B, G, U] SINR that UEs report.
        cells: the step before.
        moves: who is where; a UE that has entered a cell starts with an offset of 0.
        offset_db: [B, U] before the step.
    """
    sizes, amc = numbers.sizes, numbers.amc
    serving = moves.rrc.serving
    cell = (serving + sizes.first_cell).ravel()
    link = serving * sizes.ues + sizes.first_link
    reported = reported_db.take(link)
    sinr = sinr_db.reshape(4, -1).take(link, axis=1)
    weight = np.ascontiguousarray(weights.reshape(-1, 4).T).take(cell, axis=1).reshape(sinr.shape)
    used = reported + offset_db
    if len(moves.moved):
        used.ravel()[moves.moved] = reported.take(moves.moved)
    place = amc.place(used)
    nacks = adaptation.failing_share(sinr, weight, amc.threshold(place))
    # A transport block a visit, or one for each slot's worth of data if that is more.
    visits = cells.bursts_per_s[:, : sizes.gnbs].ravel().take(cell).reshape(serving.shape)
    blocks = np.minimum(visits, numbers.packets_per_s, out=visits)
    np.maximum(blocks, numbers.demand_bps_slots * amc.s_per_bit(place), out=blocks)
    blocks *= numbers.step_s
    used = adaptation.drift(
        used, reported, nacks, adaptation.goal_db(sinr, weight), blocks, float(amc.threshold_db[0])
    )
    place = amc.place(used)
    return Bearers(
        cell=cell,
        offset_db=used - reported,
        rate_bps=amc.rate(place),
        s_per_bit=amc.s_per_bit(place),
        nacks=nacks,
    )


def serve(
    numbers: Numbers,
    bearers: Bearers,
    queues: traffic.Queues,
    offered: Floats,
    neighbours: Neighbours,
    cells: Cells,
    moves: Moves,
) -> tuple[Cells, traffic.Queues]:
    """Share the air among nodes and each cell's airtime among its UEs; measure the load.

    Args:
        numbers: of the run.
        bearers: rates.
        queues: before the step.
        offered: [B, U] bytes that arrived by its end.
        neighbours: whom each node hears.
        cells: the step before.
        moves: who is without a cell.
    """
    sizes, cell, channel = numbers.sizes, bearers.cell, numbers.access
    n_cells, shape = sizes.halls * sizes.gnbs, (sizes.halls, sizes.gnbs)
    discovery = numbers.discovery_share
    sendable, packets = _to_send(numbers, bearers, queues, offered, moves)
    nacks = np.minimum(bearers.nacks, MOST_NACKS)
    lost = nacks**numbers.attempts
    # Transmissions a block: 1 + q + ... + q^(n - 1) = (1 - q^n) / (1 - q) for a share q of NACKs.
    per_byte = (1 - lost) / (1 - nacks)
    per_byte *= 8 / numbers.step_s
    per_byte *= bearers.s_per_bit
    data = traffic.per_cell(sendable * per_byte, cell, n_cells)
    arrivals = traffic.per_cell(packets, cell, n_cells)
    pause_s = cells.wait_s[:, : sizes.gnbs].ravel() + (numbers.holdoff_s + numbers.occupancy_overhead_s)
    bursts = traffic.occupancies_per_s(data, arrivals, pause_s, discovery, channel.mcot_s)
    wanted = bursts * numbers.occupancy_overhead_s
    wanted += data
    wanted += discovery
    wanted, bursts = wanted.reshape(shape), bursts.reshape(shape)
    if sizes.nodes > sizes.gnbs:
        wanted, bursts = _with_wifi(numbers, cells, wanted, bursts)
    used, share = access.used_airtime(wanted, neighbours, cells.starts, channel.efficiency)
    limited = used < wanted * FULL
    short = limited[:, : sizes.gnbs].ravel()
    sent = sendable
    if np.count_nonzero(short):
        bursts = np.where(limited, used * (1 / channel.mcot_s), bursts)
        taken = used - bursts * traffic.FULL_OCCUPANCY_OVERHEAD_S
        room = taken[:, : sizes.gnbs].ravel() - discovery
        sent = _ration(sendable, per_byte, numbers.guaranteed_bytes, room, short, cell)

    demand = numbers.layout.demand_bps * bearers.s_per_bit
    if len(moves.away):
        demand.ravel()[moves.away] = 0.0
    wait_s, contends, starts, sib_lost = _contention(numbers, used, bursts, limited, neighbours, cells)
    # While it has data, what it gets; while it neither sends nor contends, its fair share.
    airtime = share * channel.efficiency
    airtime *= 1 - contends
    airtime *= 1 - used
    airtime += used
    airtime -= discovery
    airtime = np.maximum(airtime[:, : sizes.gnbs], LEAST_AIRTIME)
    return (
        Cells(
            channel=cells.channel,
            cio_db=cells.cio_db,
            load=traffic.per_cell(demand, cell, n_cells).reshape(shape) / airtime,
            airtime=airtime,
            used=used,
            bursts_per_s=bursts,
            wait_s=wait_s,
            contends=contends,
            starts=starts,
            sib_lost=sib_lost,
            wifi_on=cells.wifi_on,
            occupancy=cells.occupancy,
        ),
        traffic.advance(queues, offered, sent, lost, numbers.most_bytes),
    )


def _with_wifi(numbers: Numbers, cells: Cells, gnbs_want: Floats, bursts: Floats) -> tuple[Floats, Floats]:
    """[B, N] each, from [B, G]: share of time that nodes want, and their channel accesses a second."""
    packets: Floats = cells.wifi_on * np.float64(numbers.wifi_packets_per_s)
    used, accesses = wifi.wanted(packets, cells.wait_s[:, numbers.sizes.gnbs :])
    return np.concatenate([gnbs_want, used], axis=1), np.concatenate([bursts, accesses], axis=1)


def _to_send(
    numbers: Numbers, bearers: Bearers, queues: traffic.Queues, offered: Floats, moves: Moves
) -> tuple[Floats, Floats]:
    """[B, U] each: bytes to send, and packets a second to whom the cell can reach."""
    sendable = offered - queues.offered
    sendable += queues.queued
    sendable -= numbers.unsent_bytes
    np.maximum(sendable, 0.0, out=sendable)
    reach = bearers.rate_bps > 0
    reach.ravel()[moves.away] = False
    sendable *= reach
    return sendable, numbers.packets_per_s * reach


def _ration(
    sendable: Floats, per_byte: Floats, guaranteed: Floats, room: Floats, limited: Mask, cell: Index
) -> Floats:
    """[B, U] bytes sent where cells are short of time: guaranteed bit rates first, then what else waits."""
    sent = sendable.copy()
    short = limited.take(cell).nonzero()[0]
    n_cells, cell, cost = len(room), cell[short], per_byte.ravel()[short]
    everything = sendable.ravel()[short]
    first = np.minimum(everything, guaranteed.ravel()[short])
    later = everything - first
    first *= traffic.share_of_demand(first * cost, room, cell)
    rest = np.maximum(room - traffic.per_cell(first * cost, cell, n_cells), 0.0)
    later *= cost
    wish = traffic.per_cell(later, cell, n_cells)
    later *= np.minimum(rest / np.maximum(wish, 1e-12), 1.0).take(cell)
    first += later / cost
    sent.ravel()[short] = first
    return sent


def _contention(
    numbers: Numbers, used: Floats, bursts: Floats, limited: Mask, neighbours: Neighbours, before: Cells
) -> tuple[Floats, Floats, Floats, Floats]:
    """How nodes meet on the channel in the next step.

    Returns:
        [B, N] mean wait for access: a node's own countdown, and what is left of others' occupancies.
        [B, N] probability that each contends when the channel turns idle: 1 if it is short of time, else the
        mean wait's share of the time that it does not transmit.
        [B, N] probability that each starts in a slot in which one that it hears does.
        [B, G] probability that a cell's SIBx finds no idle channel.
    """
    channel, waits = numbers.access, before.contends
    of_nodes = np.empty((5, *used.shape))
    of_nodes[0] = used
    np.divide(used * used, np.maximum(bursts, 1.0), out=of_nodes[1])
    of_nodes[2] = waits
    np.multiply(waits, used, out=of_nodes[3])
    np.log1p(-before.starts, out=of_nodes[4])
    others, occupied, waiting, then, quiet = np.add.reduce(neighbours.values(of_nodes), axis=-1)
    occupied /= np.maximum(others, 1e-9)
    others *= 1 - before.starts  # whom it starts with a node does not hear
    busy = np.minimum(others, 0.95, out=others)
    wait_s = busy / (1 - busy)
    wait_s *= 0.5 * occupied
    wait_s += numbers.access_s
    contends = bursts * wait_s
    contends /= np.maximum(1 - used, 0.05)
    np.minimum(contends, 1.0, out=contends)
    contends[limited] = 1.0
    if numbers.discovery_gives_up:  # after an occupancy another waited too, and is first among those who do
        then *= waiting
        then /= waiting + waits + 1e-9
        np.minimum(then, 1.0, out=then)
    else:
        then[:] = 0.0
    n_bursts = max(1, round(numbers.si_window_s / numbers.discovery_period_s))
    lost = sibx.loss_probability(busy, occupied, then, n_bursts)
    starts = contends * access.transmit_probability(1 - np.exp(quiet, out=quiet), channel)
    return wait_s, contends, starts, lost[:, : numbers.sizes.gnbs]
