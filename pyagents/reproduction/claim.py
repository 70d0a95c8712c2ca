# SPDX-License-Identifier: GPL-2.0-only
"""A sentence of the paper as data, such that code can check it."""

from dataclasses import dataclass
from typing import Literal

KINDS = ("gain", "trend", "change", "level")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One sentence, and what it says of the metric of its figure.

    `gain`: `agent` is better than each of `over`, at each point, by the share `at_least` or `about` of
    theirs. `trend`: along the swept field the metric of `agent` rises (`sign` = 1) or falls (-1); with
    `over`, its lead over each of them does. `change`: from the first point to the last, the metric of `agent`
    changes by no more than the share `within`. `level`: the metric of `agent` is above `at_least`, at each
    point.

    Raises:
        ValueError: the parts do not go together.
    """

    says: str
    """In our words."""
    kind: Literal["gain", "trend", "change", "level"] = "gain"
    """What is to be checked."""
    agent: str
    """Of whom."""
    over: tuple[str, ...] = ()
    """Compared with whom."""
    at: tuple[float | str, ...] = ()
    """Values of the swept field, or variants; none: all."""
    statistic: Literal["summary", "steps", "settling"] = "summary"
    """Of each run: the metric of its summary, its mean over some steps, or the step at which it settles."""
    steps: tuple[int, int] = (0, 0)
    """First and last step, for `steps`."""
    better: Literal["lower", "higher"]
    """Which way is better."""
    at_least: float = 0.0
    """Gain: share of the other's, 0.1 is 10 %. Level: of the metric."""
    about: float | None = None
    """Gain of about this share."""
    sign: int = 0
    """Trend: 1 rises, -1 falls."""
    within: float = 0.0
    """Change: largest share."""

    def __post_init__(self) -> None:
        for name, allowed in (
            ("kind", KINDS),
            ("statistic", ("summary", "steps", "settling")),
            ("better", ("lower", "higher")),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name}={getattr(self, name)!r} is not allowed: one of {', '.join(allowed)}"
                )
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
