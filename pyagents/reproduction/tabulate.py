# SPDX-License-Identifier: GPL-2.0-only
"""Experiments that a table says better than a picture: many agents, several metrics, few conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyagents.reproduction.contender import Contender
from pyagents.reproduction.experiment import Value
from pyagents.reproduction.outcomes import Played
from pyagents.reproduction.plan import format_value
from pyagents.reproduction.verdict import paired
from pyagents.statistics.interval import Estimate, estimate_mean


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """An agent in one condition."""

    contender: Contender
    """Agent of the row."""
    value: Value
    """Condition of the row: value of the swept field, or variant."""
    means: Mapping[str, Estimate]
    """Means by metric, in the metric's own unit."""
    differences: Mapping[str, Estimate]
    """By how much each mean is above that of the experiment's `beside`, paired over seeds; empty for that
    agent itself, and where it was not played."""


def tabulate(played: Played) -> list[TableRow]:
    """Make the rows of an experiment with columns: by condition, agents in the order of the plan."""
    return [
        TableRow(
            contender=contender,
            value=value,
            means={
                metric: estimate_mean(played.summary(contender.name, value, metric).values())
                for metric in played.experiment.columns
            },
            differences=_differences(played, contender, value),
        )
        for value in played.points
        for contender in played.contenders
    ]


def table_rows(rows: Iterable[TableRow]) -> list[dict[str, float | str]]:
    """Make a row a number, for a file."""
    return [
        {
            "agent": row.contender.label,
            "x": "" if row.value is None else format_value(row.value),
            "metric": metric,
            **estimate.to_row(),
            **({f"difference_{end}": getattr(row.differences.get(metric), end, "") for end in _ENDS}),
        }
        for row in rows
        for metric, estimate in row.means.items()
    ]


_ENDS = ("mean", "low", "high")


def _differences(played: Played, contender: Contender, value: Value) -> dict[str, Estimate]:
    beside = played.experiment.beside
    if contender.name == beside or beside not in {other.name for other in played.contenders}:
        return {}
    return {
        metric: paired(
            played.summary(contender.name, value, metric),
            played.summary(beside, value, metric),
            lambda a, b: a - b,
        )
        for metric in played.experiment.columns
    }
