# SPDX-License-Identifier: GPL-2.0-only
"""Experiments that are tables, as the page shows them."""

from collections.abc import Sequence

from markupsafe import Markup

from pyagents.report.html import NOTHING, Cell, interval, table, text
from pyagents.reproduction.effort import find_metric
from pyagents.reproduction.outcomes import Outcomes, Played
from pyagents.reproduction.tabulate import TableRow, tabulate
from pyagents.statistics.interval import estimate_mean, median


def tabulated(outcomes: Outcomes, name: str, *, agents: Sequence[str] = ()) -> Markup:
    """Show the table of an experiment for each condition, of all agents or some; nothing if not played."""
    played = outcomes.of(name)
    if played is None or not played.experiment.columns:
        return NOTHING
    rows = [row for row in tabulate(played) if not agents or row.contender.name in agents]
    beside = outcomes.plan.labels.get(played.experiment.beside, played.experiment.beside)
    paired = " Differences are paired over the seeds." if beside else ""
    return Markup("\n").join(
        Markup("<p>{}.{}</p>").format(played.experiment.describe(value), paired)
        + _table(played, [row for row in rows if row.value == value], beside, is_first=index == 0)
        for index, value in enumerate(played.points)
    )


def _table(played: Played, rows: Sequence[TableRow], beside: str, *, is_first: bool) -> Markup:
    experiment = played.experiment
    head = ["Agent"]
    for name in experiment.columns:
        head.append(find_metric(name, experiment.family).heading)
        head += ["Median over seeds"] if name == experiment.metric else []
        head += [f"Above {beside}'s"] if beside else []
    return table(head, [_row(played, row) for row in rows], name=experiment.name if is_first else "")


def _row(played: Played, row: TableRow) -> list[Cell]:
    cells = [text(row.contender.label)]
    for name in played.experiment.columns:
        metric = find_metric(name, played.experiment.family)
        cells.append(interval(row.means[name], metric.form, metric.factor))
        if name == played.experiment.metric:
            values = played.summary(row.contender.name, row.value).values()
            cells.append(interval(estimate_mean(values, average=median), metric.form, metric.factor))
        if played.experiment.beside:
            cells.append(interval(row.differences.get(name), f"+{metric.form}", metric.factor))
    return cells
