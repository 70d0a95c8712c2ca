# SPDX-License-Identifier: GPL-2.0-only
"""What an attack came to: how often what happened, and what should not have."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(kw_only=True)
class Tally:
    """Counts of one attack. A round that finds a fault says so here, with all that shows it."""

    counts: Counter[str] = field(default_factory=Counter)
    """What happened, how often."""
    faults: list[str] = field(default_factory=list)
    """What should not have happened."""

    def count(self, what: str, times: int = 1) -> None:
        """Note that something happened."""
        self.counts[what] += times

    def judge(self, holds: bool, otherwise: str) -> None:
        """Note a fault unless what has to hold does."""
        if not holds:
            self.faults.append(otherwise)


Attack = Callable[[np.random.Generator, Path, Tally], None]
"""A round: takes its chance from the generator, its files to an empty folder, and notes what happens."""
