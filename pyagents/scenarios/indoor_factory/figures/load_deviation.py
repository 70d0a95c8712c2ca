# SPDX-License-Identifier: GPL-2.0-only
"""Deviation of the gNB loads against the load-balancing iteration: the paper's Fig. 5."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pyagents.figures.style import add_caption, house_style, line_look, save_figure

Rows = Sequence[Mapping[str, float]]


def draw_load_deviation(runs: Mapping[str, Rows], *, title: str, caption: str, path: Path) -> None:
    """Draw the standard deviation of the gNB loads over the steps, one line an agent.

    Args:
        runs: label -> rows with `step` and `load_std`.
        title: what the reader sees.
        caption: where the numbers come from.
        path: file to write; its suffix decides the format.
    """
    with house_style():
        figure = Figure()
        axes = figure.subplots()
        for index, (label, rows) in enumerate(runs.items()):
            steps = [row["step"] for row in rows]
            every = max(1, len(steps) // 10)
            axes.plot(
                steps,
                [row["load_std"] for row in rows],
                label=label,
                markevery=(index * every // max(1, len(runs)), every),
                zorder=3 + len(runs) - index,
                **line_look(index),  # type: ignore[arg-type]
            )
        axes.set_title(title, pad=10)
        axes.set_xlabel("Load-balancing iteration (SIBx periods)")
        axes.set_ylabel("Standard deviation of gNB load")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.margins(x=0.02)
        axes.legend(loc="best")
        add_caption(figure, caption)
        save_figure(figure, path)
