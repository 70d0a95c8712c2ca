# SPDX-License-Identifier: GPL-2.0-only
"""A line of a figure: means and intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyagents.figures.style import line_look, own_look
from pyagents.statistics.interval import Estimate


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What one agent came to along the horizontal axis."""

    label: str
    """Name in the legend."""
    look: int
    """Number of its look among those of its kind: the same agent looks the same in all figures."""
    x: Sequence[float]
    """Places of its points on the horizontal axis."""
    estimates: Sequence[Estimate]
    """Means and intervals, one for each of `x`."""
    kind: str = "agent"
    """`agent`; `reference`, which is drawn grey and behind the others; `yours`, somebody's own agent."""
    names: Sequence[str] = ()
    """Names of its points, where `x` merely tells their places."""

    @property
    def is_reference(self) -> bool:
        """Whether it is drawn behind the others."""
        return self.kind == "reference"

    @property
    def places(self) -> Sequence[float | str]:
        """Places as readers call them: names where there are any."""
        return [*self.names] or self.x

    def scaled(self, factor: float) -> tuple[list[float], list[float], list[float]]:
        """Means, lower and upper ends; the mean for ends that there are not."""
        means = [e.mean * factor for e in self.estimates]
        lows = [e.low * factor if e.low == e.low else e.mean * factor for e in self.estimates]
        highs = [e.high * factor if e.high == e.high else e.mean * factor for e in self.estimates]
        return means, lows, highs

    def bars(self, factor: float) -> tuple[list[float], tuple[list[float], list[float]]]:
        """Means, and how far intervals reach below and above, as error bars want them."""
        means, lows, highs = self.scaled(factor)
        below = [max(0.0, mean - low) for mean, low in zip(means, lows, strict=True)]
        above = [max(0.0, high - mean) for mean, high in zip(means, highs, strict=True)]
        return means, (below, above)


def curve_look(curve: Curve) -> dict[str, object]:
    """Look of its line: see `line_look` and `own_look`; a reference is grey and thin."""
    look = own_look(curve.look) if curve.kind == "yours" else line_look(curve.look)
    return look | {"color": "#7a7a7a", "linewidth": 1.2} if curve.is_reference else look


def curve_rows(curves: Sequence[Curve]) -> list[Mapping[str, float | str]]:
    """List what the figure shows, in the metric's own unit: a row a point."""
    return [
        {"agent": curve.label, "x": place, **e.to_row()}
        for curve in curves
        for place, e in zip(curve.places, curve.estimates, strict=True)
    ]
