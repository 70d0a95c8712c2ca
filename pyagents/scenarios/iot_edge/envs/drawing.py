# SPDX-License-Identifier: GPL-2.0-only
"""A picture of the area: devices in the colour of their cluster, routes, servers, cores, vehicles, loads.

matplotlib is loaded when the first picture is drawn, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pyagents.scenarios.iot_edge.balance import evenness, reward
from pyagents.scenarios.iot_edge.metrics import planned_loads
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, HEIGHT_IN, DPI = 9.0, 6.2, 100
_INK, _FAINT, _FLOOR = "#222222", "#9a9a9a", "#f5f5f2"
_CLUSTERS = ("#4477aa", "#ee6677", "#228833", "#ccaa22", "#66ccee", "#aa3377", "#ee8833", "#6655bb")
_LARGE, _SMALL = 62, 26


def draw_area(scenario: Scenario, before: Snapshot | None, now: Snapshot) -> NDArray[np.uint8]:
    """Draw one step: [height, width, 3] RGB; with the Snapshot before it, where cores and vehicles came from.

    Devices that sense a vehicle are large, those that are unreachable hollow; a square is a head, a cross a
    core, a diamond a server. Bars: hops and bytes of each cluster, over their mean.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from pyagents.figures.style import house_style

    with house_style():
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="#ffffff")
        figure.set_layout_engine("none")
        canvas = FigureCanvasAgg(figure)
        _draw_floor(figure.add_axes((0.02, 0.06, 0.62, 0.9)), scenario, before, now)
        hops, loads_bytes = planned_loads(now)
        gamma, delta = float(evenness(hops)), float(evenness(loads_bytes))
        _draw_bars(figure.add_axes((0.7, 0.6, 0.28, 0.28)), hops, f"hops: evenness {gamma:.2f}")
        _draw_bars(figure.add_axes((0.7, 0.2, 0.28, 0.28)), loads_bytes, f"bytes: evenness {delta:.2f}")
        worth, unreachable = float(reward(gamma, delta)), float((now.hops == 0).mean())
        said = f"{now.time_s:g} s   reward {worth:.2f}   unreachable {unreachable:.0%}"
        figure.text(0.7, 0.94, said, color=_INK, fontsize=9)
        canvas.draw()  # type: ignore[no-untyped-call]
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]


def _draw_floor(axes: Axes, scenario: Scenario, before: Snapshot | None, now: Snapshot) -> None:
    from matplotlib.patches import Circle

    axes.set_facecolor(_FLOOR)
    axes.set(
        xlim=(-0.4, scenario.area_length_m + 0.4),
        ylim=(-0.4, scenario.area_width_m + 0.4),
        aspect="equal",
        xticks=[],
        yticks=[],
    )
    axes.grid(visible=False)
    x, y = now.device_position_m.T
    colours = [_colour(int(c)) for c in now.cluster]
    for i in np.flatnonzero(now.parent >= 0):
        ends = [i, now.parent[i]]
        axes.plot(x[ends], y[ends], color=colours[i], linewidth=0.9, alpha=0.6, zorder=1)
    size = np.where(now.sensing > 0, _LARGE, _SMALL)
    faces = [colour if there else "none" for colour, there in zip(colours, now.hops > 0, strict=True)]
    axes.scatter(x, y, s=size, c=faces, edgecolors=colours, linewidths=1.0, zorder=2)
    for c in range(scenario.n_servers):
        colour, head = _colour(c), int(now.head[c])
        if head >= 0:
            axes.scatter(x[head], y[head], s=90, marker="s", facecolors="none", edgecolors=_INK, zorder=3)
        (left, low), (core_x, core_y) = now.server_position_m[c], now.core_position_m[c]
        axes.scatter(left, low, s=70, marker="D", c=colour, edgecolors=_INK, zorder=4)
        axes.scatter(core_x, core_y, s=80, marker="x", c=colour, linewidths=2.5, zorder=5)
        if before is not None:
            _draw_way(axes, before.core_position_m[c], now.core_position_m[c], colour)
    for v, (vehicle_x, vehicle_y) in enumerate(now.vehicle_position_m):
        sight = Circle((vehicle_x, vehicle_y), scenario.sensing_range_m, color=_FAINT, alpha=0.15, zorder=0)
        axes.add_patch(sight)
        axes.scatter(vehicle_x, vehicle_y, s=150, marker="*", c=_INK, zorder=6)
        if before is not None:
            _draw_way(axes, before.vehicle_position_m[v], now.vehicle_position_m[v], _INK)


def _draw_way(axes: Axes, start: NDArray[np.float64], end: NDArray[np.float64], colour: str) -> None:
    axes.plot([start[0], end[0]], [start[1], end[1]], color=colour, linewidth=1.5, linestyle=":", zorder=5)


def _draw_bars(axes: Axes, loads: NDArray[np.float64], title: str) -> None:
    mean = loads.mean() or 1.0
    places = np.arange(len(loads))
    axes.bar(places, loads / mean, color=[_colour(int(c)) for c in places], width=0.7)
    axes.axhline(1.0, color=_INK, linewidth=0.8)
    axes.set(ylim=(0, max(2.0, float(len(loads)))), xticks=places, title=title)
    axes.set_ylabel("of the mean", fontsize=8)


def _colour(cluster: int) -> str:
    return _CLUSTERS[cluster % len(_CLUSTERS)]
