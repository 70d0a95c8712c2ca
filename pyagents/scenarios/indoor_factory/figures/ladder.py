# SPDX-License-Identifier: GPL-2.0-only
"""Agents and claims on rungs: two metrics above, and below them a strip of what holds."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from pyagents.figures.curve import Curve, curve_look
from pyagents.figures.style import add_caption, house_style

_SPREAD = 0.66
_MARKS = {
    "holds": ("✓", "#2b2b2b", "white"),
    "undecided": ("?", "#c9c9c9", "black"),
    "does not hold": ("✗", "white", "black"),
}
_DASHES = ("-", (0, (3, 1.6)))


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A metric on the rungs."""

    y_label: str
    """Label of the vertical axis."""
    y_factor: float = 1.0
    """From the curves' unit to the label's."""
    y_is_log: bool = False
    """Whether the vertical axis is logarithmic."""
    curves: Mapping[str, Sequence[Curve]]
    """By simulator: of each agent one, x the rung; labels of agents."""


@dataclass(frozen=True, kw_only=True)
class StripRow:
    """A claim on one simulator."""

    claim: str
    """The claim in few words."""
    simulator: str
    """Simulator that its runs were played on."""
    answers: Mapping[int, str]
    """Answer to the claim by rung."""


def draw_ladder(
    panels: Sequence[Panel], strip: Sequence[StripRow], *, rungs: Sequence[str], title: str, caption: str
) -> Figure:
    """Draw means as markers with intervals as bars, each simulator with its line style, and the strip.

    Panels and rows of the strip go from the top, rows of one claim after one another; rungs from the lowest.
    """
    with house_style():
        lines = len(strip) + len({row.claim for row in strip})
        heights = [2.1] * len(panels) + [0.2 * lines]
        figure = Figure(figsize=(8.0, sum(heights) + 1.8))
        axes = figure.subplots(len(panels) + 1, sharex=True, height_ratios=heights)
        for panel, ax in zip(panels, axes, strict=False):
            _draw_panel(ax, panel)
        _draw_strip(axes[-1], strip, rungs)
        axes[0].set_title(title, pad=10)
        _add_legend(figure, panels[0])
        add_caption(figure, caption)
    return figure


def _draw_panel(axes: Axes, panel: Panel) -> None:
    lines = [(s, c) for s, curves in panel.curves.items() for c in curves]
    for index, (simulator, curve) in enumerate(lines):
        means, bars = curve.bars(panel.y_factor)
        dodge = _SPREAD * (index / max(1, len(lines) - 1) - 0.5) if len(lines) > 1 else 0.0
        axes.errorbar(
            [x + dodge for x in curve.x],
            means,
            yerr=bars,
            capsize=1.5,
            elinewidth=0.8,
            capthick=0.8,
            zorder=2 if curve.is_reference else 4,
            **_look(curve, list(panel.curves).index(simulator)),  # type: ignore[arg-type]
        )
    axes.set_ylabel(panel.y_label)
    if panel.y_is_log:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.tick_params(axis="x", length=0)


def _look(curve: Curve, simulator: int) -> dict[str, object]:
    """Colour and marker of the agent; dashes of the simulator, markers filled for the first."""
    look = curve_look(curve)
    return look | {
        "markerfacecolor": look["color"] if simulator == 0 else "white",
        "linestyle": _DASHES[simulator % len(_DASHES)],
        "linewidth": 1.0,
        "markersize": 3.6,
        "markeredgewidth": 0.9,
    }


def _draw_strip(axes: Axes, strip: Sequence[StripRow], rungs: Sequence[str]) -> None:
    """A heading a claim, below it a row a simulator."""
    line, lines, before = 0.0, [], ""
    for row in strip:
        if row.claim != before:
            axes.text(-0.55, line, row.claim, ha="left", va="center", fontsize=7.5)
            line, before = line + 1, row.claim
        for rung, answer in row.answers.items():
            mark, ground, ink = _MARKS[answer]
            box = Rectangle(
                (rung - 0.42, line - 0.42), 0.84, 0.84, facecolor=ground, edgecolor="#555555", linewidth=0.6
            )
            axes.add_patch(box)
            axes.text(rung, line, mark, color=ink, ha="center", va="center", fontsize=8)
        lines.append(line)
        line += 1
    axes.set_yticks(lines, [row.simulator for row in strip], fontsize=7)
    axes.set_xticks(
        range(len(rungs)),
        ["\n".join([str(i), *textwrap.wrap(label, 14)]) for i, label in enumerate(rungs)],
        fontsize=7,
    )
    axes.set_xlim(-0.6, len(rungs) - 0.4)
    axes.set_ylim(line - 0.4, -0.6)
    axes.grid(visible=False)
    axes.tick_params(axis="both", length=0)


def _add_legend(figure: Figure, panel: Panel) -> None:
    """Agents, and where there are two, simulators."""
    curves = {curve.label: curve for of_one in panel.curves.values() for curve in of_one}
    handles = [
        Line2D([], [], label=label, **(_look(curve, 0) | {"linestyle": ""}))  # type: ignore[arg-type]
        for label, curve in curves.items()
    ]
    handles += [
        Line2D([], [], label=simulator, **(_look(curves_of[0], index) | {"color": "#444444", "marker": ""}))  # type: ignore[arg-type]
        for index, (simulator, curves_of) in enumerate(panel.curves.items())
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=5, columnspacing=1.6)
