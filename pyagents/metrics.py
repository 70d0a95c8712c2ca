# SPDX-License-Identifier: GPL-2.0-only
"""What a run is judged by: pure functions of Snapshots, units in the names.

`row` puts them together for one step. It sees the last snapshots, oldest first, and nothing else.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pyagents.scenario import Scenario
from pyagents.snapshot import Floats, Snapshot

WINDOW_S = 1.0
"""Satisfaction and SIBx loss are measured over the shortest whole number of steps that is this long."""

SATISFIED_SHARE_OF_DEMAND = 0.95
"""A UE is satisfied if it gets this much of its guaranteed bit rate."""


def history_steps(scenario: Scenario) -> int:
    """How many snapshots `row` looks back over: the window's steps and the one before them."""
    return math.ceil(WINDOW_S / scenario.step_s - 1e-9) + 1


def row(history: Sequence[Snapshot]) -> dict[str, float]:
    """All metrics of the newest snapshot, by name with unit.

    Args:
        history: the last `history_steps` snapshots, oldest first; at the start of a run, those there are.
    """
    now = history[-1]
    load = now.load
    return {
        "time_s": now.time_s,
        "load_mean": float(load.mean()),
        "load_variance": float(load.var()),
        "load_std": float(load.std()),
        "load_max": float(load.max()),
        "load_jain": jain_index(load),
        "throughput_mbps": float(now.delivered_bps.sum()) / 1e6,
        "demand_mbps": float(now.demand_bps.sum()) / 1e6,
        "satisfied_share": satisfied_share(history),
        "handovers": float(now.handovers.sum()),
        "handover_failures": float(now.handover_failures.sum()),
        "ping_pongs": float(now.ping_pongs.sum()),
        "handovers_per_ue": float(now.handovers.mean()),
        "sib_age_mean_s": sib_age_s(now),
        "sib_loss_share": sib_loss_share(history),
        "airtime_mean": float(now.airtime.mean()),
        "airtime_used_mean": float(now.airtime_used.mean()),
        "offered_bytes": float(now.offered_bytes.sum()),
        "delivered_bytes": float(now.delivered_bytes.sum()),
        "dropped_bytes": float(now.dropped_bytes.sum()),
        "queued_bytes": float(now.queued_bytes.sum()),
        **{f"load_gnb_{gnb}": float(value) for gnb, value in enumerate(load)},
    }


def jain_index(values: Floats) -> float:
    """Jain's fairness index (sum x)^2 / (n sum x^2): 1 if all are equal (or 0), 1/n if one has all."""
    squares = float(np.square(values).sum())
    return float(values.sum()) ** 2 / (len(values) * squares) if squares > 0 else 1.0


def satisfied(history: Sequence[Snapshot]) -> NDArray[np.bool_]:
    """[U] whether each UE got 95 % of its demand over the time that the history spans.

    The full-band rate of Eq (4) exceeds the demand almost everywhere indoors; only what arrives tells whether
    the demand is met.
    """
    first, last = history[0], history[-1]
    delivered_bps = (last.delivered_bytes - first.delivered_bytes) * 8 / (last.time_s - first.time_s)
    enough: NDArray[np.bool_] = delivered_bps >= SATISFIED_SHARE_OF_DEMAND * last.demand_bps
    return enough


def satisfied_share(history: Sequence[Snapshot]) -> float:
    """Share of the UEs that are satisfied; NaN until the history spans the window."""
    if not _spans_window(history):
        return math.nan
    return float(satisfied(history).mean())


def audible(snapshot: Snapshot) -> NDArray[np.bool_]:
    """[U, G] cells whose data a UE could decode: those in whose range it is."""
    in_range: NDArray[np.bool_] = snapshot.rate_bps > 0
    return in_range


def sib_age_s(snapshot: Snapshot) -> float:
    """Mean age of the loads that UEs know of audible cells, s; NaN if none was ever heard."""
    ages = snapshot.sib_age_s[audible(snapshot)]
    heard = ages[np.isfinite(ages)]
    return float(heard.mean()) if len(heard) else math.nan


def sib_loss_share(history: Sequence[Snapshot]) -> float:
    """Share of the SIBx instances due from audible cells that UEs did not decode.

    Counts both those that never went on air and those sent in vain. NaN until the history spans the window.
    """
    if not _spans_window(history):
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
        "load_jain",
        "throughput_mbps",
        "demand_mbps",
        "satisfied_share",
        "sib_age_mean_s",
        "sib_loss_share",
        "airtime_mean",
        "airtime_used_mean",
    )
    settled = rows[len(rows) // 2 :]
    means = {name: _mean([row[name] for row in settled]) for name in averaged}
    first, last = rows[0], rows[-1]
    return (
        means
        | {name: last[name] for name in counted}
        | {
            "load_std_first": first["load_std"],
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


def _spans_window(history: Sequence[Snapshot]) -> bool:
    return history[-1].time_s - history[0].time_s >= WINDOW_S - 1e-9
