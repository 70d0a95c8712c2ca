# SPDX-License-Identifier: GPL-2.0-only
"""A sentence of the paper as data, such that code can check it."""

from dataclasses import dataclass
from typing import Literal

from pyagents.core.scenario import Checked


@dataclass(frozen=True, kw_only=True)
class Claim(Checked):
    """One sentence, and what it says of the metric of its figure.

    `gain`: `agent` is better than each of `over`, at each point, by the share `at_least` or `about` of
    theirs. `trend`: along the swept field the metric of `agent` rises (`sign` = 1) or falls (-1); with
    `over`, its lead over each of them does. `change`: from the first point to the last, the metric of `agent`
    changes by no more than the share `within`. `level`: the metric of `agent` is above `at_least`, at each
    point.
    """

    says: str
    """The sentence, in our words."""
    kind: Literal["gain", "trend", "change", "level"] = "gain"
    """Kind of check."""
    agent: str
    """Agent that the claim is about."""
    metric: str = ""
    """Name of the metric that it is about; empty: its experiment's."""
    over: tuple[str, ...] = ()
    """Agents that it is compared with."""
    at: tuple[float | str, ...] = ()
    """Values of the swept field, or variants, that the claim is about; none: all."""
    statistic: Literal["summary", "steps", "settling"] = "summary"
    """Number that is taken of each run: the metric of its summary, its mean over some steps, or the step at
    which it settles."""
    steps: tuple[int, int] = (0, 0)
    """First and last step, for the statistic `steps`."""
    better: Literal["", "lower", "higher"] = ""
    """Direction in which the statistic is better; empty: the metric's, and fewer steps to settle."""
    at_least: float = 0.0
    """Least gain as a share of the other's (0.1 is 10 %), or least level of the metric."""
    about: float | None = None
    """Share that a gain is about."""
    sign: int = 0
    """Direction of a trend: 1 rises, -1 falls."""
    within: float = 0.0
    """Largest change, as a share."""

    def check_relations(self) -> None:
        """Refuse parts that do not go together."""
        wrong = {
            "over: whom a gain is over": self.kind == "gain" and not self.over,
            "sign: 1 or -1 for a trend": self.kind == "trend" and self.sign not in (1, -1),
            "within: above 0 for a change": self.kind == "change" and self.within <= 0,
            "steps: first and last step": self.statistic == "steps"
            and not 0 <= self.steps[0] <= self.steps[1],
        }
        for what, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(f"claim {self.says!r} lacks {what}")
