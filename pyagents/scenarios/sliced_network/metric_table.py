# SPDX-License-Identifier: GPL-2.0-only
"""What people call the metrics of a run: one table for terminal, files and report."""

from collections.abc import Mapping
from typing import Literal

from pyagents.core.metrics import Metric


def _share(name: str, label: str, better: Literal["lower", "higher", ""] = "", over: str = "") -> Metric:
    known = {"over": over} if over else {}
    return Metric(name=name, label=label, unit="%", better=better, factor=100, form=".1f", **known)


def _delay(name: str, label: str) -> Metric:
    return Metric(name=name, label=label, unit="ms", better="lower", form=".1f")


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(name="reward", label="satisfaction less what is idle", better="higher"),
        _share("utilisation", "used of capacity", "higher"),
        _share("utilisation_radio", "PRBs sent", "higher"),
        _share("utilisation_computing", "edge host busy", "higher"),
        _share("allocated", "allocated of capacity"),
        _share("reserved_idle", "allocated and idle", "lower"),
        _share("reserved_idle_radio", "PRBs guaranteed and not sent", "lower"),
        _share("reserved_idle_computing", "edge host reserved and idle", "lower"),
        _share("demanded", "demanded of capacity"),
        _share("satisfaction", "satisfaction", "higher"),
        _share("satisfaction_radio", "demanded bytes received", "higher"),
        _share("satisfaction_computing", "demanded work done", "higher"),
        _share("satisfaction_min", "least satisfied UE", "higher"),
        Metric(name="satisfaction_jain", label="Jain's index of satisfaction", better="higher"),
        _share("satisfaction_allocated", "satisfaction by what is allocated", "higher"),
        _share("satisfaction_embb", "satisfaction, eMBB", "higher"),
        _share("satisfaction_urllc", "satisfaction, URLLC", "higher"),
        _share("satisfaction_mmtc", "satisfaction, mMTC", "higher"),
        _share("starved_share", "UEs with less than half of their demand", "lower"),
        _share("change_share", "steps in which a site changes anything", over="over all of it"),
        _delay("delay_mean_ms", "delay, mean"),
        _delay("delay_p95_ms", "delay, 95 % keep"),
        _delay("delay_p99_ms", "delay, 99 % keep"),
        _delay("urllc_delay_p99_ms", "delay of URLLC, 99 % keep"),
        _share("late_share", "bytes received late", "lower"),
        _share("dropped_share", "bytes dropped", "lower"),
        _share("cpu_dropped_share", "work dropped", "lower"),
        _share("prb_used_embb", "PRBs sent to eMBB"),
        _share("prb_used_urllc", "PRBs sent to URLLC"),
        _share("prb_used_mmtc", "PRBs sent to mMTC"),
    )
}
"""All that tables show, by name."""
