# SPDX-License-Identifier: GPL-2.0-only
"""Single runs over time: a panel a metric, a column a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pyagents.core.metrics import Metric, Metrics, Panel
from pyagents.figures.style import add_caption, house_style

_COLUMN_IN, _PANEL_IN, _MARGIN_IN = 5.0, 1.55, 1.0
_WHOLE: Mapping[str, Any] = {"color": "#0B3C5D", "linewidth": 2.0}
_PART: Mapping[str, Any] = {"color": "#6FA8D6", "linewidth": 0.9, "alpha": 0.75}


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A run to be drawn."""

    title: str
    """Name above its column."""
    times_s: Sequence[float]
    """Simulated time of each row."""
    rows: Sequence[Mapping[str, float]]
    """Metrics step by step."""


def draw_timelines(runs: Sequence[Timeline], metrics: Metrics, *, caption: str) -> Figure:
    """Draw the panels of the metrics, one below the other, for runs side by side on the same axes.

    Args:
        runs: at least one.
        metrics: say which panels there are, and what they are called.
        caption: where the numbers come from.
    """
    panels = metrics.panels
    size = (_COLUMN_IN * len(runs) + 0.6, _PANEL_IN * len(panels) + _MARGIN_IN)
    with house_style():
        figure = Figure(figsize=size)
        grid = figure.subplots(len(panels), len(runs), sharex=True, sharey="row", squeeze=False)
        for panel, across in zip(panels, grid, strict=True):
            metric = metrics.table[panel.metric]
            for axes, run in zip(across, runs, strict=True):
                _draw_panel(axes, run, panel, metric)
            across[0].set_ylim(_find_range(runs, panel, metric))
            across[0].set_ylabel(metric.axis.replace(" (", "\n("))
        for axes, run in zip(grid[0], runs, strict=True):
            axes.set_title(run.title, pad=10)
        for axes in grid[-1]:
            axes.set_xlabel("Simulated time (s)")
        figure.align_ylabels()
        add_caption(figure, caption)
    return figure


def _draw_panel(axes: Axes, run: Timeline, panel: Panel, metric: Metric) -> None:
    """Draw one metric of one run, its parts behind it, and write where it ends."""
    names = _part_names(run, panel)
    for index, name in enumerate(names):
        axes.plot(run.times_s, _series(run, name, metric), label="" if index else panel.parts_label, **_PART)
    whole = _series(run, panel.metric, metric)
    axes.plot(run.times_s, whole, label=metric.label, zorder=3, **_WHOLE)
    if names:
        axes.legend(loc="upper right", ncols=2, fontsize=8, borderaxespad=0.1)
    time, last = next(
        ((t, v) for t, v in zip(reversed(run.times_s), reversed(whole), strict=True) if isfinite(v)),
        (0.0, None),
    )
    if last is not None:
        axes.annotate(
            metric.show(last / metric.factor),
            (time, last),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            annotation_clip=False,
        )
    axes.set_xlim(0, max(run.times_s))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))


def _find_range(runs: Sequence[Timeline], panel: Panel, metric: Metric) -> tuple[float, float]:
    """Range of the vertical axis: from zero up, with room for the curves of all runs and a legend."""
    values = [
        value
        for run in runs
        for name in (panel.metric, *_part_names(run, panel))
        for value in _series(run, name, metric)
        if isfinite(value)
    ]
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.3 if panel.parts else 0.08
    return low, high + room * (high - low) or 1.0


def _part_names(run: Timeline, panel: Panel) -> list[str]:
    """Names of the numbers of a row that a panel draws thin, in order."""
    return [name for name in run.rows[0] if panel.parts and name.startswith(panel.parts)]


def _series(run: Timeline, name: str, metric: Metric) -> list[float]:
    return [row[name] * metric.factor for row in run.rows]
