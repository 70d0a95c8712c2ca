# SPDX-License-Identifier: GPL-2.0-only
"""Runs as they go: steps, time left, and the one metric that their family shows."""

import time
from collections.abc import Sequence
from typing import Generic, Self, TypeVar

from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TimeRemainingColumn

from pyagents.cli.console import Console, column
from pyagents.cli.table import say
from pyagents.runs.rollout import Row
from pyagents.runs.task import Task, Work

LiveT = TypeVar("LiveT", Progress, Live)

_BARS = "▁▂▃▄▅▆▇█"
_SPARK_WIDTH = 16


class Display(Generic[LiveT]):
    """A context in which something is rewritten in place, on a terminal."""

    _live: LiveT | None
    """Thing that is rewritten; None elsewhere."""

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()


class RunProgress(Display[Progress]):
    """Runs of one scenario, a line each: rewritten on a terminal, a plain line now and then elsewhere."""

    def __init__(self, tasks: Sequence[Task], console: Console) -> None:
        run, self._console = tasks[0].run, console
        self._steps, self._metric = run.scenario.steps, run.metrics.table[run.metrics.progress]
        self._values: dict[str, list[float]] = {task.group: [] for task in tasks}
        self._width = max(map(len, self._values))
        self._start: dict[str, float] = {}
        self._live = live = self._make_live() if console.is_terminal else None
        self._bars: dict[str, TaskID] = {}
        if live is not None:
            self._bars = {name: live.add_task(name, total=self._steps, shown="") for name in self._values}

    def note(self, task: Work, step: int, row: Row) -> None:
        """Take in a step of a run."""
        name = task.group
        values = self._values[name]
        values.append(row[self._metric.name])
        if step <= 1:  # before there is compiling and starting, which later steps do not take
            self._start[name] = time.monotonic()
        if self._live is not None:
            highest = max(max(series, default=0.0) for series in self._values.values())
            text = f"{sparkline(values, highest)} {self._metric.show(values[-1])}"
            self._live.update(self._bars[name], completed=step, shown=text)
        elif step in (0, self._steps) or step % max(1, self._steps // 5) == 0:
            self._print_line(name, step, values[-1])

    def _make_live(self) -> Progress:
        return Progress(
            column("{task.description:<" + str(self._width) + "}", style="bold"),
            BarColumn(bar_width=24),
            column("step {task.completed:>3.0f}/{task.total:.0f}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            column(f"{self._metric.title} {{task.fields[shown]}}"),
            console=self._console,
        )

    def _print_line(self, name: str, step: int, value: float) -> None:
        spent, left = time.monotonic() - self._start[name], ""
        if 1 < step < self._steps:
            left = f", {spent / (step - 1) * (self._steps - step):.0f} s left"
        shown = f"{self._metric.title} {self._metric.show(value)}"
        say(self._console, f"{name:<{self._width}}  step {step}/{self._steps}  {shown}{left}")


def sparkline(values: Sequence[float], highest: float) -> str:
    """The values as bars of text of a fixed width, 0 to `highest`, the oldest thinned out to fit."""
    count = min(len(values), _SPARK_WIDTH)
    picked = [values[(i + 1) * len(values) // count - 1] for i in range(count)]
    scale = (len(_BARS) - 1) / highest if highest > 0 else 0.0
    return "".join(_BARS[min(len(_BARS) - 1, round(value * scale))] for value in picked).ljust(_SPARK_WIDTH)


class SweepProgress(Display[Progress]):
    """How far runs of one length are together: a line that is rewritten, or a line for each that ends."""

    def __init__(self, tasks: Sequence[Task], console: Console) -> None:
        self._runs, self._steps, self._console = len(tasks), tasks[0].run.scenario.steps, console
        self._all_steps = self._runs * (self._steps + 1)
        self._done = self._played = 0
        self._start = time.monotonic()
        self._live = None
        if console.is_terminal:
            self._live = Progress(
                column("{task.fields[done]} of " + f"{self._runs} runs"),
                BarColumn(bar_width=40),
                TimeRemainingColumn(elapsed_when_finished=True),
                column("{task.fields[last]}"),
                console=console,
            )
            self._task = self._live.add_task("", total=self._all_steps, done=0, last="")

    def note(self, task: Work, step: int, row: Row) -> None:
        """Take in a step of a run."""
        if not self._played:  # compiling and starting are over
            self._start = time.monotonic()
        self._played += 1
        ended = step == self._steps
        self._done += ended
        if self._live is not None:
            self._live.update(self._task, completed=self._played, done=self._done)
            if ended:
                self._live.update(self._task, last=task.label)
        elif ended:
            left = (time.monotonic() - self._start) / self._played * (self._all_steps - self._played)
            say(self._console, f"{self._done} of {self._runs} runs done, {left:.0f} s left: {task.label}")
