# SPDX-License-Identifier: GPL-2.0-only
"""The table that sets agents side by side, for the terminal and for files."""

import math
import textwrap
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from pyagents.core.metrics import Metric
from pyagents.runs.comparison import Comparison
from pyagents.scenarios.indoor_factory.metric_table import METRICS
from pyagents.statistics.interval import Estimate, estimate_mean

REFERENCE = "optimum"
"""Where it is among the agents, the others' load variance is held against its."""


COLUMNS = (
    "load_variance",
    "satisfied_share",
    "starved_share",
    "late_share",
    "delay_p99_ms",
    "throughput_mbps",
    "wifi_throughput_mbps",
    "handovers_per_ue_minute",
)
"""Metrics that the terminal shows, in order."""

GAP = Metric(name="load_variance_above_optimum", label=f"variance above {REFERENCE}", form=".4f")
TIME = Metric(name="decision_ms", label="decision", unit="ms a step", form=".2f")

_HEAD = 12
"""Characters that a heading is broken at."""

_WIDEST = 400
"""Characters; wider than any table here."""

NOTE = (
    "Means over the seeds, with 95 % bootstrap intervals below. Of each run: means over its second half; "
    "handovers over all of it; decisions: processor time on this machine."
)


def comparison_rows(comparison: Comparison) -> list[dict[str, float | str]]:
    """All metrics as rows: agent, metric, mean, ends of the interval, number of seeds. No decision times."""
    return [
        {
            "agent": agent,
            "metric": metric.name,
            "mean": e.mean,
            "low": e.low,
            "high": e.high,
            "seeds": e.count,
        }
        for agent in comparison.agents
        for metric, estimates in _estimates(comparison, METRICS).items()
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
    columns = {**_estimates(comparison, COLUMNS), TIME: _decision_ms(comparison)}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    for metric in columns:
        table.add_column(textwrap.fill(metric.title, _HEAD), justify="right", no_wrap=True)
    for agent in comparison.agents:
        table.add_row(agent, *(_cell(metric, estimates[agent]) for metric, estimates in columns.items()))
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


def _estimates(comparison: Comparison, names: Iterable[str]) -> dict[Metric, Mapping[str, Estimate]]:
    """What comes out the same each time, by metric and agent: these metrics, and the gap to the optimum."""
    columns: dict[Metric, Mapping[str, Estimate]] = {METRICS[name]: comparison.means(name) for name in names}
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


def _cell(metric: Metric, estimate: Estimate) -> str:
    """Mean, and below it the interval; a dash for what there is not."""
    if math.isnan(estimate.mean):
        return "-"
    low, high = metric.show(estimate.low), metric.show(estimate.high)
    return f"{metric.show(estimate.mean)}\n{'' if math.isnan(estimate.low) else f'{low} to {high}'}"
