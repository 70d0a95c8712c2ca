# SPDX-License-Identifier: GPL-2.0-only
"""How far many runs are: total, done, failed and time left, for each agent."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Self

from rich.console import Group
from rich.live import Live
from rich.text import Text

from pyagents.cli.console import Console
from pyagents.cli.progress import Display
from pyagents.cli.table import make_table, say
from pyagents.runs.task import Outcome, Work
from pyagents.runs.workers import Workers

_QUIET_S = 10.0


class ReproduceProgress(Display[Live]):
    """A table that is rewritten in place on a terminal; elsewhere a line now and then.

    It counts the missing ones of the tasks; `about` is what else is to be said of how far it is.
    """

    def __init__(
        self,
        tasks: Sequence[Work],
        missing: Sequence[Work],
        workers: Workers,
        console: Console,
        about: str = "",
    ) -> None:
        self._workers, self._console, self._about = workers, console, about
        self._total = Counter(task.group for task in tasks)
        self._left = Counter(task.group for task in missing)
        self._failed: Counter[str] = Counter()
        self._cost_left: Counter[str] = Counter()
        for task in missing:
            self._cost_left[task.group] += round(task.cost)
        self._seconds, self._cost = Counter[str](), Counter[str]()
        self._only_cold = True
        self._told = -_QUIET_S
        self._live = Live(self._table(), console=console, auto_refresh=False) if console.is_terminal else None

    def note(self, outcome: Outcome, final: bool) -> None:
        """Take in an attempt."""
        agent, cost = outcome.task.group, round(outcome.task.cost)
        if not outcome.error and (self._only_cold or not outcome.cold):
            if self._only_cold and not outcome.cold:  # from now on it is known what takes no compiling
                self._only_cold = False
                self._seconds.clear()
                self._cost.clear()
            self._seconds[agent] += round(1000 * outcome.seconds)
            self._cost[agent] += cost
        if final:
            self._left[agent] -= 1
            self._cost_left[agent] -= cost
            self._failed[agent] += bool(outcome.error)
        if outcome.error:
            what = "given up" if final else "to be tried again"
            line = f"failed, {what}: {outcome.task.label}: {outcome.error.splitlines()[0]}"
            say(self._console, line, style="red")
        if self._live is not None:
            self._live.update(self._table(), refresh=True)
        elif not self._left.total() or time.monotonic() - self._told >= _QUIET_S:
            self._told = time.monotonic()
            say(self._console, self._line())

    def __enter__(self) -> Self:
        if self._live is None:
            say(self._console, self._line())
        return super().__enter__()

    def _line(self) -> str:
        agents = "; ".join(f"{agent} {self._count(agent)}" for agent in self._total)
        return f"{self._sum()} | {agents}"

    def _sum(self) -> str:
        done = self._total.total() - self._left.total() - self._failed.total()
        failed = f", {self._failed.total()} failed" if self._failed.total() else ""
        left = f"{_spell(self._seconds_left())} left{self._about}"
        return f"{done} of {self._total.total()} runs done{failed}, {left}"

    def _count(self, agent: str) -> str:
        done = self._total[agent] - self._left[agent] - self._failed[agent]
        failed = f" ({self._failed[agent]} failed)" if self._failed[agent] else ""
        return f"{done}/{self._total[agent]}{failed}"

    def _seconds_left(self, agent: str | None = None) -> float | None:
        """Wall time for the runs of an agent, or all, as those before went; None before any has ended."""
        left = 0.0
        for name in [agent] if agent else self._total:
            of = name if self._cost[name] else None
            cost = self._cost[of] if of else self._cost.total()
            if not cost:
                return None
            seconds = (self._seconds[of] if of else self._seconds.total()) / 1000
            left += seconds / cost * self._cost_left[name]
        return left / self._workers.slots

    def _table(self) -> Group:
        table = make_table("", "total", "done", "failed", "left")
        for agent, total in self._total.items():
            done = total - self._left[agent] - self._failed[agent]
            left = _spell(self._seconds_left(agent)) if self._left[agent] else "-"
            table.add_row(agent, str(total), str(done), str(self._failed[agent]), left)
        return Group(Text(self._sum(), style="bold"), table)


def _spell(seconds: float | None) -> str:
    if seconds is None:
        return "unknown time"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
