# SPDX-License-Identifier: GPL-2.0-only
"""What people call the metrics of a run: one table for terminal, files and report."""

from collections.abc import Mapping
from typing import Literal

from pyagents.core.metrics import Metric

_ALL = "over all of it"


def _share(name: str, label: str, better: Literal["lower", "higher", ""] = "", over: str = "") -> Metric:
    known = {"over": over} if over else {}
    return Metric(name=name, label=label, unit="%", better=better, factor=100, form=".1f", **known)


def _kilobytes(name: str, label: str, better: Literal["lower", ""]) -> Metric:
    return Metric(name=name, label=label, unit="KB a step", better=better, factor=1e-3, form=".2f")


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(name="reward", label="reward", better="higher"),
        Metric(name="reward_letter", label="reward as printed", better="higher"),
        Metric(name="reward_whole_run", label="reward, whole run", better="higher", over=_ALL),
        Metric(name="gamma", label="evenness of hops", better="higher"),
        Metric(name="delta", label="evenness of bytes", better="higher"),
        Metric(name="gamma_bytes", label="evenness of byte-hops", better="higher"),
        Metric(name="gamma_measured", label="evenness of what was sent", better="higher"),
        Metric(name="delta_measured", label="evenness of what arrived", better="higher"),
        _share("collected_share", "bytes collected", "higher"),
        _share("unreachable_share", "devices unreachable", "lower"),
        Metric(name="empty_clusters", label="empty clusters", better="lower", form=".2f"),
        _share("both_negative_share", "steps with both evennesses negative", "lower", over=_ALL),
        Metric(name="hops_mean", label="hops of a message", better="lower", form=".2f"),
        _share("sensing_share", "devices that sense"),
        Metric(name="link_demand_max", label="busiest link, demand of its rate", better="lower", form=".2f"),
        _share("overloaded_links_share", "links asked for more than their rate", "lower"),
        _share("overloaded_steps_share", "steps with an overloaded link", "lower"),
        _kilobytes("dropped_bytes", "dropped", "lower"),
        _kilobytes("queued_bytes", "queued", "lower"),
        _kilobytes("control_bytes", "control", "lower"),
        Metric(
            name="rehomed", label="devices that change cluster", unit="a step", better="lower", form=".2f"
        ),
        _share("stale_share", "devices whose route is not the planned", "lower"),
        _share("busy_share_mean", "channel busy, mean device"),
        _share("busy_share_max", "channel busy, busiest device"),
        Metric(name="delay_p50_ms", label="delay, median", unit="ms", better="lower", form=".0f"),
        Metric(name="delay_p95_ms", label="delay, 95 % keep", unit="ms", better="lower", form=".0f"),
    )
}
"""All that tables show, by name."""
