# SPDX-License-Identifier: GPL-2.0-only
"""The table that says what runs came to, for the terminal and for a file."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from pyagents.cli.columns import Column
from pyagents.runs.rollout import Row

LINES = (
    Column("load deviation, at the start", "load_std_first", 1, ".3f"),
    Column("load deviation", "load_std", 1, ".3f"),
    Column("load variance", "load_variance", 1, ".4f"),
    Column("mean load", "load_mean", 1, ".3f"),
    Column("highest load", "load_max", 1, ".3f"),
    Column("Jain's index of the loads", "load_jain", 1, ".3f"),
    Column("throughput, Mb/s", "throughput_mbps", 1, ".1f"),
    Column("demand, Mb/s", "demand_mbps", 1, ".1f"),
    Column("UEs satisfied, %", "satisfied_share", 100, ".1f"),
    Column("handovers", "handovers", 1, ".0f"),
    Column("ping-pongs", "ping_pongs", 1, ".0f"),
    Column("SIBx lost, %", "sib_loss_share", 100, ".1f"),
    Column("age of heard loads, ms", "sib_age_mean_s", 1000, ".0f"),
    Column("airtime that LBT leaves, %", "airtime_mean", 100, ".1f"),
    Column("airtime used, %", "airtime_used_mean", 100, ".1f"),
)

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
        [line.label, *(format(summary[line.metric] * line.factor, line.form) for summary in runs.values())]
        for line in LINES
    ]
