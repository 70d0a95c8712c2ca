# SPDX-License-Identifier: GPL-2.0-only
"""The figures of a plan: pictures, and the numbers behind them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from matplotlib.figure import Figure

from pyagents.core.files import to_csv, write_whole
from pyagents.figures.convergence import draw_convergence
from pyagents.figures.curve import Curve, curve_rows
from pyagents.figures.style import save_figure
from pyagents.figures.sweep import draw_sweep
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.outcomes import Outcomes, Played
from pyagents.reproduction.plan import Plan
from pyagents.reproduction.tabulate import table_rows, tabulate
from pyagents.statistics.interval import Estimate, estimate_mean


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure that was drawn."""

    experiment: Experiment
    """Experiment that it shows."""
    curves: Sequence[Curve]
    """Curves of all agents, also of those that tables alone show."""
    png: Path
    """The picture; beside it are a PDF and a CSV of the same name."""


def draw_all(outcomes: Outcomes, folder: Path) -> list[Drawing]:
    """Draw each experiment that is a picture and has a number to show; of tables, write the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings = []
    for played in outcomes.played:
        experiment = played.experiment
        if not played.contenders:
            continue
        if experiment.columns:
            write_whole(folder / f"{experiment.name}.csv", to_csv(table_rows(tabulate(played))))
            continue
        drawn = played.among("paper", "beyond", "reference", "yours")
        aside = played.among("aside")
        path = folder / f"{experiment.name}.png"
        shown = find_curves(played, drawn or aside, outcomes.plan)
        if all(math.isnan(e.mean) for curve in shown for e in curve.estimates):
            continue
        figure = draw(played, shown, outcomes.plan)
        for suffix in (".png", ".pdf"):
            save_figure(figure, path.with_suffix(suffix))
        curves = find_curves(played, [*drawn, *aside], outcomes.plan)
        write_whole(path.with_suffix(".csv"), to_csv([dict(row) for row in curve_rows(curves)]))
        drawings.append(Drawing(experiment=experiment, curves=curves, png=path))
    return drawings


def draw(played: Played, curves: Sequence[Curve], plan: Plan) -> Figure:
    """Draw one figure."""
    experiment = played.experiment
    title = f"{f'Fig. {experiment.number}. ' if experiment.number else ''}{experiment.title}"
    if experiment.sweep or experiment.variants:
        return draw_sweep(
            curves,
            title=title,
            x_label=experiment.x_title,
            x_factor=experiment.x_factor,
            y_label=experiment.y_title,
            y_factor=experiment.measured.factor,
            y_is_log=experiment.y_is_log,
            caption=caption(experiment, plan, "bars"),
        )
    return draw_convergence(
        curves,
        title=title,
        x_label=experiment.x_title,
        y_label=experiment.y_title,
        y_factor=experiment.measured.factor,
        caption=caption(experiment, plan, "bands"),
    )


def caption(experiment: Experiment, plan: Plan, intervals: str) -> str:
    """Say what lines and intervals are, and what made them."""
    build = next((run.code["simulator"] for run in plan.runs.values()), plan.simulator)
    seeds = plan.count_seeds(experiment)
    return f"Mean over {seeds}, {intervals}: 95 % bootstrap intervals. {build.partition(',')[0]}."


def find_curves(played: Played, contenders: Iterable[Contender], plan: Plan) -> list[Curve]:
    """Make a curve an agent; its look is by its place among all agents of the plan of its kind."""
    own = [contender for contender in plan.contenders if contender.role == "yours"]
    others = [contender for contender in plan.contenders if contender.role != "yours"]
    find = _along_points if played.experiment.sweep or played.experiment.variants else _along_steps
    return [
        Curve(
            label=contender.label,
            look=(own if contender in own else others).index(contender),
            kind=contender.role if contender.role in ("reference", "yours") else "agent",
            **find(played, contender.name),
        )
        for contender in contenders
    ]


class _Line(TypedDict):
    x: list[float]
    estimates: list[Estimate]
    names: list[str]


def _along_steps(played: Played, agent: str) -> _Line:
    series = list(played.series(agent, None).values())
    steps = range(min(map(len, series)))
    estimates = [estimate_mean([s[step] for s in series]) for step in steps]
    return _Line(x=[float(step) for step in steps], estimates=estimates, names=[])


def _along_points(played: Played, agent: str) -> _Line:
    """Values of the swept field at themselves, variants at 0, 1, and so on; none without a number."""
    places = {value: estimate_mean(played.summary(agent, value).values()) for value in played.points}
    known = [value for value, estimate in places.items() if not math.isnan(estimate.mean)]
    order = list(places)
    return _Line(
        x=[order.index(v) if isinstance(v, str) else float(v or 0) for v in known],
        estimates=[places[value] for value in known],
        names=[value for value in known if isinstance(value, str)],
    )
