# SPDX-License-Identifier: GPL-2.0-only
"""The table that sets agents side by side, for the terminal and for files."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from pyagents.cli.console import Console
from pyagents.cli.summary import describe_spans
from pyagents.cli.table import make_table, say
from pyagents.core.family import Family
from pyagents.core.metrics import Metric
from pyagents.runs.record import Record
from pyagents.statistics.comparison import Comparison
from pyagents.statistics.interval import Estimate, estimate_mean

TIME = Metric(name="decision_ms", label="decision", unit="ms a step", form=".2f")

_HEAD = 12
"""Number of characters that a heading is broken at."""

_WIDEST = 400
"""Number of characters that is more than any table here has in a line."""


def compare(records: Sequence[Record]) -> Comparison:
    """The records as a comparison of their agents."""
    summaries: dict[str, dict[int, Mapping[str, float]]] = {}
    for record in records:
        summaries.setdefault(record.facts["agent"], {})[record.facts["seed"]] = record.summary
    return Comparison(summaries=summaries)


def comparison_rows(family: Family, records: Sequence[Record]) -> list[dict[str, float | str]]:
    """All metrics as rows: agent, metric, mean, ends of the interval, number of seeds. No decision times."""
    comparison = compare(records)
    return [
        {"agent": agent, "metric": metric.name, **estimates[agent].to_row()}
        for agent in comparison.agents
        for metric, estimates in _estimates(family, comparison, family.metrics.table).items()
    ]


def run_rows(records: Sequence[Record]) -> list[dict[str, float | str]]:
    """A row a run: agent, seed, its key in the store, and its whole summary; agents in order."""
    return [
        {
            "agent": record.facts["agent"],
            "seed": record.facts["seed"],
            "run_key": record.facts["key"],
            **record.summary,
        }
        for record in _by_agent(records)
    ]


def decision_rows(records: Sequence[Record]) -> list[dict[str, float | str]]:
    """A row a run: what its decisions took, ms. Differs each time that it is played."""
    return [
        {
            "agent": record.facts["agent"],
            "seed": record.facts["seed"],
            "mean_ms": 1000 * sum(spent) / len(spent),
            "max_ms": 1000 * max(spent),
        }
        for record in _by_agent(records)
        if (spent := record.decisions_s)
    ]


def print_comparison(console: Console, family: Family, records: Sequence[Record]) -> None:
    """Print the table, an agent a row; below it what agents report of themselves.

    Rows are not broken to fit a narrow terminal: numbers that are cut mislead.
    """
    comparison = compare(records)
    names = family.metrics.compared
    columns = {**_estimates(family, comparison, names), TIME: _decision_ms(records)}
    table = make_table("", *(textwrap.fill(metric.title, _HEAD) for metric in columns), no_wrap=True)
    for agent in comparison.agents:
        cells = (_cell(metric, estimates[agent]) for metric, estimates in columns.items())
        table.add_row(agent, *cells)
    Console(file=console.file, width=_WIDEST).print(table)
    spans = describe_spans(family.metrics, names)
    note = (
        "Means over the seeds, with 95 % bootstrap intervals below. Of each run: "
        f"{spans[0].lower()}{spans[1:]} Decisions: processor time on the machine that played."
    )
    for line in (note, *_reports(records)):
        say(console, line, style="dim")


def _estimates(
    family: Family, comparison: Comparison, names: Iterable[str]
) -> dict[Metric, Mapping[str, Estimate]]:
    """Estimate these metrics, and the gap to the reference, by agent: what comes out the same each time."""
    metrics = family.metrics
    columns: dict[Metric, Mapping[str, Estimate]] = {
        metrics.table[name]: comparison.means(name) for name in names
    }
    if family.reference in comparison.agents:
        first = metrics.table[metrics.compared[0]]
        gap = Metric(
            name=f"{first.name}_above_{family.reference}",
            label=f"{first.label} above {family.reference}",
            unit=first.unit,
            factor=first.factor,
            form=first.form,
        )
        columns[gap] = comparison.differences(first.name, family.reference)
    return columns


def _decision_ms(records: Sequence[Record]) -> dict[str, Estimate]:
    """Mean time of a decision by agent, ms; one value a seed."""
    times: dict[str, list[float]] = {record.facts["agent"]: [] for record in records}
    for row in decision_rows(records):
        times[str(row["agent"])].append(float(row["mean_ms"]))
    return {agent: estimate_mean(of_seeds) for agent, of_seeds in times.items()}


def _reports(records: Sequence[Record]) -> list[str]:
    """A line for each number that an agent reports of its decisions."""
    values: dict[tuple[str, str], list[float]] = {}
    for record in records:
        names = record.facts["reported"]
        rows = record.rows if names else []
        for name in names:
            known = [row[name] for row in rows if not math.isnan(row[name])]
            values.setdefault((record.facts["agent"], name), []).extend(known)
    return [
        f"{agent} reports {name}: {sum(known) / len(known):.3g} on average, {max(known):.3g} at most"
        for (agent, name), known in values.items()
        if known
    ]


def _by_agent(records: Sequence[Record]) -> list[Record]:
    """Agents in the order of their first runs, seeds ascending."""
    order = {agent: index for index, agent in enumerate(dict.fromkeys(r.facts["agent"] for r in records))}
    return sorted(records, key=lambda record: (order[record.facts["agent"]], record.facts["seed"]))


def _cell(metric: Metric, estimate: Estimate) -> str:
    """Mean, and below it the interval; a dash for what there is not."""
    if math.isnan(estimate.mean):
        return "-"
    low, high = metric.show(estimate.low), metric.show(estimate.high)
    return f"{metric.show(estimate.mean)}\n{'' if math.isnan(estimate.low) else f'{low} to {high}'}"
