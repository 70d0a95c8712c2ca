# SPDX-License-Identifier: GPL-2.0-only
"""What cells do for their UEs in a step: rates, airtime under LBT, bytes, and the load that they measure."""

import math

import numpy as np

from pyagents.scenarios.indoor_factory.mock import wifi
from pyagents.scenarios.indoor_factory.mock.access import Neighbours, transmit_probability, used_airtime
from pyagents.scenarios.indoor_factory.mock.adaptation import adapt
from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Index, Ints, Mask, Singles
from pyagents.scenarios.indoor_factory.mock.handover import Moves
from pyagents.scenarios.indoor_factory.mock.numbers import Air, Rules
from pyagents.scenarios.indoor_factory.mock.sibx import loss_probability
from pyagents.scenarios.indoor_factory.mock.state import Bearers, Cells, Links, Usage, UsageRows
from pyagents.scenarios.indoor_factory.mock.traffic import (
    FULL_OCCUPANCY_OVERHEAD_S,
    advance,
    occupancies_per_s,
    offered_bytes,
    share_of_demand,
)
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD
from pyagents.scenarios.nr import SLOT_S
from pyagents.simulators.compiled import compiled

FULL = 0.999
"""A cell that gets less than this part of what it wants is taken to have data all the time."""


def serve(
    rules: Rules,
    cells: Cells,
    usage: UsageRows,
    before: Floats,
    moves: Moves,
    links: Links,
    weights: Singles,
    reported_db: Singles,
    end_s: float,
) -> tuple[UsageRows, Floats]:
    """Choose rates, share the air among nodes and each cell's airtime among its UEs; measure the load.

    Args:
        rules: of the run.
        cells: as set for the step.
        usage: before it.
        before: [8, B, U] rows of Bearers: what UEs got until then.
        moves: who is where, who has entered a cell, who is without one.
        links: with the SINR in each state of interference, and whom each node hears.
        weights: [B, G, 4] probability of those states during data.
        reported_db: [B, G, U] SINR that UEs report.
        end_s: when the step ends.

    Returns:
        Usage and bearers at the end of the step.
    """
    now = UsageRows._make((*map(np.empty_like, usage[:3]), usage.wifi_bytes.copy()))
    after = np.empty_like(before)
    _serve(
        rules,
        usage,
        now,
        before,
        after,
        moves.rrc.cells[1],
        moves.moved,
        moves.away,
        links.neighbours,
        links.tables.sinr_db,
        weights,
        reported_db,
        cells.wifi_on,
        end_s,
    )
    return now, after


@compiled
def _serve(
    rules: Rules,
    rows_before: UsageRows,
    rows_now: UsageRows,
    bearers_before: Floats,
    bearers_after: Floats,
    serving: Ints,
    moved: Mask,
    away: Mask,
    neighbours: Neighbours,
    sinr_db: Singles,
    weights: Singles,
    reported_db: Singles,
    wifi_on: Mask,
    end_s: float,
) -> None:
    """See `serve`: fills what is now and after."""
    usage, now = _named_usage(rows_before), _named_usage(rows_now)
    before, after = _named_bearers(bearers_before), _named_bearers(bearers_after)
    air, demand, mcs = rules.air, rules.demand, rules.mcs
    halls, ues = serving.shape
    gnbs, nodes = weights.shape[1], usage.used.shape[1]
    lost, per_byte, sent, s_per_bit = np.empty(ues), np.empty(ues), np.empty(ues), np.empty(ues)
    step_s = np.empty(gnbs)
    for b in range(halls):
        data, arrivals, load = np.zeros(gnbs), np.zeros(gnbs), np.zeros(gnbs)
        for u in range(ues):
            c = serving[b, u]
            packets_per_s = demand.packets_per_s[b, u]
            after.offset_db[b, u], at, nacks = adapt(
                (sinr_db[0, b, c, u], sinr_db[1, b, c, u], sinr_db[2, b, c, u], sinr_db[3, b, c, u]),
                (weights[b, c, 0], weights[b, c, 1], weights[b, c, 2], weights[b, c, 3]),
                reported_db[b, c, u],
                0.0 if moved[b, u] else before.offset_db[b, u],
                min(usage.bursts_per_s[b, c], packets_per_s),
                demand.bps_slots[b, u],
                air.step_s,
                mcs,
                rules.outer_loop,
            )
            lost[u] = nacks**air.attempts
            # Transmissions a block: 1 + q + ... + q^(n - 1) = (1 - q^n) / (1 - q) for a share q of NACKs.
            s_per_bit[u] = mcs.s_per_bit_at[at]
            per_byte[u] = (1 - lost[u]) / (1 - nacks) * (8 / air.step_s) * s_per_bit[u]
            phase = demand.phase[b, u]
            after.offered[b, u] = offered_bytes(end_s, packets_per_s, phase, air.packet_bytes)
            sent[u] = 0.0
            if not away[b, u] and mcs.rate_bps_at[at] > 0:
                waiting = after.offered[b, u] - before.offered[b, u] + before.queued[b, u]
                sent[u] = max(waiting - demand.unsent_bytes[b, u], 0.0)
                data[c] += sent[u] * per_byte[u]
                arrivals[c] += packets_per_s

        wanted, bursts = np.empty(nodes), now.bursts_per_s[b]
        for i in range(gnbs):
            pause_s = usage.wait_s[b, i] + (air.holdoff_s + air.overhead_s)
            bursts[i] = occupancies_per_s(data[i], arrivals[i], pause_s, air.discovery_share, air.mcot_s)
            wanted[i] = bursts[i] * air.overhead_s + data[i] + air.discovery_share
        for i in range(gnbs, nodes):
            packets_per_s = air.wifi_packets_per_s if wifi_on[b, i - gnbs] else 0.0
            wanted[i], bursts[i] = wifi.wanted(packets_per_s, usage.wait_s[b, i])
        node, count = neighbours.node[b], neighbours.number[b]
        used, share = used_airtime(wanted, node, count, usage.starts[b], air.efficiency)
        limited = used < wanted * FULL
        short = limited[:gnbs]
        if short.any():
            for i in range(nodes):
                if limited[i]:
                    bursts[i] = used[i] * (1 / air.mcot_s)
            room = used[:gnbs] - bursts[:gnbs] * FULL_OCCUPANCY_OVERHEAD_S - air.discovery_share
            _ration(sent, per_byte, demand.guaranteed_bytes[b], room, short, serving[b])
        for i in range(gnbs):  # cut slots cost more for their control symbols, which all data bear alike
            step_s[i] = air.step_s * (1 + bursts[i] * air.cut_cost_s / max(data[i], bursts[i] * SLOT_S, 1e-9))
        for u in range(ues):
            waiting = before.queued[b, u] + (after.offered[b, u] - before.offered[b, u])
            got, gone, after.queued[b, u] = advance(waiting, sent[u], lost[u], demand.most_bytes[b, u])
            after.delivered[b, u] = before.delivered[b, u] + got
            after.dropped[b, u] = before.dropped[b, u] + gone
            after.delivered_bps[b, u] = got * (8 / air.step_s)
            c = serving[b, u]
            fading = 0.0 if moved[b, u] else air.fading
            spent = before.spent_s[b, u] * fading + sent[u] * per_byte[u] * step_s[c]
            useful = before.useful_s[b, u] * fading + got * (8 * s_per_bit[u])
            after.spent_s[b, u], after.useful_s[b, u] = spent, useful
            if not away[b, u]:
                load[c] += demand.bps[b, u] * s_per_bit[u] * ((spent + SLOT_S) / (useful + SLOT_S))
        now.used[b] = used
        for i in range(nodes):
            wait_s, contends, starts, sib_lost = _contend(
                i, air, used, bursts, limited[i], node, count, usage.contends[b], usage.starts[b]
            )
            now.wait_s[b, i], now.contends[b, i], now.starts[b, i] = wait_s, contends, starts
            if i < gnbs:
                # While it has data, what it gets; while it neither sends nor contends, its fair share.
                airtime = share[i] * air.efficiency * (1 - contends) * (1 - used[i]) + used[i]
                now.airtimes[b, i, 0] = min(max(airtime - air.discovery_share, 0.0), 1.0)
                for k in range(1, now.airtimes.shape[2]):
                    now.airtimes[b, i, k] = usage.airtimes[b, i, k - 1]
                now.airtime[b, i] = windowed_mean(now.airtimes[b, i], air.window_steps)
                now.load[b, i] = load_of(load[i], now.airtime[b, i])
                now.sib_lost[b, i] = sib_lost if air.sib_loss else 0.0
            else:
                wifi_bytes = air.wifi_packets_per_s * wifi_on[b, i - gnbs] * air.step_s
                wifi_bytes *= wifi.PAYLOAD_BYTES
                now.wifi_bytes[0, b] += wifi_bytes
                now.wifi_bytes[1, b] += wifi_bytes * min(used[i] / max(wanted[i], 1e-12), 1.0)


@compiled
def _named_usage(rows: UsageRows) -> Usage:
    cells, nodes = rows.of_cells, rows.of_nodes
    return Usage(
        load=cells[0],
        airtime=cells[1],
        sib_lost=cells[2],
        used=nodes[0],
        bursts_per_s=nodes[1],
        wait_s=nodes[2],
        contends=nodes[3],
        starts=nodes[4],
        airtimes=rows.airtimes,
        wifi_bytes=rows.wifi_bytes,
    )


@compiled
def _named_bearers(rows: Floats) -> Bearers:
    return Bearers(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[7])


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
    """How node i of a hall meets others on the channel in the next step.

    From what nodes [N] did in the step that ends: `used` and `bursts`, and whether i was `limited`, short of
    time; and before it: `waits`, the probabilities to contend, and `starts`. See `Usage`.

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
