# SPDX-License-Identifier: GPL-2.0-only
"""Runs as they go: steps, time left, and the one metric that their family shows."""

import threading
import time
from collections.abc import Sequence
from typing import Generic, Self, TypeVar

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pyagents.core.metrics import Metrics
from pyagents.runs.rollout import Row

LiveT = TypeVar("LiveT", Progress, Live)

_BARS = "▁▂▃▄▅▆▇█"
_SPARK_WIDTH = 16


class Display(Generic[LiveT]):
    """A context in which something is rewritten in place, on a terminal."""

    _live: LiveT | None
    """What is; None elsewhere."""

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()


class RunProgress(Display[Progress]):
    """Shows one line a run: rewritten in place on a terminal, a plain line now and then elsewhere.

    Args:
        names: names of the runs.
        steps: last step of each.
        metrics: metrics of their family, one of which is shown.
        console: where to write.
    """

    def __init__(self, names: Sequence[str], steps: int, metrics: Metrics, console: Console) -> None:
        self._steps, self._console, self._lock = steps, console, threading.Lock()
        self._metric = metrics.table[metrics.progress]
        self._values: dict[str, list[float]] = {name: [] for name in names}
        self._width = max(map(len, names))
        self._start: dict[str, float] = {}
        self._live = self._make_live() if console.is_terminal else None
        self._tasks: dict[str, TaskID] = {}
        if self._live is not None:
            self._tasks = {name: self._live.add_task(name, total=steps, shown="") for name in names}

    def note(self, name: str, step: int, row: Row) -> None:
        """Take in a step of a run. May be called from any thread."""
        with self._lock:
            values = self._values[name]
            values.append(row[self._metric.name])
            if step <= 1:  # before there is compiling and starting, which later steps do not take
                self._start[name] = time.monotonic()
            if self._live is not None:
                highest = max(max(series, default=0.0) for series in self._values.values())
                text = f"{sparkline(values, highest)} {self._metric.show(values[-1])}"
                self._live.update(self._tasks[name], completed=step, shown=text)
            elif step in (0, self._steps) or step % max(1, self._steps // 5) == 0:
                self._print_line(name, step, values[-1])

    def _make_live(self) -> Progress:
        return Progress(
            TextColumn("[bold]{task.description:<" + str(self._width) + "}"),
            BarColumn(bar_width=24),
            TextColumn("step {task.completed:>3.0f}/{task.total:.0f}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn(f"{self._metric.title} {{task.fields[shown]}}"),
            console=self._console,
        )

    def _print_line(self, name: str, step: int, value: float) -> None:
        spent, left = time.monotonic() - self._start[name], ""
        if 1 < step < self._steps:
            left = f", {spent / (step - 1) * (self._steps - step):.0f} s left"
        self._console.print(
            f"{name:<{self._width}}  step {step}/{self._steps}  "
            f"{self._metric.title} {self._metric.show(value)}{left}",
            highlight=False,
            markup=False,
        )


def sparkline(values: Sequence[float], highest: float) -> str:
    """The values as bars of text of a fixed width, 0 to `highest`, the oldest thinned out to fit."""
    count = min(len(values), _SPARK_WIDTH)
    picked = [values[(i + 1) * len(values) // count - 1] for i in range(count)]
    scale = (len(_BARS) - 1) / highest if highest > 0 else 0.0
    return "".join(_BARS[min(len(_BARS) - 1, round(value * scale))] for value in picked).ljust(_SPARK_WIDTH)


class SweepProgress(Display[Progress]):
    """Shows how far many runs are together, and the time left.

    One line, rewritten in place, on a terminal; elsewhere a plain line for each run that ends.

    Args:
        runs: how many there are.
        steps: last step of each.
        console: where to write.
    """

    def __init__(self, runs: int, steps: int, console: Console) -> None:
        self._runs, self._steps, self._console, self._lock = runs, steps, console, threading.Lock()
        self._done = self._played = 0
        self._start = time.monotonic()
        self._live = None
        if console.is_terminal:
            self._live = Progress(
                TextColumn("{task.fields[done]} of " + f"{runs} runs"),
                BarColumn(bar_width=40),
                TimeRemainingColumn(elapsed_when_finished=True),
                TextColumn("{task.fields[last]}"),
                console=console,
            )
            self._task = self._live.add_task("", total=runs * (steps + 1), done=0, last="")

    def note(self, name: str, step: int) -> None:
        """Take in a step of a run. May be called from any thread."""
        with self._lock:
            if not self._played:  # compiling and starting are over
                self._start = time.monotonic()
            self._played += 1
            ended = step == self._steps
            self._done += ended
            if self._live is not None:
                self._live.update(self._task, completed=self._played, done=self._done)
                if ended:
                    self._live.update(self._task, last=name)
            elif ended:
                spent = time.monotonic() - self._start
                left = spent / self._played * (self._runs * (self._steps + 1) - self._played)
                self._console.print(
                    f"{self._done} of {self._runs} runs done, {left:.0f} s left: {name}",
                    highlight=False,
                    markup=False,
                )
