# SPDX-License-Identifier: GPL-2.0-only
"""What a search for good options may try of a field."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Between:
    """A number in [low, high]."""

    low: float
    """Smallest number."""
    high: float
    """Largest number."""
    logarithmic: bool = False
    """Whether ratios count in place of differences."""

    def suggest(self, trial: Any, name: str) -> float:
        """Ask a trial of Optuna for a value."""
        value: float = trial.suggest_float(name, self.low, self.high, log=self.logarithmic)
        return value

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}{', logarithmic' if self.logarithmic else ''}"


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """A choice."""

    choices: tuple[Any, ...]
    """Values to choose from."""

    def suggest(self, trial: Any, name: str) -> Any:
        """Ask a trial of Optuna for a value."""
        return trial.suggest_categorical(name, self.choices)

    def __str__(self) -> str:
        return "one of " + ", ".join(map(str, self.choices))


Search = Between | OneOf
