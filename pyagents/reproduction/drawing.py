# SPDX-License-Identifier: GPL-2.0-only
"""The figures of a plan: pictures, and the numbers behind them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from matplotlib.figure import Figure

from pyagents.figures.convergence import draw_convergence
from pyagents.figures.curve import Curve, curve_rows
from pyagents.figures.style import save_figure
from pyagents.figures.sweep import draw_sweep
from pyagents.reproduction.experiment import Contender, Experiment
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.tabulate import table_rows, tabulate
from pyagents.runs.store import to_csv, write_whole
from pyagents.statistics.interval import Estimate, estimate_mean


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure that was drawn."""

    experiment: Experiment
    """Of what."""
    curves: Sequence[Curve]
    """All agents', also those that tables alone show."""
    png: Path
    """The picture; beside it are a PDF and a CSV of the same name."""


def draw_all(outcomes: Outcomes, folder: Path) -> list[Drawing]:
    """Draw each experiment that has runs and is a picture; of tables, write the numbers.

    Args:
        outcomes: what runs came to.
        folder: where PNG, PDF and CSV go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawings = []
    for experiment in outcomes.plan.experiments:
        if not outcomes.contenders(experiment):
            continue
        if experiment.columns:
            write_whole(folder / f"{experiment.name}.csv", to_csv(table_rows(tabulate(experiment, outcomes))))
            continue
        drawn = outcomes.contenders(experiment, "paper", "beyond", "reference")
        aside = outcomes.contenders(experiment, "aside")
        path = folder / f"{experiment.name}.png"
        figure = draw(experiment, find_curves(experiment, drawn or aside, outcomes), outcomes)
        for suffix in (".png", ".pdf"):
            save_figure(figure, path.with_suffix(suffix))
        curves = find_curves(experiment, [*drawn, *aside], outcomes)
        write_whole(path.with_suffix(".csv"), to_csv([dict(row) for row in curve_rows(curves)]))
        drawings.append(Drawing(experiment=experiment, curves=curves, png=path))
    return drawings


def draw(experiment: Experiment, curves: Sequence[Curve], outcomes: Outcomes) -> Figure:
    """One figure."""
    title = f"{f'Fig. {experiment.number}. ' if experiment.number else ''}{experiment.title}"
    if experiment.sweep or experiment.variants:
        return draw_sweep(
            curves,
            title=title,
            x_label=experiment.x_label,
            x_factor=experiment.x_factor,
            y_label=experiment.y_label,
            y_factor=experiment.y_factor,
            y_is_log=experiment.y_is_log,
            caption=caption(experiment, outcomes, "bars"),
        )
    return draw_convergence(
        curves,
        title=title,
        x_label=experiment.x_label,
        y_label=experiment.y_label,
        y_factor=experiment.y_factor,
        caption=caption(experiment, outcomes, "bands"),
    )


def caption(experiment: Experiment, outcomes: Outcomes, intervals: str) -> str:
    """What lines and intervals are, and what made them."""
    plan = outcomes.plan
    build = next((run.code["simulator"] for run in plan.runs.values()), plan.simulator)
    count = len(plan.seeds_of(experiment))
    seeds = f"{count} seed{'s' if count > 1 else ''}"
    return f"Mean over {seeds}, {intervals}: 95 % bootstrap intervals. {build.partition(',')[0]}."


def find_curves(experiment: Experiment, contenders: Iterable[Contender], outcomes: Outcomes) -> list[Curve]:
    """A curve an agent."""
    looks = {contender.name: look for look, contender in enumerate(outcomes.plan.contenders)}
    find = _along_points if experiment.sweep or experiment.variants else _along_steps
    return [
        Curve(
            label=contender.label,
            look=looks[contender.name],
            is_reference=contender.role == "reference",
            **find(experiment, contender.name, outcomes),
        )
        for contender in contenders
    ]


class _Line(TypedDict):
    x: list[float]
    estimates: list[Estimate]
    names: list[str]


def _along_steps(experiment: Experiment, agent: str, outcomes: Outcomes) -> _Line:
    series = list(outcomes.series(experiment, agent, None, experiment.metric).values())
    steps = range(min(map(len, series)))
    estimates = [estimate_mean([s[step] for s in series]) for step in steps]
    return _Line(x=[float(step) for step in steps], estimates=estimates, names=[])


def _along_points(experiment: Experiment, agent: str, outcomes: Outcomes) -> _Line:
    """Values of the swept field at themselves, variants at 0, 1, and so on; none without a number."""
    places = {
        value: estimate_mean(outcomes.summary(experiment, agent, value, experiment.metric).values())
        for value in outcomes.points(experiment)
    }
    known = [value for value, estimate in places.items() if not math.isnan(estimate.mean)]
    order = list(places)
    return _Line(
        x=[order.index(v) if isinstance(v, str) else float(v or 0) for v in known],
        estimates=[places[value] for value in known],
        names=[value for value in known if isinstance(value, str)],
    )
