# SPDX-License-Identifier: GPL-2.0-only
"""A line of a figure: means and intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyagents.figures.style import line_look
from pyagents.statistics.interval import Estimate


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What one agent came to along the horizontal axis."""

    label: str
    """In the legend."""
    look: int
    """Of the line: see `line_look`; the same agent looks the same in all figures."""
    x: Sequence[float]
    """Where."""
    estimates: Sequence[Estimate]
    """What, one for each of `x`."""
    is_reference: bool = False
    """Drawn behind the others."""
    names: Sequence[str] = ()
    """What its points are called, where `x` merely tells their places."""

    @property
    def places(self) -> Sequence[float | str]:
        """Where, as readers call it."""
        return [*self.names] or self.x

    def scaled(self, factor: float) -> tuple[list[float], list[float], list[float]]:
        """Means, lower and upper ends; the mean for ends that there are not."""
        means = [e.mean * factor for e in self.estimates]
        lows = [e.low * factor if e.low == e.low else e.mean * factor for e in self.estimates]
        highs = [e.high * factor if e.high == e.high else e.mean * factor for e in self.estimates]
        return means, lows, highs


def curve_look(curve: Curve) -> dict[str, object]:
    """Of its line: see `line_look`; a reference is grey and thin."""
    look = line_look(curve.look)
    return look | {"color": "#7a7a7a", "linewidth": 1.2} if curve.is_reference else look


def curve_rows(curves: Sequence[Curve]) -> list[Mapping[str, float | str]]:
    """What the figure shows, in the metric's own unit: a row a point."""
    return [
        {"agent": curve.label, "x": place, "mean": e.mean, "low": e.low, "high": e.high, "seeds": e.count}
        for curve in curves
        for place, e in zip(curve.places, curve.estimates, strict=True)
    ]
