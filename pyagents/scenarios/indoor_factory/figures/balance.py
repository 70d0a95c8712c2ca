# SPDX-License-Identifier: GPL-2.0-only
"""A single run of each agent: how evenly the gNBs are loaded, and how many UEs are satisfied by it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pyagents.figures.style import add_caption, add_legend, house_style, line_look, save_figure
from pyagents.scenarios.indoor_factory.metric_table import METRICS

Rows = Sequence[Mapping[str, float]]

PANELS = ("load_std", "satisfied_share")
"""Metrics of a row, a panel each."""


def draw_balance(runs: Mapping[str, Rows], *, caption: str, path: Path) -> None:
    """Draw deviation of the gNB loads and share of satisfied UEs over the steps, one line an agent.

    Args:
        runs: label -> rows with `step`, `load_std` and `satisfied_share`.
        caption: where the numbers come from.
        path: file to write; its suffix decides the format.
    """
    with house_style():
        figure = Figure(figsize=(9.0, 4.2))
        panels: Sequence[Axes] = figure.subplots(1, len(PANELS))
        for axes, name in zip(panels, PANELS, strict=True):
            metric = METRICS[name]
            for index, (label, rows) in enumerate(runs.items()):
                every = max(1, len(rows) // 10)
                axes.plot(
                    [row["step"] for row in rows],
                    [row[name] * metric.factor for row in rows],
                    label=label,
                    markevery=(index * every // max(1, len(runs)), every),
                    zorder=3 + len(runs) - index,
                    **line_look(index),  # type: ignore[arg-type]
                )
            axes.set_xlabel("Load-balancing iteration (SIBx periods)")
            axes.set_ylabel(metric.axis)
            axes.set_xlim(left=0)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        panels[0].set_ylim(bottom=0)
        panels[1].set_ylim(top=101)
        add_legend(figure, panels[0])
        add_caption(figure, caption)
        save_figure(figure, path)
