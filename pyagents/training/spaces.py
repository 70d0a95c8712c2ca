# SPDX-License-Identifier: GPL-2.0-only
"""What may be tuned of each agent: its options, between what and what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Between:
    """A number in [low, high]."""

    low: float
    high: float
    logarithmic: bool = False

    def suggest(self, trial: Any, name: str) -> float:
        """A value for a trial of Optuna."""
        value: float = trial.suggest_float(name, self.low, self.high, log=self.logarithmic)
        return value

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}{', logarithmic' if self.logarithmic else ''}"


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """A choice."""

    choices: tuple[Any, ...]

    def suggest(self, trial: Any, name: str) -> Any:
        """A value for a trial of Optuna."""
        return trial.suggest_categorical(name, self.choices)

    def __str__(self) -> str:
        return "one of " + ", ".join(map(str, self.choices))


Space = Mapping[str, Between | OneOf]

SPACES: Mapping[str, Space] = {
    "gt-rl": {
        "excess_share": Between(low=0.05, high=1.0),
        "overload_margin": Between(low=0.0, high=0.5),
        "min_saving": Between(low=0.01, high=1.0, logarithmic=True),
        "max_load_age_periods": Between(low=1.0, high=10.0),
        "headroom_floor": Between(low=1e-3, high=0.3, logarithmic=True),
        "epsilon": Between(low=0.0, high=0.3),
    },
    "adaptive-mlb": {
        "period_s": OneOf(choices=(0.64, 0.8, 0.96, 1.28, 1.6, 2.4)),
        "settling_s": OneOf(choices=(0.32, 0.4, 0.48)),
        "min_threshold": Between(low=0.1, high=0.7),
        "margin": Between(low=0.0, high=0.4),
        "range_db": Between(low=4.0, high=20.0),
    },
    "qa-lb": {
        "epoch_s": Between(low=1.0, high=30.0, logarithmic=True),
        "audible_dbm": Between(low=-113.0, high=-88.0),
    },
    "dqn-mlb": {
        "min_gain": Between(low=0.0, high=0.1),
        "history_s": Between(low=0.16, high=5.0, logarithmic=True),
        "clusters_last_s": OneOf(choices=(0.64, 1.28, 2.56, 5.12)),
    },
}
"""The paper's four methods. What defines a method is not among the options."""
