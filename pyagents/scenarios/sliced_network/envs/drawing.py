# SPDX-License-Identifier: GPL-2.0-only
"""A picture of the sites: each UE's demand, what it is given, and what of it is used, of both resources.

matplotlib is loaded when the first picture is drawn, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network.allocation import needs_of, shares_of
from pyagents.scenarios.sliced_network.metrics import satisfaction, used_of
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.slices import SERVICES
from pyagents.scenarios.sliced_network.snapshot import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, HEIGHT_IN, DPI = 9.0, 6.2, 100
_INK, _FAINT = "#222222", "#cccccc"
_SLICES = ("#4477aa", "#ee6677", "#228833")
_MOST_SITES = 10
_MOST_PARTS = 4.0
_FILLED = 0.9
"""A site's row is filled so far by the highest bar."""


def draw_sites(scenario: Scenario, before: Snapshot | None, now: Snapshot) -> NDArray[np.uint8]:
    """Draw one step: [height, width, 3] RGB; with the Snapshot before it, what was given then.

    A row a site, the first ten of them, a column a resource. A UE is a bar in the colour of its slice, as
    high as what it used, at most four equal parts of the site; a line is what it is given, dotted what it was
    given before, a grey bar behind what it demanded.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from pyagents.figures.style import house_style

    shown = min(scenario.n_sites, _MOST_SITES)
    given, needs, used = (_heights(f(now, scenario), shown, scenario) for f in (shares_of, needs_of, used_of))
    earlier = None if before is None else _heights(shares_of(before, scenario), shown, scenario)
    colours = [_SLICES[s] for s in now.slice[: shown * scenario.ues_per_site]]
    happy = satisfaction([now], scenario).mean(axis=-1)
    with house_style():
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="#ffffff")
        figure.set_layout_engine("none")
        canvas = FigureCanvasAgg(figure)
        for r, (left, title) in enumerate(((0.06, "carrier"), (0.54, "edge host"))):
            axes = figure.add_axes((left, 0.03, 0.44, 0.86))
            axes.set_title(title, fontsize=9)
            _draw_sites(axes, needs[..., r], used[..., r], colours)
            _draw_line(axes, given[..., r], "solid")
            if earlier is not None:
                _draw_line(axes, earlier[..., r], "dotted")
        for e in range(shown):
            figure.text(0.01, 0.89 - 0.86 * (e + 0.5) / shown, f"{happy[e].mean():.0%}", fontsize=8)
        for s, service in enumerate(SERVICES):
            figure.text(0.72 + 0.09 * s, 0.955, service.label, color=_SLICES[s], fontsize=9)
        said = f"{now.time_s:g} s   satisfaction {happy.mean():.1%}, least satisfied UE {happy.min():.0%}"
        figure.text(0.06, 0.955, said, color=_INK, fontsize=9)
        canvas.draw()  # type: ignore[no-untyped-call]
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]


def _heights(shares: Floats, shown: int, scenario: Scenario) -> Floats:
    """[shown, N, R] shares as parts of a row's height."""
    parts: Floats = shares[:shown] * scenario.ues_per_site
    return np.minimum(parts, _MOST_PARTS) * (_FILLED / _MOST_PARTS)


def _floors(heights: Floats) -> Floats:
    """[E, 1] where rows begin, the first site's above."""
    return np.arange(len(heights))[::-1, None].astype(float)


def _draw_sites(axes: Axes, needs: Floats, used: Floats, colours: list[str]) -> None:
    n_sites, n_ues = needs.shape
    places, floors = np.tile(np.arange(n_ues), n_sites), np.repeat(_floors(needs), n_ues)
    width = 250 / n_ues
    axes.vlines(places, floors, floors + needs.ravel(), colors=_FAINT, linewidth=width)
    axes.vlines(places, floors, floors + used.ravel(), colors=colours, linewidth=width)
    axes.hlines(_floors(needs).ravel(), -0.5, n_ues - 0.5, colors=_INK, linewidth=0.5)
    axes.set(xlim=(-0.6, n_ues - 0.4), ylim=(-0.02, n_sites), xticks=[], yticks=[])
    axes.grid(visible=False)


def _draw_line(axes: Axes, given: Floats, style: str) -> None:
    for floor, row in zip(_floors(given).ravel(), given, strict=True):
        axes.step(np.arange(len(row)), floor + row, where="mid", color=_INK, linestyle=style, linewidth=0.7)
