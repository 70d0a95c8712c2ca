# SPDX-License-Identifier: GPL-2.0-only
"""Experiments that a table says better than a picture: many agents, several metrics, few conditions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyagents.reproduction.experiment import Contender, Experiment, Value
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import format_value
from pyagents.reproduction.verdict import paired
from pyagents.statistics.interval import Estimate, estimate_mean


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """An agent in one condition."""

    contender: Contender
    """Who."""
    value: Value
    """Where: value of the swept field, or variant."""
    means: Mapping[str, Estimate]
    """By metric, in the metric's own unit."""
    differences: Mapping[str, Estimate]
    """By how much each is above that of the experiment's `beside`, paired over seeds; empty for that agent
    itself, and where it was not played."""


def tabulate(experiment: Experiment, outcomes: Outcomes) -> list[TableRow]:
    """The rows of an experiment with columns: condition by condition, agents in the order of the plan."""
    return [
        TableRow(
            contender=contender,
            value=value,
            means={
                metric: estimate_mean(outcomes.summary(experiment, contender.name, value, metric).values())
                for metric in experiment.columns
            },
            differences=_differences(experiment, contender, value, outcomes),
        )
        for value in outcomes.points(experiment)
        for contender in outcomes.contenders(experiment)
    ]


def table_rows(rows: Iterable[TableRow]) -> list[dict[str, float | str]]:
    """A row a number, for a file."""
    return [
        {
            "agent": row.contender.label,
            "x": "" if row.value is None else format_value(row.value),
            "metric": metric,
            "mean": estimate.mean,
            "low": estimate.low,
            "high": estimate.high,
            "seeds": estimate.count,
            **({f"difference_{end}": getattr(row.differences.get(metric), end, "") for end in _ENDS}),
        }
        for row in rows
        for metric, estimate in row.means.items()
    ]


_ENDS = ("mean", "low", "high")


def _differences(
    experiment: Experiment, contender: Contender, value: Value, outcomes: Outcomes
) -> dict[str, Estimate]:
    played = {other.name for other in outcomes.contenders(experiment)}
    if contender.name == experiment.beside or experiment.beside not in played:
        return {}
    return {
        metric: paired(
            outcomes.summary(experiment, contender.name, value, metric),
            outcomes.summary(experiment, experiment.beside, value, metric),
            lambda a, b: a - b,
        )
        for metric in experiment.columns
    }
