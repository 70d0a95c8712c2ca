# SPDX-License-Identifier: GPL-2.0-only
"""A metric step by step, with the band of its interval."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pyagents.figures.curve import Curve, curve_look
from pyagents.figures.style import add_caption, add_legend, house_style


def draw_convergence(
    curves: Sequence[Curve], *, title: str, x_label: str, y_label: str, y_factor: float, caption: str
) -> Figure:
    """Draw means as lines and intervals as bands; `y_factor` leads from the curves' unit to the label's."""
    with house_style():
        figure = Figure()
        axes = figure.subplots()
        for index, curve in enumerate(curves):
            means, lows, highs = curve.scaled(y_factor)
            every = max(1, len(curve.x) // 8)
            look = curve_look(curve)
            layer = 2 if curve.is_reference else 4 + len(curves) - index
            axes.fill_between(curve.x, lows, highs, color=look["color"], alpha=0.16, linewidth=0, zorder=1)
            axes.plot(
                curve.x,
                means,
                label=curve.label,
                markevery=(index * every // max(1, len(curves)), every),
                zorder=layer,
                **look,  # type: ignore[arg-type]
            )
        axes.set_title(title, pad=10)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.margins(x=0.02)
        add_legend(figure, axes)
        add_caption(figure, caption)
    return figure
