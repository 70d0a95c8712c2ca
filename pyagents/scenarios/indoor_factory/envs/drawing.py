# SPDX-License-Identifier: GPL-2.0-only
"""A picture of the hall: cells with load, channel and airtime, UEs in the colour of their cell, handovers.

matplotlib is loaded when the first picture is drawn, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyagents.scenarios.indoor_factory.envs.observations import satisfaction
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN, DPI = 10.0, 100
_INK, _FAINT, _PAPER, _FLOOR = "#222222", "#8a8a8a", "#ffffff", "#f5f5f2"
_LOAD_COLOURS = ((0.0, "#2a9d5c"), (0.5, "#e9b93b"), (0.8, "#e07a2f"), (1.0, "#c8303a"))
_CELLS = (
    "#4477aa",
    "#ee6677",
    "#228833",
    "#ccaa22",
    "#66ccee",
    "#aa3377",
    "#7f7f7f",
    "#ee8833",
    "#6655bb",
    "#118877",
)


def draw_hall(scenario: Scenario, before: Snapshot | None, now: Snapshot) -> NDArray[np.uint8]:
    """Draw one step: [height, width, 3] RGB; without the Snapshot before it, without handovers."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from pyagents.figures.style import house_style

    length, width = scenario.hall_length_m, scenario.hall_width_m
    plot_in = WIDTH_IN - 0.4
    height_in = float(np.clip(plot_in * width / length, 2.0, 12.0)) + 1.15
    with house_style():
        figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, facecolor=_PAPER)
        figure.set_layout_engine("none")
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.2 / WIDTH_IN, 0.45 / height_in, plot_in / WIDTH_IN, 1 - 1.15 / height_in))
        _draw_floor(axes, length, width)
        _draw_links(axes, now)
        if before is not None:
            _draw_handovers(axes, scenario, before, now)
        _draw_ues(axes, now)
        _draw_cells(axes, scenario, now)
        _write_margins(figure, scenario, before, now, height_in)
        canvas.draw()  # type: ignore[no-untyped-call]
    rgba = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return rgba[..., :3].copy()


def _draw_floor(axes: Axes, length: float, width: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((0, 0), length, width, facecolor=_FLOOR, edgecolor=_INK, linewidth=1.2))
    axes.set(xlim=(-0.4, length + 0.4), ylim=(-0.4, width + 0.4), aspect="equal")
    axes.set_axis_off()


def _draw_links(axes: Axes, now: Snapshot) -> None:
    """A thin line from each UE to its cell."""
    from matplotlib.collections import LineCollection

    ends = np.stack([now.ue_position_m[:, :2], now.gnb_position_m[now.serving, :2]], axis=1)
    axes.add_collection(
        LineCollection(list(ends), colors=_colours(now.serving), linewidths=0.6, alpha=0.28, zorder=2)
    )


def _draw_handovers(axes: Axes, scenario: Scenario, before: Snapshot, now: Snapshot) -> None:
    """An arrow from each UE that moved to its new cell, a dotted line from its old one."""
    disc_points = 72 * 1.5 * _disc_radius(scenario) * (WIDTH_IN - 0.4) / scenario.hall_length_m
    for ue in np.flatnonzero(now.handovers > before.handovers):
        old, new = before.serving[ue], now.serving[ue]
        here, there = now.ue_position_m[ue, :2], now.gnb_position_m[new, :2]
        colour = _CELLS[new % len(_CELLS)]
        was = np.stack([now.gnb_position_m[old, :2], here])
        axes.plot(was[:, 0], was[:, 1], color=_FAINT, linewidth=1.1, linestyle=(0, (1, 2)), zorder=3)
        axes.annotate(
            "",
            xy=tuple(there),
            xytext=tuple(here),
            zorder=4,
            arrowprops={
                "arrowstyle": "-|>,head_width=0.28,head_length=0.55",
                "color": colour,
                "linewidth": 1.8,
                "shrinkA": 3,
                "shrinkB": disc_points + 2,
                "mutation_scale": 14,
            },
        )


def _draw_ues(axes: Axes, now: Snapshot) -> None:
    """A dot a UE in the colour of its cell, the larger the more it wants; hollow if it gets under 95 %."""
    wanted = now.demand_bps / max(float(now.demand_bps.max()), 1.0)
    colours = _colours(now.serving)
    content = satisfaction(now) >= 0.95
    axes.scatter(
        now.ue_position_m[:, 0],
        now.ue_position_m[:, 1],
        s=12 + 30 * wanted,
        c=[colour if full else _PAPER for colour, full in zip(colours, content, strict=True)],
        edgecolors=colours,
        linewidths=1.3,
        zorder=5,
    )


def _draw_cells(axes: Axes, scenario: Scenario, now: Snapshot) -> None:
    """A disc a gNB: its load in it, around it the airtime that LBT leaves, and what of that it used."""
    from matplotlib.patches import Circle, Wedge

    radius = _disc_radius(scenario)
    for gnb, (x, y) in enumerate(now.gnb_position_m[:, :2]):
        # A cell at the wall is drawn whole, so a little inside.
        x = float(np.clip(x, 2.1 * radius, scenario.hall_length_m - 2.1 * radius))
        y = float(np.clip(y, 2.4 * radius, scenario.hall_width_m - 1.6 * radius))
        colour, load = _CELLS[gnb % len(_CELLS)], float(now.load[gnb])
        left, used = (360 * float(np.clip(part[gnb], 0, 1)) for part in (now.airtime, now.airtime_used))
        ring = {"width": 0.34 * radius, "linewidth": 0, "zorder": 7}
        axes.add_patch(Circle((x, y), 1.5 * radius, facecolor=_PAPER, edgecolor=colour, lw=2.2, zorder=6))
        axes.add_patch(Wedge((x, y), 1.36 * radius, 0, 360, facecolor="#ececec", **ring))
        axes.add_patch(Wedge((x, y), 1.36 * radius, 90 - left, 90, facecolor="#b9c4d0", **ring))
        axes.add_patch(Wedge((x, y), 1.36 * radius, 90 - used, 90, facecolor="#34495e", **ring))
        axes.add_patch(Circle((x, y), 0.96 * radius, facecolor=_load_colour(load), lw=0, zorder=7))
        axes.text(
            x, y, f"{load:.2f}", color="white", fontsize=8, weight="bold", ha="center", va="center", zorder=8
        )
        axes.text(
            x,
            y - 1.62 * radius,
            f"gNB {gnb}  ch {now.channel[gnb]}",
            color=_INK,
            fontsize=7,
            ha="center",
            va="top",
            zorder=8,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": _PAPER, "edgecolor": "none", "alpha": 0.75},
        )


def _write_margins(
    figure: Figure, scenario: Scenario, before: Snapshot | None, now: Snapshot, height_in: float
) -> None:
    """What is where above, how to read it below."""
    moves = 0 if before is None else int((now.handovers - before.handovers).sum())
    facts = [
        f"load {now.load.mean():.2f} ± {now.load.std():.2f}, highest {now.load.max():.2f}",
        f"airtime left {100 * now.airtime.mean():.0f} %, used {100 * now.airtime_used.mean():.0f} %",
        f"{now.delivered_bps.sum() / 1e6:.0f} of {now.demand_bps.sum() / 1e6:.0f} Mb/s",
        f"{moves} handover{'' if moves == 1 else 's'} in this step, {now.handovers.sum():.0f} so far",
    ]
    left = 0.2 / WIDTH_IN
    top = 1 - 0.32 / height_in
    figure.text(left, top, f"t = {now.time_s:.2f} s", fontsize=12, fontweight="bold", color=_INK, va="center")
    figure.text(1 - left, top, "     ".join(facts), fontsize=9, color=_INK, va="center", ha="right")
    legend = (
        "disc: load     ring: airtime, dark used, pale left by LBT     dot: UE in the colour of its cell, "
        "hollow below 95 % of its demand     arrow: handover in this step, dotted from the old cell"
    )
    figure.text(left, 0.2 / height_in, legend, fontsize=7, color=_FAINT, va="center")


def _disc_radius(scenario: Scenario) -> float:
    """Radius of the disc with the load, m."""
    return 0.046 * min(scenario.hall_width_m, 0.6 * scenario.hall_length_m)


def _colours(gnbs: NDArray[Any]) -> list[str]:
    return [_CELLS[gnb % len(_CELLS)] for gnb in gnbs]


def _load_colour(load: float) -> str:
    """Green for an idle cell, over yellow and orange, to red for a full one."""
    return [colour for level, colour in _LOAD_COLOURS if load >= level][-1]
