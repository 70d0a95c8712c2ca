# SPDX-License-Identifier: GPL-2.0-only
"""What a run is judged by: pure functions of Snapshots, units in the names.

`row` puts them together for one step. It sees the last snapshots, oldest first, and nothing else.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.delays import DELAY_EDGES_S
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot

SATISFIED_SHARE_OF_DEMAND = 0.95
"""A UE is satisfied if it gets this much of its guaranteed bit rate within the delay budget."""

STARVED_SHARE_OF_DEMAND = 0.5
"""A UE starves if it gets less than this much."""

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999}
"""Shares of packets whose delays a row tells."""


def history_steps(scenario: Scenario) -> int:
    """How many snapshots `row` looks back over: the steps of the averaging window and the one before them."""
    return math.ceil(scenario.averaging_window_ms / 1e3 / scenario.step_s - 1e-9) + 1


def row(history: Sequence[Snapshot], scenario: Scenario) -> dict[str, float]:
    """All metrics of the newest snapshot, by name with unit.

    Args:
        history: the last `history_steps` snapshots, oldest first; at the start of a run, those there are.
        scenario: that they are of; its averaging window is the one of TS 23.501 clause 5.7.3.6.
    """
    window_s = scenario.averaging_window_ms / 1e3
    now = history[-1]
    load = now.load
    return {
        "time_s": now.time_s,
        "load_mean": float(load.mean()),
        "load_variance": float(load.var()),
        "load_std": float(load.std()),
        "load_max": float(load.max()),
        "load_median": float(np.median(load)),
        "overloaded_share": float((load > 1).mean()),
        "load_jain": jain_index(load),
        "throughput_mbps": float(now.delivered_bps.sum()) / 1e6,
        "demand_mbps": float(now.demand_bps.sum()) / 1e6,
        "satisfied_share": satisfied_share(history, window_s),
        "starved_share": starved_share(history, window_s),
        "late_share": late_share(history, window_s),
        **_delays_ms(history, window_s),
        "handovers": float(now.handovers.sum()),
        "handover_failures": float(now.handover_failures.sum()),
        "ping_pongs": float(now.ping_pongs.sum()),
        "handovers_per_ue": float(now.handovers.mean()),
        "sib_age_mean_s": sib_age_s(now),
        "sib_loss_share": sib_loss_share(history, window_s),
        "airtime_mean": float(now.airtime.mean()),
        "airtime_used_mean": float(now.airtime_used.mean()),
        "offered_bytes": float(now.offered_bytes.sum()),
        "delivered_bytes": float(now.delivered_bytes.sum()),
        "dropped_bytes": float(now.dropped_bytes.sum()),
        "queued_bytes": float(now.queued_bytes.sum()),
        **_wifi(history, window_s),
        **{f"load_gnb_{gnb}": float(value) for gnb, value in enumerate(load)},
    }


def jain_index(values: Floats) -> float:
    """Jain's fairness index (sum x)^2 / (n sum x^2): 1 if all are equal (or 0), 1/n if one has all."""
    squares = float(np.square(values).sum())
    return float(values.sum()) ** 2 / (len(values) * squares) if squares > 0 else 1.0


def served(history: Sequence[Snapshot]) -> Floats:
    """[U] share of each UE's demand that arrived within the delay budget, over the history.

    The full-band rate of Eq (4) exceeds the demand almost everywhere indoors; only what arrives tells whether
    the demand is met. Where `late_bytes` are not known all that arrived counts.
    """
    first, last = history[0], history[-1]
    late = [np.nan_to_num(snapshot.late_bytes) for snapshot in (first, last)]
    in_time_bytes = last.delivered_bytes - late[1] - (first.delivered_bytes - late[0])
    share: Floats = in_time_bytes * 8 / (last.time_s - first.time_s) / last.demand_bps
    return share


def satisfied(history: Sequence[Snapshot]) -> NDArray[np.bool_]:
    """[U] whether 95 % of each UE's demand arrived within the delay budget, over the history."""
    enough: NDArray[np.bool_] = served(history) >= SATISFIED_SHARE_OF_DEMAND
    return enough


def satisfied_share(history: Sequence[Snapshot], window_s: float) -> float:
    """Share of the UEs that are satisfied; NaN until the history spans the window."""
    if not _spans_window(history, window_s):
        return math.nan
    return float(satisfied(history).mean())


def starved_share(history: Sequence[Snapshot], window_s: float) -> float:
    """Share of the UEs that got less than half of their demand; NaN until the history spans the window."""
    if not _spans_window(history, window_s):
        return math.nan
    return float((served(history) < STARVED_SHARE_OF_DEMAND).mean())


def late_share(history: Sequence[Snapshot], window_s: float) -> float:
    """Share of the bytes delivered in the window that came late; NaN without any, before, or if not known."""
    if not _spans_window(history, window_s):
        return math.nan
    first, last = history[0], history[-1]
    delivered = float((last.delivered_bytes - first.delivered_bytes).sum())
    return float((last.late_bytes - first.late_bytes).sum()) / delivered if delivered > 0 else math.nan


def delay_ms(counts: Floats, share: float) -> float:
    """Delay that `share` of the packets kept, ms; NaN without any, and where it is not known.

    Linear within a bin; delays in the last bin, which has no upper edge, count as its lower edge: 404 ms says
    that or more.

    Args:
        counts: [D] packets by delay, see `DELAY_EDGES_S`.
        share: 0 to 1, above 0.
    """
    below = np.concatenate([[0.0], np.cumsum(counts)])
    if not below[-1] > 0:
        return math.nan
    edges = np.array([0.0, *DELAY_EDGES_S, DELAY_EDGES_S[-1]])
    wanted = share * below[-1]
    k = max(int(np.searchsorted(below, wanted)) - 1, 0)
    return float(edges[k] + (edges[k + 1] - edges[k]) * (wanted - below[k]) / counts[k]) * 1e3


def _delays_ms(history: Sequence[Snapshot], window_s: float) -> dict[str, float]:
    """Delays of all packets in the window, and p99 of the UE that waits longest; NaN before the window."""
    of_ues = np.zeros_like(history[-1].delays)
    if _spans_window(history, window_s):
        of_ues = np.sum([snapshot.delays for snapshot in history[1:]], axis=0)
    of_all = of_ues.sum(axis=0)
    worst = [delay_ms(counts, QUANTILES["p99"]) for counts in of_ues if counts.any()]
    return {f"delay_{name}_ms": delay_ms(of_all, share) for name, share in QUANTILES.items()} | {
        "delay_p99_worst_ms": max(worst, default=math.nan)
    }


def _wifi(history: Sequence[Snapshot], window_s: float) -> dict[str, float]:
    """What Wi-Fi was offered and carried in the window, and how long it took; NaN before the window."""
    first, last = history[0], history[-1]
    spans, seconds = _spans_window(history, window_s), last.time_s - first.time_s
    counts = np.sum([snapshot.wifi_delays for snapshot in history[1:]], axis=0) if spans else np.zeros(1)

    def mbps(before: float, after: float) -> float:
        return (after - before) * 8 / seconds / 1e6 if spans else math.nan

    return {
        "wifi_offered_mbps": mbps(first.wifi_offered_bytes, last.wifi_offered_bytes),
        "wifi_throughput_mbps": mbps(first.wifi_delivered_bytes, last.wifi_delivered_bytes),
        "wifi_delay_p50_ms": delay_ms(counts, 0.5),
        "wifi_delay_p95_ms": delay_ms(counts, 0.95),
    }


def audible(snapshot: Snapshot) -> NDArray[np.bool_]:
    """[U, G] cells whose data a UE could decode: those in whose range it is."""
    in_range: NDArray[np.bool_] = snapshot.rate_bps > 0
    return in_range


def sib_age_s(snapshot: Snapshot) -> float:
    """Mean age of the loads that UEs know of audible cells, s; NaN if none was ever heard."""
    ages = snapshot.sib_age_s[audible(snapshot)]
    heard = ages[np.isfinite(ages)]
    return float(heard.mean()) if len(heard) else math.nan


def sib_loss_share(history: Sequence[Snapshot], window_s: float) -> float:
    """Share of the SIBx instances due from audible cells that UEs did not decode.

    Counts both those that never went on air and those sent in vain. NaN until the history spans the window.
    """
    if not _spans_window(history, window_s):
        return math.nan
    first, last = history[0], history[-1]
    in_range = audible(first) & audible(last)
    due = np.where(in_range, (last.sib_due - first.sib_due)[None, :], 0).sum()
    heard = np.where(in_range, last.sib_heard - first.sib_heard, 0).sum()
    return float(1 - heard / due) if due else math.nan


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What a run comes to: counts at its end, and means over its second half, when transients are over."""
    counted = (
        "handovers",
        "handover_failures",
        "ping_pongs",
        "offered_bytes",
        "delivered_bytes",
        "dropped_bytes",
        "queued_bytes",
    )
    averaged = (
        "load_mean",
        "load_variance",
        "load_std",
        "load_max",
        "load_median",
        "overloaded_share",
        "load_jain",
        "throughput_mbps",
        "demand_mbps",
        "satisfied_share",
        "starved_share",
        "late_share",
        *(f"delay_{name}_ms" for name in QUANTILES),
        "delay_p99_worst_ms",
        "sib_age_mean_s",
        "sib_loss_share",
        "airtime_mean",
        "airtime_used_mean",
        "wifi_offered_mbps",
        "wifi_throughput_mbps",
        "wifi_delay_p50_ms",
        "wifi_delay_p95_ms",
    )
    settled = rows[len(rows) // 2 :]
    means = {name: _mean([row[name] for row in settled]) for name in averaged}
    first, last = rows[0], rows[-1]
    return (
        means
        | {name: last[name] for name in counted}
        | {
            "load_std_first": first["load_std"],
            "load_variance_median": float(np.median([row["load_variance"] for row in settled])),
            "load_variance_max": max(row["load_variance"] for row in settled),
            "overloaded_periods_share": _mean([float(row["overloaded_share"] > 0) for row in settled]),
            "handovers_per_ue_minute": _per_minute(first, last),
            "ping_pong_share": last["ping_pongs"] / last["handovers"] if last["handovers"] else math.nan,
        }
    )


def _per_minute(first: Mapping[str, float], last: Mapping[str, float]) -> float:
    """Handovers of a UE in a minute between two rows; NaN if no time has passed."""
    minutes = (last["time_s"] - first["time_s"]) / 60
    return (last["handovers_per_ue"] - first["handovers_per_ue"]) / minutes if minutes > 0 else math.nan


def _mean(values: Sequence[float]) -> float:
    """Mean of those that are numbers, NaN if none is."""
    numbers = [value for value in values if not math.isnan(value)]
    return sum(numbers) / len(numbers) if numbers else math.nan


def _spans_window(history: Sequence[Snapshot], window_s: float) -> bool:
    return history[-1].time_s - history[0].time_s >= window_s - 1e-9
