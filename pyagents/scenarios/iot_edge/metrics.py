# SPDX-License-Identifier: GPL-2.0-only
"""What a run is judged by: pure functions of Snapshots, units in the names.

The plan's evenness is of what is planned, the same on all simulators; the measured one of what was sent and
what arrived.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.iot_edge.balance import cluster_sums, evenness, reward
from pyagents.scenarios.iot_edge.delays import DELAY_EDGES_S
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Cause, Snapshot

HISTORY_STEPS = 2
"""Snapshots that `row` looks back over."""


def row(history: Sequence[Snapshot], scenario: Scenario) -> dict[str, float]:
    """All metrics of the newest snapshot, by name with unit.

    Args:
        history: the last snapshots, oldest first; at the start of a run there is one.
        scenario: that they are of.
    """
    now, before = history[-1], history[0]
    hops, loads_bytes = planned_loads(now)
    gamma, delta = float(evenness(hops)), float(evenness(loads_bytes))
    kilobyte_hops = cluster_sums(now.cluster, now.hops * now.message_bytes, now.n_servers)
    demand = link_demand(now, scenario)
    return {
        "time_s": now.time_s,
        "gamma": gamma,
        "delta": delta,
        "reward": float(reward(gamma, delta)),
        "reward_letter": gamma * delta,
        "both_negative": float(gamma < 0 and delta < 0),
        "gamma_bytes": float(evenness(kilobyte_hops)),
        "gamma_measured": float(evenness(cluster_sums(now.cluster, now.sent_messages, now.n_servers))),
        "delta_measured": float(evenness(now.received_bytes)),
        "unreachable_share": float((now.hops == 0).mean()),
        "empty_clusters": float((now.head < 0).sum()),
        "hops_mean": float(now.hops[now.hops > 0].mean()) if (now.hops > 0).any() else math.nan,
        "sensing_share": float(now.sensing.mean()),
        "link_demand_max": float(demand.max()),
        "overloaded_links_share": float((demand > 1).mean()),
        "made_bytes": float(now.message_bytes.sum()),
        "received_bytes": float(now.received_bytes.sum()),
        "sent_bytes": float(now.sent_bytes.sum()),
        "dropped_bytes": float(now.dropped_bytes.sum()),
        **{
            f"dropped_{cause.name.lower()}_bytes": float(now.dropped_by_cause_bytes[cause]) for cause in Cause
        },
        "queued_bytes": float(now.queued_bytes.sum()),
        "control_bytes": float(now.control_bytes.sum()),
        "rehomed": float((now.cluster != before.cluster).sum()),
        "stale_share": float((now.next_hop != now.parent).mean()),
        "busy_share_mean": float(now.busy_share.mean()),
        "busy_share_max": float(now.busy_share.max()),
        "delay_p50_ms": delay_ms(now.delays, 0.5),
        "delay_p95_ms": delay_ms(now.delays, 0.95),
        **{f"bytes_server_{c}": float(value) for c, value in enumerate(now.received_bytes)},
    }


def planned_loads(snapshot: Snapshot) -> tuple[Floats, Floats]:
    """[..., K] hops and bytes of each cluster, of the devices that are reachable."""
    reached = snapshot.hops > 0
    hops = cluster_sums(snapshot.cluster, snapshot.hops, snapshot.n_servers)
    return hops, cluster_sums(snapshot.cluster, reached * snapshot.message_bytes, snapshot.n_servers)


def link_demand(snapshot: Snapshot, scenario: Scenario) -> Floats:
    """[N] what the plan asks of each device's link to its next hop, in what one carries; 0: unreachable."""
    carried = np.where(snapshot.hops > 0, snapshot.message_bytes, 0.0)
    for depth in range(int(snapshot.hops.max()), 1, -1):
        here = snapshot.hops == depth
        np.add.at(carried, snapshot.parent[here], carried[here])
    demand: Floats = carried / (scenario.link_rate_bytes_per_s * scenario.period_s)
    return demand


def delay_ms(counts: Floats, share: float) -> float:
    """Delay that `share` of the messages kept, ms, linear within a bin; NaN without any.

    Args:
        counts: [D] messages by delay, see `DELAY_EDGES_S`; the last bin counts as its lower edge.
        share: above 0, at most 1.
    """
    below = np.concatenate([[0.0], np.cumsum(counts)])
    if below[-1] == 0:
        return math.nan
    edges = np.array([0.0, *DELAY_EDGES_S, DELAY_EDGES_S[-1]])
    wanted = share * below[-1]
    k = int(np.searchsorted(below, wanted)) - 1
    return float(edges[k] + (edges[k + 1] - edges[k]) * (wanted - below[k]) / counts[k]) * 1e3


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What a run comes to: means over its second half, when transients are over."""
    settled = rows[len(rows) // 2 :]
    made = {name: _mean([one[name] for one in settled]) for name in _AVERAGED}
    total = {name: sum(one[name] for one in settled) for name in ("made_bytes", "received_bytes")}
    return made | {
        "collected_share": total["received_bytes"] / total["made_bytes"],
        "reward_whole_run": _mean([one["reward"] for one in rows]),
        "both_negative_share": _mean([one["both_negative"] for one in rows]),
        "overloaded_steps_share": _mean([float(one["link_demand_max"] > 1) for one in settled]),
    }


_AVERAGED = (
    "gamma",
    "delta",
    "reward",
    "reward_letter",
    "gamma_bytes",
    "gamma_measured",
    "delta_measured",
    "unreachable_share",
    "empty_clusters",
    "hops_mean",
    "sensing_share",
    "link_demand_max",
    "overloaded_links_share",
    "dropped_bytes",
    "queued_bytes",
    "control_bytes",
    "rehomed",
    "stale_share",
    "busy_share_mean",
    "busy_share_max",
    "delay_p50_ms",
    "delay_p95_ms",
)


def _mean(values: Sequence[float]) -> float:
    """Mean of those that are numbers, NaN if none is."""
    numbers = [value for value in values if not math.isnan(value)]
    return sum(numbers) / len(numbers) if numbers else math.nan
