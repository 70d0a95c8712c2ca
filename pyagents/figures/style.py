# SPDX-License-Identifier: GPL-2.0-only
"""The style sheet, and what every figure does the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pyagents.core.files import replacing

_SHEET = Path(__file__).with_name("nru.mplstyle")
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.3)), (0, (5, 1.5, 1, 1.5)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_OWN_COLOURS, _OWN_MARKERS = ("#6A3D9A", "#8C510A", "#01665E"), ("*", "h", "p")


@contextmanager
def house_style() -> Iterator[None]:
    """Draw within this to draw in the project's style."""
    with matplotlib.style.context(["default", _SHEET]):
        yield


def line_look(index: int) -> dict[str, object]:
    """Colour, dash and marker of the index-th line, each of which alone tells it from its neighbours."""
    return {
        "color": f"C{index % 7}",
        "linestyle": _DASHES[index % len(_DASHES)],
        "marker": _MARKERS[index % len(_MARKERS)],
        "markerfacecolor": "white",
        "markeredgewidth": 1.2,
    }


def own_look(index: int) -> dict[str, object]:
    """Look of the index-th line of somebody's own agents, which no line of `line_look` has."""
    return line_look(0) | {
        "color": _OWN_COLOURS[index % len(_OWN_COLOURS)],
        "marker": _OWN_MARKERS[index % len(_OWN_MARKERS)],
        "markersize": 7.0,
    }


def add_caption(figure: Figure, caption: str) -> None:
    """Put one small line under the axes: where the numbers come from."""
    figure.supxlabel(caption, fontsize=7, color="#666666", x=0.01, ha="left")


def add_legend(figure: Figure, axes: Axes) -> None:
    """Put the legend above the axes, where it hides nothing."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=min(len(labels), 3), columnspacing=2)


def save_figure(figure: Figure, path: Path) -> None:
    """Write the figure, whole or not at all; the same figure gives the same bytes."""
    metadata = {".png": {"Software": None}, ".pdf": {"CreationDate": None}}.get(path.suffix, {})
    with replacing(path) as draft, house_style():  # colours and resolution are looked up only now
        figure.savefig(draft, metadata=metadata)
