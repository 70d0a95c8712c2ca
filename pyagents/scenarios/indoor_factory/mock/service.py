# SPDX-License-Identifier: GPL-2.0-only
"""What cells do for their UEs in a step: rates, airtime under LBT, bytes, and the load that they measure."""

import math
from dataclasses import dataclass

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock import wifi
from pyagents.scenarios.indoor_factory.mock.access import transmit_probability, used_airtime
from pyagents.scenarios.indoor_factory.mock.adaptation import (
    Four,
    OuterLoop,
    Single,
    drift,
    failing_share,
    goal_db,
)
from pyagents.scenarios.indoor_factory.mock.arrays import Index, Mask, Singles
from pyagents.scenarios.indoor_factory.mock.handover import Moves
from pyagents.scenarios.indoor_factory.mock.numbers import Air, Demand, Numbers
from pyagents.scenarios.indoor_factory.mock.phy import SLOT_S, McsTables, place
from pyagents.scenarios.indoor_factory.mock.sibx import loss_probability
from pyagents.scenarios.indoor_factory.mock.state import Cells, Links, State
from pyagents.scenarios.indoor_factory.mock.traffic import (
    FULL_OCCUPANCY_OVERHEAD_S,
    Queues,
    advance,
    occupancies_per_s,
    offered_bytes,
    share_of_demand,
)
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD
from pyagents.simulators.compiled import compiled

MOST_NACKS = 0.999
"""Beyond it nothing gets through in time, whatever the number."""
FULL = 0.999
"""A cell that gets less than this part of what it wants is taken to have data all the time."""


@dataclass(kw_only=True, eq=False, slots=True)
class Served:
    """What a step's service comes to."""

    cells: Cells
    queues: Queues
    offset_db: Floats
    """[B, U] of outer-loop link adaptation."""
    delivered_bps: Floats
    """[B, U]."""
    spent_s: Floats
    """[2, B, U] as in `State`."""
    wifi_bytes: Floats
    """[2, B] that all access points were given so far, and sent."""


def serve(
    numbers: Numbers,
    before: State,
    cells: Cells,
    links: Links,
    weights: Singles,
    reported_db: Singles,
    moves: Moves,
) -> Served:
    """Choose rates, share the air among nodes and each cell's airtime among its UEs; measure the load.

    Args:
        numbers: of the run.
        before: the state at the start of the step.
        cells: as set for the step.
        links: with the SINR in each state of interference, and whom each node hears.
        weights: [B, G, 4] probability of those states during data.
        reported_db: [B, G, U] SINR that UEs report.
        moves: who is where, who has entered a cell, who is without one.
    """
    queues, offset_db, delivered_bps, spent_s, of_cells, airtimes, of_nodes, wifi_bytes = _serve_halls(
        numbers.air,
        numbers.outer_loop,
        numbers.amc.tables,
        numbers.demand,
        (before.n_steps + 1) * numbers.step_s,
        moves.rrc.serving,
        moves.moved,
        moves.away,
        links.tables.sinr_db,
        weights,
        reported_db,
        links.neighbours.node,
        links.neighbours.count,
        cells.bursts_per_s,
        cells.wait_s,
        cells.contends,
        cells.starts,
        cells.airtimes,
        cells.wifi_on,
        before.wifi_bytes,
        before.offset_db,
        before.spent_s,
        before.queues,
    )
    load, airtime, sib_lost = of_cells
    used, bursts, wait_s, contends, starts = of_nodes
    return Served(
        cells=Cells(
            channel=cells.channel,
            cio_db=cells.cio_db,
            load=load,
            airtime=airtime,
            airtimes=airtimes,
            used=used,
            bursts_per_s=bursts,
            wait_s=wait_s,
            contends=contends,
            starts=starts,
            sib_lost=sib_lost,
            wifi_on=cells.wifi_on,
            occupancy=cells.occupancy,
        ),
        queues=queues,
        offset_db=offset_db,
        delivered_bps=delivered_bps,
        spent_s=spent_s,
        wifi_bytes=wifi_bytes,
    )


@compiled
def _serve_halls(
    air: Air,
    outer_loop: OuterLoop,
    mcs: McsTables,
    demand: Demand,
    end_s: float,
    serving: Ints,
    moved: Index,
    away: Index,
    sinr_db: Singles,
    weights: Singles,
    reported_db: Singles,
    node: Index,
    count: Index,
    bursts_before: Floats,
    wait_before: Floats,
    contends_before: Floats,
    starts_before: Floats,
    airtimes_before: Floats,
    wifi_on: Mask,
    wifi_before: Floats,
    offset_before: Floats,
    spent_before_s: Floats,
    before: Queues,
) -> tuple[Queues, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    """One hall after the other.

    Returns:
        The queues; [B, U] offset of link adaptation, dB; [B, U] delivered, bit/s; [2, B, U] airtime that the
        data cost; [3, B, G] load, airtime and probability that a SIBx is lost; [B, G, K] airtimes; [5, B, N]
        time used, bursts, wait, and probabilities to contend and to start, as in `Cells`; [2, B] bytes of
        Wi-Fi.
    """
    halls, ues = serving.shape
    gnbs, nodes = weights.shape[1], count.shape[1]
    offered, delivered, dropped = np.empty((halls, ues)), np.empty((halls, ues)), np.empty((halls, ues))
    queued, delivered_bps = np.empty((halls, ues)), np.empty((halls, ues))
    offset_db, spent_s, step_s = offset_before.copy(), np.empty_like(spent_before_s), np.empty(gnbs)
    fading = np.full((halls, ues), air.fading)
    of_cells, of_nodes = np.empty((3, halls, gnbs)), np.empty((5, halls, nodes))
    airtimes, wifi_bytes = np.empty_like(airtimes_before), wifi_before.copy()
    attached = np.ones(halls * ues, dtype=np.bool_)
    for i in away:
        attached[i] = False
    for i in moved:
        offset_db[i // ues, i % ues] = 0.0
        fading[i // ues, i % ues] = 0.0
    lost, per_byte, sent, s_per_bit = np.empty(ues), np.empty(ues), np.empty(ues), np.empty(ues)
    for b in range(halls):
        data, arrivals, load = np.zeros(gnbs), np.zeros(gnbs), np.zeros(gnbs)
        for u in range(ues):
            c = serving[b, u]
            packets_per_s = demand.packets_per_s[b, u]
            offset_db[b, u], at, nacks = _adapt(
                (sinr_db[0, b, c, u], sinr_db[1, b, c, u], sinr_db[2, b, c, u], sinr_db[3, b, c, u]),
                (weights[b, c, 0], weights[b, c, 1], weights[b, c, 2], weights[b, c, 3]),
                reported_db[b, c, u],
                offset_db[b, u],
                min(bursts_before[b, c], packets_per_s),
                demand.bps_slots[b, u],
                air.step_s,
                mcs,
                outer_loop,
            )
            lost[u] = nacks**air.attempts
            # Transmissions a block: 1 + q + ... + q^(n - 1) = (1 - q^n) / (1 - q) for a share q of NACKs.
            s_per_bit[u] = mcs.s_per_bit_at[at]
            per_byte[u] = (1 - lost[u]) / (1 - nacks) * (8 / air.step_s) * s_per_bit[u]
            offered[b, u] = offered_bytes(end_s, packets_per_s, demand.phase[b, u], air.packet_bytes)
            sent[u] = 0.0
            if attached[b * ues + u] and mcs.rate_bps_at[at] > 0:
                waiting = offered[b, u] - before.offered[b, u] + before.queued[b, u]
                sent[u] = max(waiting - demand.unsent_bytes[b, u], 0.0)
                data[c] += sent[u] * per_byte[u]
                arrivals[c] += packets_per_s

        wanted, bursts = np.empty(nodes), np.empty(nodes)
        for i in range(gnbs):
            pause_s = wait_before[b, i] + (air.holdoff_s + air.overhead_s)
            bursts[i] = occupancies_per_s(data[i], arrivals[i], pause_s, air.discovery_share, air.mcot_s)
            wanted[i] = bursts[i] * air.overhead_s + data[i] + air.discovery_share
        for i in range(gnbs, nodes):
            packets_per_s = air.wifi_packets_per_s if wifi_on[b, i - gnbs] else 0.0
            wanted[i], bursts[i] = wifi.wanted(packets_per_s, wait_before[b, i])
        used, share = used_airtime(wanted, node[b], count[b], starts_before[b], air.efficiency)
        limited = used < wanted * FULL
        short = limited[:gnbs]
        if short.any():
            for i in range(nodes):
                if limited[i]:
                    bursts[i] = used[i] * (1 / air.mcot_s)
            room = used[:gnbs] - bursts[:gnbs] * FULL_OCCUPANCY_OVERHEAD_S - air.discovery_share
            _ration(sent, per_byte, demand.guaranteed_bytes[b], room, short, serving[b])
        of_nodes[0, b], of_nodes[1, b] = used, bursts
        for i in range(gnbs):  # cut slots cost more for their control symbols, which all data bear alike
            step_s[i] = air.step_s * (1 + bursts[i] * air.cut_cost_s / max(data[i], bursts[i] * SLOT_S, 1e-9))
        for u in range(ues):
            waiting = before.queued[b, u] + (offered[b, u] - before.offered[b, u])
            got, gone, queued[b, u] = advance(waiting, sent[u], lost[u], demand.most_bytes[b, u])
            delivered[b, u] = before.delivered[b, u] + got
            dropped[b, u] = before.dropped[b, u] + gone
            delivered_bps[b, u] = got * (8 / air.step_s)
            c = serving[b, u]
            spent = spent_before_s[0, b, u] * fading[b, u] + sent[u] * per_byte[u] * step_s[c]
            useful = spent_before_s[1, b, u] * fading[b, u] + got * (8 * s_per_bit[u])
            spent_s[0, b, u], spent_s[1, b, u] = spent, useful
            if attached[b * ues + u]:
                load[c] += demand.bps[b, u] * s_per_bit[u] * ((spent + SLOT_S) / (useful + SLOT_S))
        for i in range(nodes):
            wait_s, contends, starts, sib_lost = _contend(
                i, air, used, bursts, limited[i], node[b], count[b], contends_before[b], starts_before[b]
            )
            of_nodes[2, b, i], of_nodes[3, b, i], of_nodes[4, b, i] = wait_s, contends, starts
            if i < gnbs:
                # While it has data, what it gets; while it neither sends nor contends, its fair share.
                airtime = share[i] * air.efficiency * (1 - contends) * (1 - used[i]) + used[i]
                airtimes[b, i, 0] = min(max(airtime - air.discovery_share, 0.0), 1.0)
                for k in range(1, airtimes.shape[2]):
                    airtimes[b, i, k] = airtimes_before[b, i, k - 1]
                airtime = windowed_mean(airtimes[b, i], air.window_steps)
                of_cells[0, b, i], of_cells[1, b, i] = load_of(load[i], airtime), airtime
                of_cells[2, b, i] = sib_lost if air.sib_loss else 0.0
            else:
                offered_wifi = air.wifi_packets_per_s * wifi_on[b, i - gnbs] * air.step_s * wifi.PAYLOAD_BYTES
                wifi_bytes[0, b] += offered_wifi
                wifi_bytes[1, b] += offered_wifi * min(used[i] / max(wanted[i], 1e-12), 1.0)
    return (
        Queues(offered, delivered, dropped, queued),
        offset_db,
        delivered_bps,
        spent_s,
        of_cells,
        airtimes,
        of_nodes,
        wifi_bytes,
    )


@compiled
def windowed_mean(values: Floats, n_steps: float) -> float:
    """Mean over the last steps.

    Args:
        values: [K] of the last steps, the newest first; NaN from the first on that does not count.
        n_steps: over so many, of which the oldest may count in part.
    """
    total, left = 0.0, n_steps
    for k in range(len(values)):
        if left <= 0 or math.isnan(values[k]):
            break
        weight = min(left, 1.0)
        total += weight * values[k]
        left -= weight
    return total / (n_steps - left)


@compiled
def load_of(needed: float, airtime: float) -> float:
    """A cell's load: airtime that its demand needs over airtime that it is left; at most `MAX_LOAD`."""
    if needed >= MAX_LOAD * airtime:
        return MAX_LOAD if needed > 0 else 0.0
    return needed / airtime


@compiled
def _adapt(
    sinr_db: Four,
    weights: Four,
    reported_db: Single,
    offset_db: float,
    visits_per_s: float,
    bps_slots: float,
    step_s: float,
    mcs: McsTables,
    loop: OuterLoop,
) -> tuple[float, int, float]:
    """Choose a UE's rate: by the SINR that it reports and the outer loop's offset, which follows the NACKs.

    Args:
        sinr_db: in each state of interference.
        weights: probability of those.
        reported_db: the UE's report.
        offset_db: before the step.
        visits_per_s: transport blocks that its data need a second, were each large enough.
        bps_slots: its guaranteed bit rate times slots a second.
        step_s: length of the step.
        mcs: tables of MCSs.
        loop: the outer loop.

    Returns:
        The offset after the step, dB; the place in the tables of the MCS that is chosen then; the share of
        first transmissions that failed.
    """
    used_db = float(reported_db) + offset_db
    at = place(used_db, mcs)
    nacks = failing_share(sinr_db, weights, mcs.threshold_db_at[at])
    # A transport block a visit, or one for each slot's worth of data if that is more.
    blocks = max(visits_per_s, bps_slots * mcs.s_per_bit_at[at]) * step_s
    goal = goal_db(sinr_db, weights, loop.target)
    used_db = drift(used_db, reported_db, nacks, goal, blocks, mcs.lowest_db, loop)
    return used_db - float(reported_db), place(used_db, mcs), min(nacks, MOST_NACKS)


@compiled
def _ration(
    sent: Floats, per_byte: Floats, guaranteed: Floats, room: Floats, short: Mask, cell: Ints
) -> None:
    """Cut what is sent where cells are short of time: guaranteed bit rates first, then what else waits.

    Args:
        sent: [U] bytes that could be sent; overwritten.
        per_byte: [U] share of time that a byte takes.
        guaranteed: [U] bytes in a step.
        room: [G] share of time that cells have for data.
        short: [G] whether that is too little.
        cell: [U] each UE's cell.
    """
    ues = np.flatnonzero(short[cell])
    cost, cell = per_byte[ues], cell[ues]
    first = np.minimum(sent[ues], guaranteed[ues])
    later = (sent[ues] - first) * cost
    first *= share_of_demand(first * cost, room, cell)
    given, wish = np.zeros(len(room)), np.zeros(len(room))
    for v in range(len(ues)):
        given[cell[v]] += first[v] * cost[v]
        wish[cell[v]] += later[v]
    for v in range(len(ues)):
        c = cell[v]
        part = min(max(room[c] - given[c], 0.0) / max(wish[c], 1e-12), 1.0)
        sent[ues[v]] = first[v] + later[v] * part / cost[v]


@compiled
def _contend(
    i: int,
    air: Air,
    used: Floats,
    bursts: Floats,
    limited: bool,
    node: Index,
    count: Index,
    waits: Floats,
    starts: Floats,
) -> tuple[float, float, float, float]:
    """How a node meets others on the channel in the next step.

    Args:
        i: which of the hall's N nodes.
        air: of the run.
        used: [N] share of time that nodes transmit.
        bursts: [N] channel occupancies a second.
        limited: whether the node is short of time.
        node: [N, L] whom each hears; see `Neighbours`.
        count: [N] how many.
        waits: [N] probability that each contended in the step that ends.
        starts: [N] probability that each started then where a neighbour did.

    Returns:
        Mean wait for access: its own countdown, and what is left of others' occupancies.
        Probability that it contends when the channel turns idle: 1 if it is short of time, else the mean
        wait's share of the time that it does not transmit.
        Probability that it starts in a slot in which one that it hears does.
        Probability that a SIBx of its finds neither an idle channel nor a slot with data.
    """
    others, occupied, waiting, then, quiet = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(count[i]):
        j = node[i, k]
        others += used[j]
        occupied += used[j] * used[j] / max(bursts[j], 1.0)
        waiting += waits[j]
        then += waits[j] * used[j]
        quiet += math.log1p(-starts[j])
    occupied /= max(others, 1e-9)
    busy = min(others * (1 - starts[i]), 0.95)  # whom it starts with a node does not hear
    wait_s = busy / (1 - busy) * (0.5 * occupied) + air.access_s
    contends = 1.0 if limited else min(bursts[i] * wait_s / max(1 - used[i], 0.05), 1.0)
    rivals = 0.0
    if air.discovery_gives_up:  # after an occupancy another waited too, and is first among those who do
        rivals = min(then * waiting / (waiting + waits[i] + 1e-9), 1.0)
    lost = loss_probability(busy, occupied, rivals, air.n_bursts) * math.exp(-bursts[i] * air.si_window_s)
    starting = contends * transmit_probability(1 - math.exp(quiet), air.cw_min, air.doublings)
    return wait_s, contends, starting, lost
