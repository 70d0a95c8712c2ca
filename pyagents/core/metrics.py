# SPDX-License-Identifier: GPL-2.0-only
"""What runs are judged by: a family's functions of snapshots, and what people call their results."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

SECOND_HALF = "over the second half of the run"

Row = dict[str, float]
"""The metrics of one step, or of a whole run, by name."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number that a run comes to, as tables show it."""

    name: str
    """Key in a summary."""
    label: str
    """Name for people, without the unit."""
    unit: str = ""
    """Unit that tables show; empty: 1."""
    better: Literal["lower", "higher", ""] = ""
    """Direction in which it is better; empty: it is neither."""
    factor: float = 1.0
    """Number of the shown unit in one of the summary's."""
    form: str = ".3f"
    """Format of the shown number."""
    over: str = SECOND_HALF
    """Part of the run that it is of, in words; empty: the label says so."""

    @property
    def title(self) -> str:
        """Label and unit, as a heading of a table."""
        return f"{self.label}, {self.unit}" if self.unit else self.label

    @property
    def heading(self) -> str:
        """Title with a capital, but where the first word has a spelling of its own."""
        return _capitalise(self.title)

    @property
    def axis(self) -> str:
        """Label and unit, as a figure has them."""
        return _capitalise(f"{self.label} ({self.unit})" if self.unit else self.label)

    def show(self, value: float) -> str:
        """The number in the shown unit; a dash for NaN."""
        return "-" if math.isnan(value) else format(value * self.factor, self.form)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A metric of rows over time, as a figure of a single run shows it."""

    metric: str
    """Name of the metric, in rows and in the table."""
    parts: str = ""
    """Beginning of the names of a row's numbers that are drawn thin around it, one a part; empty: none."""
    parts_label: str = ""
    """What one of them is, for people."""


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Everything that a family's runs are judged by. All functions are pure, and have a name in a module."""

    row: Callable[[Sequence[Any], Any], Row]
    """Metrics of the newest of the last snapshots, oldest first, of a scenario."""
    summary: Callable[[Sequence[Mapping[str, float]]], Row]
    """Metrics of a whole run from its rows."""
    table: Mapping[str, Metric]
    """All that tables show, by name."""
    source: str
    """Module whose source is part of each run's key: what judges runs."""
    history_steps: Callable[[Any], int] = lambda scenario: 1
    """Number of snapshots that `row` looks back over, of a scenario."""
    headline: Sequence[str] = ()
    """Names of those that a summary shows, in order; empty: all of the table."""
    compared: Sequence[str] = ()
    """Names of the few that set agents side by side, first the one that judges above all; empty:
    the headline."""
    progress: str = ""
    """Name of the metric of a row that a progress bar shows; empty: the first of the few."""
    panels: Sequence[Panel] = ()
    """What a picture of a single run shows, from above; empty: the metric of the progress bar."""

    def __post_init__(self) -> None:
        """Let one list stand in for the next."""
        object.__setattr__(self, "headline", self.headline or tuple(self.table))
        object.__setattr__(self, "compared", self.compared or self.headline)
        object.__setattr__(self, "progress", self.progress or self.compared[0])
        object.__setattr__(self, "panels", self.panels or (Panel(metric=self.progress),))


def _capitalise(text: str) -> str:
    first, *_ = text.split(maxsplit=1)
    return text[0].upper() + text[1:] if first.islower() else text
