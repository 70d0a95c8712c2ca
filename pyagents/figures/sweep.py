# SPDX-License-Identifier: GPL-2.0-only
"""A metric against a field of the scenario, or in named conditions, with error bars."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pyagents.figures.curve import Curve, curve_look
from pyagents.figures.style import add_caption, add_legend, house_style

_DODGE = 0.012
_SPREAD = 0.6
"""Part of a category's width that its agents take."""
_CHARACTERS = 66
"""Number of characters that go side by side below the axes."""


def draw_sweep(
    curves: Sequence[Curve],
    *,
    title: str,
    x_label: str,
    x_factor: float,
    y_label: str,
    y_factor: float,
    y_is_log: bool = False,
    caption: str,
) -> Figure:
    """Draw means as markers joined by lines, and intervals as bars, side by side so that none hides another.

    Points that have names are categories: they are not joined. `x_factor` and `y_factor` lead from the
    curves' units to the labels'. A logarithmic axis is for a few runs that reach far above the others.
    """
    with house_style():
        figure = Figure()
        axes = figure.subplots()
        ticks = sorted({x * x_factor for curve in curves for x in curve.x})
        names = {x * x_factor: n for curve in curves for x, n in zip(curve.x, curve.names, strict=False)}
        width = (ticks[-1] - ticks[0]) if len(ticks) > 1 else 1.0
        dodge = _SPREAD / len(curves) if names else _DODGE * width
        for index, curve in enumerate(curves):
            means, bars = curve.bars(y_factor)
            shift = (index - (len(curves) - 1) / 2) * dodge
            axes.errorbar(
                [x * x_factor + shift for x in curve.x],
                means,
                yerr=bars,
                label=curve.label,
                capsize=2.5,
                elinewidth=1.0,
                capthick=1.0,
                zorder=2 if curve.is_reference else 4 + len(curves) - index,
                **curve_look(curve) | ({"linestyle": "none"} if names else {}),  # type: ignore[arg-type]
            )
        axes.set_title(title, pad=10)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_xticks(
            ticks, [fill(names[tick], _CHARACTERS // len(ticks)) for tick in ticks] if names else None
        )
        axes.margins(x=0.05)
        low, high = axes.get_ylim()
        if y_is_log:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        elif low < 0.4 * high:
            axes.set_ylim(bottom=0)
        add_legend(figure, axes)
        add_caption(figure, caption)
    return figure
