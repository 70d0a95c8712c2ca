# SPDX-License-Identifier: GPL-2.0-only
"""The figures of a plan: pictures, and the numbers behind them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from pyagents.figures.convergence import draw_convergence
from pyagents.figures.curve import Curve, curve_rows
from pyagents.figures.style import save_figure
from pyagents.figures.sweep import draw_sweep
from pyagents.reproduction.experiment import Contender, Experiment
from pyagents.reproduction.outcomes import Outcomes
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
    """Draw each experiment that has runs.

    Args:
        outcomes: what runs came to.
        folder: where PNG, PDF and CSV go.
    """
    drawings = []
    for experiment in outcomes.plan.experiments:
        if not outcomes.contenders(experiment):
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
    if experiment.sweep:
        return draw_sweep(
            curves,
            title=title,
            x_label=experiment.x_label,
            x_factor=experiment.x_factor,
            y_label=experiment.y_label,
            y_factor=experiment.y_factor,
            y_is_log=experiment.y_is_log,
            caption=caption(outcomes, "bars"),
        )
    return draw_convergence(
        curves,
        title=title,
        x_label=experiment.x_label,
        y_label=experiment.y_label,
        y_factor=experiment.y_factor,
        caption=caption(outcomes, "bands"),
    )


def caption(outcomes: Outcomes, intervals: str) -> str:
    """What lines and intervals are, and what made them."""
    plan = outcomes.plan
    build = next((run.code["simulator"] for run in plan.runs.values()), plan.simulator)
    seeds = f"{len(plan.seeds)} seed{'s' if len(plan.seeds) > 1 else ''}"
    return f"Mean over {seeds}, {intervals}: 95 % bootstrap intervals. {build.partition(',')[0]}."


def find_curves(experiment: Experiment, contenders: Iterable[Contender], outcomes: Outcomes) -> list[Curve]:
    """A curve an agent."""
    looks = {contender.name: look for look, contender in enumerate(outcomes.plan.contenders)}
    return [
        Curve(
            label=contender.label,
            look=looks[contender.name],
            x=x,
            estimates=estimates,
            is_reference=contender.role == "reference",
        )
        for contender in contenders
        for x, estimates in [_points(experiment, contender.name, outcomes)]
    ]


def _points(experiment: Experiment, agent: str, outcomes: Outcomes) -> tuple[list[float], list[Estimate]]:
    if not experiment.sweep:
        series = list(outcomes.series(experiment, agent, None, experiment.metric).values())
        steps = range(min(map(len, series)))
        return [float(step) for step in steps], [estimate_mean([s[step] for s in series]) for step in steps]
    points = [
        (
            float(value),
            estimate_mean(list(outcomes.summary(experiment, agent, value, experiment.metric).values())),
        )
        for value in outcomes.points(experiment)
        if value is not None
    ]
    known = [(x, estimate) for x, estimate in points if not math.isnan(estimate.mean)]
    return [x for x, _ in known], [estimate for _, estimate in known]
