# SPDX-License-Identifier: GPL-2.0-only
"""Two simulators of the same thing, side by side. Knows nothing of what the metrics mean.

The seeds of one are not those of the other: what is compared are distributions over seeds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from pyagents.statistics.comparison import Comparison
from pyagents.statistics.interval import Estimate, estimate_ratio

Verdict = Literal["same", "open", "reversed"]
"""Whether the two put two agents in the same order: yes, not sure of both, no."""


@dataclass(frozen=True, kw_only=True)
class Twins:
    """What the same agents came to in the same scenario on both simulators."""

    truth: Comparison
    """The one that is right by definition."""
    twin: Comparison
    """The one that is to be like it."""

    def __post_init__(self) -> None:
        if self.truth.agents != self.twin.agents:
            raise ValueError(f"not twins: {self.truth.agents} on one, {self.twin.agents} on the other")

    @property
    def agents(self) -> list[str]:
        """Names."""
        return self.truth.agents

    def spreads(self, metric: str, agent: str) -> tuple[float, float]:
        """Standard deviation over seeds, on the truth and on the twin."""
        return _spread(_values(self.truth, metric, agent)), _spread(_values(self.twin, metric, agent))

    def ratio(self, metric: str, agent: str) -> Estimate:
        """Twin's mean over truth's mean, with its percentile bootstrap interval."""
        return estimate_ratio(_values(self.twin, metric, agent), _values(self.truth, metric, agent))

    def order(self, metric: str) -> tuple[list[str], list[str]]:
        """Agents by their mean, highest first, on the truth and on the twin."""
        first, second = (
            sorted(self.agents, key=lambda agent: -means[agent].mean)
            for means in (self.truth.means(metric), self.twin.means(metric))
        )
        return first, second

    def verdict(self, metric: str) -> Verdict:
        """Whether both put the agents in the same order.

        `reversed` if of two agents each simulator is sure (its 95 % interval of the paired difference leaves
        out 0) and they say the opposite; `same` if the orders agree; else `open`.
        """
        for a, b in combinations(self.agents, 2):
            one, other = (side.differences(metric, a)[b] for side in (self.truth, self.twin))
            if _sure(one) * _sure(other) < 0:
                return "reversed"
        first, second = self.order(metric)
        return "same" if first == second else "open"


def _values(side: Comparison, metric: str, agent: str) -> list[float]:
    return list(side.values(metric)[agent].values())


def _spread(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.std(known, ddof=1)) if len(known) > 1 else math.nan


def _sure(difference: Estimate) -> int:
    """Sign of a difference whose interval leaves out 0; 0 if it does not."""
    return int(difference.low > 0) - int(difference.high < 0)
