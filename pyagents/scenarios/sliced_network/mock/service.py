# SPDX-License-Identifier: GPL-2.0-only
"""A step of all sites: what comes, waits, is sent or done, and given up, as bytes and work that flow."""

import math
from typing import NamedTuple

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.nr import SLOT_S
from pyagents.scenarios.sliced_network.delays import DELAY_EDGES_S, N_DELAYS
from pyagents.scenarios.sliced_network.mock.sharing import QOS, share
from pyagents.simulators.compiled import compiled

_FIRST_EDGE_S = DELAY_EDGES_S[0]
_LOG_GROWTH = math.log(DELAY_EDGES_S[1] / DELAY_EDGES_S[0])
_AIR_S = 1.5 * SLOT_S
"""Delay of a packet that waits for nobody: the next slot, in the mean half of one away, and that slot."""


class Numbers(NamedTuple):
    """What does not change in a run of B networks."""

    slices: Ints
    """[B, U]."""
    mean_rate_bps: Floats
    """[B, U]."""
    prb_cost: Floats
    """[B, U]."""
    prb_cost_variance: Floats
    """[B, U]."""
    order: Ints
    """[B, U] UEs of each site, by index in it, from the highest rate on."""
    demand: Floats
    """[B, U, R] mean demands."""
    packet_bytes: Floats
    """[S]."""
    budget_s: Floats
    """[S] delay budgets."""
    step_s: float
    cpu_capacity: float
    cpu_queue_work: float
    """Work that may wait at the end of a step."""
    rule: int
    """Of `pyagents.scenarios.sliced_network.mock.sharing`."""
    is_reserved: bool
    """Whether what is guaranteed is a bound."""


class State(NamedTuple):
    """What the next step goes by; queues are written to."""

    level: Floats
    """[B, U, R] demands over their means."""
    gfbr_bps: Floats
    """[B, U]."""
    cpu_share: Floats
    """[B, U]."""
    prb_ratio: Floats
    """[B, E, S, 3]."""
    queued_bytes: Floats
    """[B, U]."""
    cpu_queued: Floats
    """[B, U]."""


class Flow(NamedTuple):
    """What happens in a step, to be written. See `Snapshot` for the fields."""

    demand_bps: Floats
    offered_bytes: Floats
    delivered_bytes: Floats
    dropped_bytes: Floats
    queued_bytes: Floats
    prb_share: Floats
    cpu_demand: Floats
    cpu_offered: Floats
    cpu_done: Floats
    cpu_dropped: Floats
    cpu_queued: Floats
    prb_used: Floats
    """[B, E, S], zero before."""
    delay_count: Floats
    """[B, S, D], zero before."""


@compiled
def serve(numbers: Numbers, state: State, flow: Flow) -> None:
    """Play a step of all sites of all networks.

    A UE's part of the airtime brings what its mean rate says. What is left and would wait longer than the
    delay budget, at the rate at which it came, is dropped. Packets take the time that Little's law gives for
    what waits, and no longer than their budget: those that wait longer are dropped.

    Args:
        numbers: of the runs.
        state: before the step.
        flow: of the step.
    """
    n_runs, n_sites = flow.prb_used.shape[0], flow.prb_used.shape[1]
    n = numbers.slices.shape[1] // n_sites
    need, sure, used = np.empty(n), np.empty(n), np.empty(n)
    whole = np.zeros((1, 3))
    whole[0, 2] = 1.0
    alike = np.zeros(n, np.int32)
    for b in range(n_runs):
        for e in range(n_sites):
            first = e * n
            slices = numbers.slices[b, first : first + n]
            order = numbers.order[b, first : first + n]
            for i in range(n):
                u = first + i
                rate = numbers.mean_rate_bps[b, u]
                flow.demand_bps[b, u] = numbers.demand[b, u, 0] * state.level[b, u, 0]
                flow.offered_bytes[b, u] = flow.demand_bps[b, u] / 8 * numbers.step_s
                waits = state.queued_bytes[b, u] + flow.offered_bytes[b, u]
                need[i] = waits * 8 / (rate * numbers.step_s)
                sure[i] = state.gfbr_bps[b, u] / rate
                if numbers.is_reserved:
                    need[i] = min(need[i], sure[i])
            share(need, sure, slices, state.prb_ratio[b, e], order, numbers.rule, used)
            stretch = _stretch(
                used,
                numbers.prb_cost[b, first : first + n],
                numbers.prb_cost_variance[b, first : first + n],
            )
            for i in range(n):
                u, s = first + i, slices[i]
                waits = state.queued_bytes[b, u] + flow.offered_bytes[b, u]
                sent = min(used[i] * numbers.mean_rate_bps[b, u] * numbers.step_s / 8, waits)
                kept = min(waits - sent, flow.demand_bps[b, u] / 8 * numbers.budget_s[s])
                flow.delivered_bytes[b, u] = sent
                flow.dropped_bytes[b, u] = waits - sent - kept
                flow.queued_bytes[b, u] = kept
                flow.prb_share[b, u] = used[i] * numbers.prb_cost[b, u] * stretch
                flow.prb_used[b, e, s] += flow.prb_share[b, u]
                if sent > 0:
                    waited_s = (state.queued_bytes[b, u] + kept) / 2 / sent * numbers.step_s
                    delay_s = _AIR_S + min(waited_s, numbers.budget_s[s])
                    flow.delay_count[b, s, _bin(delay_s)] += sent / numbers.packet_bytes[s]
            work = numbers.cpu_capacity * numbers.step_s
            for i in range(n):
                u = first + i
                flow.cpu_demand[b, u] = numbers.demand[b, u, 1] * state.level[b, u, 1]
                flow.cpu_offered[b, u] = flow.cpu_demand[b, u] * numbers.step_s
                need[i] = (state.cpu_queued[b, u] + flow.cpu_offered[b, u]) / work
                sure[i] = state.cpu_share[b, u]
                if numbers.is_reserved:
                    need[i] = min(need[i], sure[i])
            share(need, sure, alike, whole, order, QOS, used)
            for i in range(n):
                u = first + i
                waits = state.cpu_queued[b, u] + flow.cpu_offered[b, u]
                done = min(used[i] * work, waits)
                kept = min(waits - done, numbers.cpu_queue_work)
                flow.cpu_done[b, u] = done
                flow.cpu_dropped[b, u] = waits - done - kept
                flow.cpu_queued[b, u] = kept


@compiled
def _stretch(used: Floats, cost: Floats, variance: Floats) -> float:
    """PRBs that are sent under fading, over those that data take which wait for nothing.

    In a block the parts of a site's UEs take Y, by the central limit theorem normal, of the sums of their
    means and variances. What does not fit waits for a better block, so that E[min(Y, 1)] is sent; but never
    less than what the parts take at the mean rate.

    Args:
        used: [n] parts of the airtime at the mean rate.
        cost: [n] of `Faded`.
        variance: [n] of `Faded`.
    """
    at_mean, mean, spread = 0.0, 0.0, 0.0
    for i in range(len(used)):
        at_mean += used[i]
        mean += used[i] * cost[i]
        spread += used[i] * used[i] * variance[i]
    if mean <= 0:
        return 1.0
    sent, spread = min(mean, 1.0), math.sqrt(spread)
    if spread > 0:
        z = (1 - mean) / spread
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        sent = mean - spread * (density - z * math.erfc(z / math.sqrt(2)) / 2)
    return max(sent, min(at_mean, 1.0)) / mean


@compiled
def _bin(delay_s: float) -> int:
    """Bin that a delay is counted in."""
    return min(max(math.ceil(math.log(delay_s / _FIRST_EDGE_S) / _LOG_GROWTH), 0), N_DELAYS - 1)
