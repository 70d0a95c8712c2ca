# SPDX-License-Identifier: GPL-2.0-only
"""What people call the metrics of a run: one table for terminal, files and report.

Apart from `metrics.py`, whose hash is part of each run's key: a word here changes no run.
"""

from collections.abc import Mapping
from typing import Literal

from pyagents.core.metrics import Metric

_ALL = "over all of it"


def _share(name: str, label: str, better: Literal["lower", "higher", ""], of: str = "") -> Metric:
    return Metric(name=name, label=label, unit=f"% {of}".strip(), better=better, factor=100, form=".1f")


def _ms(name: str, label: str) -> Metric:
    return Metric(name=name, label=label, unit="ms", better="lower", form=".0f")


def _mbps(name: str, label: str, better: Literal["higher", ""]) -> Metric:
    return Metric(name=name, label=label, unit="Mb/s", better=better, form=".1f")


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(name="load_mean", label="mean load", better="lower"),
        Metric(name="load_variance", label="load variance", better="lower", form=".4f"),
        Metric(name="load_variance_median", label="load variance, median step", better="lower", form=".4f"),
        Metric(name="load_variance_max", label="load variance, worst step", better="lower", form=".4f"),
        Metric(name="load_std", label="load deviation", better="lower"),
        Metric(name="load_std_first", label="load deviation, at the start", over=""),
        Metric(name="load_max", label="highest load", better="lower"),
        Metric(name="load_median", label="median load", better="lower"),
        Metric(name="load_jain", label="Jain's index of loads", better="higher"),
        _share("overloaded_share", "gNBs overloaded", "lower"),
        _share("overloaded_periods_share", "periods with an overloaded gNB", "lower"),
        _mbps("throughput_mbps", "throughput", "higher"),
        _mbps("demand_mbps", "demand", ""),
        _share("satisfied_share", "UEs satisfied", "higher"),
        _share("starved_share", "UEs starved", "lower"),
        _share("late_share", "bytes late", "lower"),
        _ms("delay_p50_ms", "delay, median"),
        _ms("delay_p95_ms", "delay, 95 % keep"),
        _ms("delay_p99_ms", "delay, 99 % keep"),
        _ms("delay_p999_ms", "delay, 99.9 % keep"),
        _ms("delay_p99_worst_ms", "delay, 99 % of the worst UE's keep"),
        Metric(name="handovers", label="handovers", better="lower", form=".0f", over=_ALL),
        Metric(name="handover_failures", label="handover failures", better="lower", form=".0f", over=_ALL),
        Metric(name="ping_pongs", label="ping-pongs", better="lower", form=".0f", over=_ALL),
        _share("ping_pong_share", "ping-pongs", "lower", of="of handovers"),
        Metric(
            name="handovers_per_ue_minute",
            label="handovers per UE and minute",
            better="lower",
            form=".2f",
            over=_ALL,
        ),
        _share("sib_loss_share", "SIBx lost", "lower"),
        Metric(
            name="sib_age_mean_s",
            label="age of heard loads",
            unit="ms",
            better="lower",
            factor=1000,
            form=".0f",
        ),
        _share("airtime_mean", "airtime that LBT leaves", "higher"),
        _share("airtime_used_mean", "airtime used", ""),
        _mbps("wifi_offered_mbps", "Wi-Fi offered", ""),
        _mbps("wifi_throughput_mbps", "Wi-Fi throughput", "higher"),
        _ms("wifi_delay_p50_ms", "Wi-Fi delay, median"),
        _ms("wifi_delay_p95_ms", "Wi-Fi delay, 95 % keep"),
    )
}
"""All that tables show, by name."""
