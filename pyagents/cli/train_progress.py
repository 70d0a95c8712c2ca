# SPDX-License-Identifier: GPL-2.0-only
"""Trainings as they go: iterations, time left at most, the best validation."""

import math
import time
from collections.abc import Mapping, Sequence

from rich.progress import BarColumn, Progress, TimeRemainingColumn

from pyagents.cli.console import Console, column
from pyagents.cli.progress import Display
from pyagents.cli.table import say
from pyagents.training.training import Training


class TrainProgress(Display[Progress]):
    """A bar a training on a terminal, elsewhere a line for each validation. A context manager."""

    def __init__(self, trainings: Sequence[Training], console: Console) -> None:
        self._console = console
        self._best = {training.key: math.inf for training in trainings}
        self._begun: dict[str, tuple[float, float]] = {}
        self._live = self._make_live() if console.is_terminal else None
        self._bars = {
            training.key: self._live.add_task(
                f"seed {training.seed}", total=training.schedule.iterations, best=math.inf
            )
            for training in trainings
            if self._live is not None
        }

    def note(self, training: Training, row: Mapping[str, float]) -> None:
        """Take in an iteration of a training."""
        done, total = row["iteration"], training.schedule.iterations
        first, start = self._begun.setdefault(training.key, (done - 1, time.monotonic()))
        best = self._best[training.key] = min(self._best[training.key], row.get("validation", math.inf))
        if self._live is not None:
            self._live.update(self._bars[training.key], completed=done, best=best)
        elif "validation" in row:
            left = (time.monotonic() - start) / max(done - first, 1) * (total - done)
            far = f"seed {training.seed}: iteration {done:.0f}/{total}, at most {left:.0f} s left"
            say(self._console, f"{far}: validation {row['validation']:.4f}, best {best:.4f}")

    def _make_live(self) -> Progress:
        return Progress(
            column("{task.description} iteration {task.completed:.0f}/{task.total:.0f}"),
            BarColumn(bar_width=40),
            TimeRemainingColumn(elapsed_when_finished=True),
            column("best validation {task.fields[best]:.4f}"),
            console=self._console,
        )
