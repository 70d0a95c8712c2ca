# SPDX-License-Identifier: GPL-2.0-only
"""The table that sets agents side by side, for the terminal and for files."""

import math
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from pyagents.cli.columns import Column
from pyagents.runs.comparison import Comparison
from pyagents.statistics.interval import Estimate, estimate_mean

REFERENCE = "optimum"
"""Where it is among the agents, the others' load variance is held against its."""


COLUMNS = (
    Column("load\nvariance", "load_variance", 1, ".4f"),
    Column("UEs satis-\nfied, %", "satisfied_share", 100, ".1f"),
    Column("throughput,\nMb/s", "throughput_mbps", 1, ".1f"),
    Column("handovers per\nUE and minute", "handovers_per_ue_minute", 1, ".2f"),
    Column("ping-pongs,\n% of them", "ping_pong_share", 100, ".1f"),
)
GAP = Column(f"variance above\n{REFERENCE}", "load_variance_above_optimum", 1, ".4f")
TIME = Column("decision,\nms a step", "decision_ms", 1, ".2f")

_WIDEST = 400
"""Characters; wider than any table here."""

NOTE = (
    "Means over the seeds, with 95 % bootstrap intervals below. Of each run: means over its second half; "
    "handovers over all of it; decisions: processor time on this machine."
)


def comparison_rows(comparison: Comparison) -> list[dict[str, float | str]]:
    """The table as rows: agent, metric, mean, ends of the interval, number of seeds. No decision times."""
    return [
        {
            "agent": agent,
            "metric": column.metric,
            "mean": e.mean,
            "low": e.low,
            "high": e.high,
            "seeds": e.count,
        }
        for agent in comparison.agents
        for column, estimates in _estimates(comparison).items()
        for e in [estimates[agent]]
    ]


def decision_rows(comparison: Comparison) -> list[dict[str, float | str]]:
    """A row a run: what its decisions took, ms. Other each time."""
    return [
        {
            "agent": result.run.agent,
            "seed": result.run.seed,
            "mean_ms": 1000 * sum(result.decisions_s) / len(result.decisions_s),
            "max_ms": 1000 * max(result.decisions_s),
        }
        for result in comparison.results
    ]


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print the table, an agent a row; below the optimum's, what its solver left open.

    Rows are not broken to fit a narrow terminal: numbers that are cut mislead.
    """
    columns = {**_estimates(comparison), TIME: _decision_ms(comparison)}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column.label, justify="right", no_wrap=True)
    for agent in comparison.agents:
        table.add_row(agent, *(_cell(column, estimates[agent]) for column, estimates in columns.items()))
    Console(file=console.file, width=_WIDEST).print(table)
    console.print(NOTE, style="dim", soft_wrap=True)
    gaps = [
        row["solver_gap"]
        for result in comparison.results
        for row in result.rows
        if not math.isnan(row.get("solver_gap", math.nan))
    ]
    if gaps:
        worst, mean = max(gaps), sum(gaps) / len(gaps)
        console.print(
            f"{REFERENCE} knows everything. Its solver stopped at a gap of {mean:.1%} on average, "
            f"{worst:.1%} at most, to the bound of its own objective.",
            style="dim",
            soft_wrap=True,
            highlight=False,
        )


def _estimates(comparison: Comparison) -> dict[Column, Mapping[str, Estimate]]:
    """What comes out the same each time, by column and agent."""
    columns: dict[Column, Mapping[str, Estimate]] = {
        column: comparison.means(column.metric) for column in COLUMNS
    }
    if REFERENCE in comparison.agents:
        columns[GAP] = comparison.differences("load_variance", REFERENCE)
    return columns


def _decision_ms(comparison: Comparison) -> dict[str, Estimate]:
    """Mean time of a decision by agent, ms; one value a seed."""
    rows = decision_rows(comparison)
    return {
        agent: estimate_mean([float(row["mean_ms"]) for row in rows if row["agent"] == agent])
        for agent in comparison.agents
    }


def _cell(column: Column, estimate: Estimate) -> str:
    """Mean, and below it the interval; a dash for what there is not."""

    def text(value: float) -> str:
        return format(value * column.factor, column.form)

    if math.isnan(estimate.mean):
        return "-"
    ends = "" if math.isnan(estimate.low) else f"{text(estimate.low)} to {text(estimate.high)}"
    return f"{text(estimate.mean)}\n{ends}"
