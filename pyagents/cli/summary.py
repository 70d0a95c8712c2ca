# SPDX-License-Identifier: GPL-2.0-only
"""The table that says what runs came to, for the terminal and for a file."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from pyagents.runs.rollout import Row
from pyagents.scenarios.indoor_factory.metric_table import METRICS

LINES = (
    "load_std_first",
    "load_std",
    "load_variance",
    "load_mean",
    "load_max",
    "load_jain",
    "throughput_mbps",
    "demand_mbps",
    "satisfied_share",
    "starved_share",
    "late_share",
    "delay_p99_ms",
    "handovers",
    "ping_pongs",
    "sib_loss_share",
    "sib_age_mean_s",
    "airtime_mean",
    "airtime_used_mean",
    "wifi_throughput_mbps",
)
"""Metrics that are shown, in order: no more than fit a terminal of 24 lines with what is around them."""

NOTE = "Means over the second half of the run; handovers and ping-pongs over all of it."


def print_summary(console: Console, runs: Mapping[str, Row]) -> None:
    """Print the table, a column a run."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in runs:
        table.add_column(name, justify="right")
    for cells in _cells(runs):
        table.add_row(*cells)
    console.print(table)
    console.print(NOTE, style="dim", soft_wrap=True)


def summary_markdown(runs: Mapping[str, Row]) -> str:
    """The table as Markdown."""
    head = [["", *runs], ["---", *("---:" for _ in runs)]]
    lines = [f"| {' | '.join(cells)} |" for cells in [*head, *_cells(runs)]]
    return "\n".join(lines) + f"\n\n{NOTE}\n"


def _cells(runs: Mapping[str, Row]) -> list[list[str]]:
    return [
        [metric.title, *(metric.show(summary[metric.name]) for summary in runs.values())]
        for metric in (METRICS[name] for name in LINES)
    ]
