# SPDX-License-Identifier: GPL-2.0-only
"""Which gNBs of a hall hear each other: the graph behind listen-before-talk."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import NDArray

from pyagents.figures.style import add_caption, house_style
from pyagents.scenarios.indoor_factory.mock.access import shares_channel, thresholds_dbm
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB, Snapshot

_INK, _FLOOR = "#222222", "#f5f5f2"
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8a6d00", "#2b7bba", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_BEND = 0.16
"""Bend of a line, as a share of its length: past the gNBs that stand between its ends."""


def hears(snapshot: Snapshot, scenario: Scenario) -> NDArray[np.bool_]:
    """Tell [G, G] whether a gNB (row) finds the channel busy while another (column) of its channel transmits.

    By the power received over 20 MHz against the energy detection threshold before data (TS 37.213 clause
    4.1.5).
    """
    power_dbm = snapshot.gnb_rsrp_dbm + RESOURCE_ELEMENTS_DB
    threshold_dbm, _ = thresholds_dbm(scenario)
    heard: NDArray[np.bool_] = (shares_channel(snapshot.channel) > 0) & (power_dbm >= threshold_dbm)
    return heard


def channel_pairs(snapshot: Snapshot) -> list[tuple[int, int]]:
    """List pairs of gNBs that share a channel."""
    channel = snapshot.channel
    return [(a, b) for a, b in combinations(range(snapshot.n_gnbs), 2) if channel[a] == channel[b]]


def heard_pairs(snapshot: Snapshot, scenario: Scenario) -> set[tuple[int, int]]:
    """Pick those of the pairs of one channel whose gNBs both hear the other."""
    heard = hears(snapshot, scenario)
    return {(a, b) for a, b in channel_pairs(snapshot) if heard[a, b] and heard[b, a]}


def draw_hearing(snapshots: Mapping[str, Snapshot], scenario: Scenario, *, caption: str) -> Figure:
    """Draw halls by title, with a line between gNBs of one channel: solid if they hear each other."""
    with house_style():
        figure = Figure(figsize=(4.1 * len(snapshots), 2.55))
        panels = np.atleast_1d(figure.subplots(1, len(snapshots)))
        for axes, (title, snapshot) in zip(panels, snapshots.items(), strict=True):
            _draw_hall(axes, snapshot, scenario)
            axes.set_title(title)
        channels = sorted({int(c) for snapshot in snapshots.values() for c in snapshot.channel})
        figure.legend(handles=_legend(channels), loc="outside upper left", ncols=len(channels) + 2)
        add_caption(figure, caption)
    return figure


def _draw_hall(axes: Axes, snapshot: Snapshot, scenario: Scenario) -> None:
    length, width = scenario.hall_length_m, scenario.hall_width_m
    places = snapshot.gnb_position_m[:, :2]
    axes.add_patch(Rectangle((0, 0), length, width, facecolor=_FLOOR, edgecolor=_INK, linewidth=1))
    axes.set(xlim=(-1, length + 1), ylim=(-1, width + 1), aspect="equal")
    axes.set_axis_off()
    heard = heard_pairs(snapshot, scenario)
    for a, b in channel_pairs(snapshot):
        axes.add_patch(
            FancyArrowPatch(
                (float(places[a, 0]), float(places[a, 1])),
                (float(places[b, 0]), float(places[b, 1])),
                arrowstyle="-",
                connectionstyle=f"arc3,rad={_BEND}",
                color=_colour(int(snapshot.channel[a])),
                linestyle="-" if (a, b) in heard else (0, (2, 2)),
                linewidth=1.8 if (a, b) in heard else 1.2,
                zorder=2,
            )
        )
    for gnb, (x, y) in enumerate(places):
        look = _look(int(snapshot.channel[gnb]))
        size = 15 if look["marker"] in "^v" else 12  # a number has less room in a triangle
        axes.plot(x, y, **look, markersize=size, zorder=3)
        axes.text(x, y, str(gnb), fontsize=6.5, ha="center", va="center_baseline", zorder=4)


def _legend(channels: list[int]) -> list[Line2D]:
    marks = [Line2D([], [], label=f"channel {c}", markersize=7, **_look(c)) for c in channels]
    heard = Line2D([], [], color=_INK, linewidth=1.8, label="hear each other")
    hidden = Line2D([], [], color=_INK, linewidth=1.2, linestyle=(0, (2, 2)), label="do not (hidden)")
    return [*marks, heard, hidden]


def _look(channel: int) -> dict[str, Any]:
    return {
        "marker": _MARKERS[channel % len(_MARKERS)],
        "color": _colour(channel),
        "markerfacecolor": "white",
        "markeredgewidth": 1.6,
        "linestyle": "none",
    }


def _colour(channel: int) -> str:
    return _COLOURS[channel % len(_COLOURS)]
