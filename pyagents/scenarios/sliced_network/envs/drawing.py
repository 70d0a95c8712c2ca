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
from pyagents.scenarios.sliced_network.snapshot import Resource, Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, HEIGHT_IN, DPI = 9.0, 6.2, 100
_INK, _FAINT = "#222222", "#bbbbbb"
_SLICES = ("#4477aa", "#ee6677", "#228833")
_MOST_SITES = 10
_MOST_PARTS = 4.0


def draw_sites(scenario: Scenario, before: Snapshot | None, now: Snapshot) -> NDArray[np.uint8]:
    """Draw one step: [height, width, 3] RGB; with the Snapshot before it, what was given then.

    A row a site, the first ten of them, a column a resource. A UE is a bar in the colour of its slice, as
    high as what it used, in equal parts of the site; a line is what it is given, dotted what it was given
    before, a grey bar behind what it demanded.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from pyagents.figures.style import house_style

    shown = min(scenario.n_sites, _MOST_SITES)
    parts = scenario.ues_per_site
    given, needs, used = (f(now, scenario) * parts for f in (shares_of, needs_of, used_of))
    earlier = None if before is None else shares_of(before, scenario) * parts
    slices = now.slice.reshape(scenario.n_sites, -1)
    happy = satisfaction([now], scenario).mean(axis=-1)
    with house_style():
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="#ffffff")
        canvas = FigureCanvasAgg(figure)
        grid = figure.subplots(shown, 2, squeeze=False, sharex=True)
        for e in range(shown):
            for r in Resource:
                axes = grid[e, r]
                _draw_bars(axes, needs[e, :, r], used[e, :, r], given[e, :, r], slices[e])
                if earlier is not None:
                    axes.step(np.arange(parts), earlier[e, :, r], where="mid", color=_INK, ls=":", lw=0.6)
            grid[e, 0].set_ylabel(f"{happy[e].mean():.0%}", rotation=0, ha="right", va="center", fontsize=8)
        grid[0, 0].set_title("carrier", fontsize=9)
        grid[0, 1].set_title("edge host", fontsize=9)
        for s, service in enumerate(SERVICES):
            figure.text(0.62 + 0.1 * s, 0.955, service.label, color=_SLICES[s], fontsize=9)
        said = f"{now.time_s:g} s   satisfaction {happy.mean():.1%}, least {happy.min():.0%}"
        figure.text(0.02, 0.955, said, color=_INK, fontsize=9)
        canvas.draw()  # type: ignore[no-untyped-call]
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]


def _draw_bars(axes: Axes, needs: Floats, used: Floats, given: Floats, slices: NDArray[np.int32]) -> None:
    places = np.arange(len(needs))
    axes.bar(places, needs, color=_FAINT, width=0.9)
    axes.bar(places, used, color=[_SLICES[s] for s in slices], width=0.9)
    axes.step(places, given, where="mid", color=_INK, lw=0.8)
    axes.set(ylim=(0, _MOST_PARTS), xticks=[], yticks=[])
    axes.grid(visible=False)
