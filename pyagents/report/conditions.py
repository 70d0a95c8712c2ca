# SPDX-License-Identifier: GPL-2.0-only
"""The conditions that were played, each once however many figures show it, and the agents in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from pyagents.core.metrics import Metrics
from pyagents.core.scenario import Scenario
from pyagents.report.html import NOTHING, Cell, interval, table, text
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.experiment import Experiment, Value
from pyagents.reproduction.outcomes import BySeed, Outcomes, Played
from pyagents.statistics.interval import estimate_mean


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition that was played."""

    shown: Sequence[tuple[Played, Value]]
    """Experiments that show it, and where; at least one."""

    @property
    def experiment(self) -> Experiment:
        """The first experiment that shows it."""
        return self.shown[0][0].experiment

    @property
    def scenario(self) -> Scenario:
        """The scenario as declared."""
        return self.experiment.scenario(self.shown[0][1])

    @property
    def text(self) -> str:
        """The condition in words."""
        return self.experiment.describe(self.shown[0][1])

    @property
    def contenders(self) -> Sequence[Contender]:
        """Agents that the first experiment shows there."""
        return self.shown[0][0].contenders

    def summary(self, agent: str, metric: str) -> BySeed:
        """A metric of an agent's runs, by seed, whichever experiment had it play."""
        found = (played.summary(agent, value, metric) for played, value in self.shown)
        return next((by_seed for by_seed in found if by_seed), {})


class Conditions:
    """All conditions of a page."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self.metrics: Metrics = outcomes.plan.family.metrics
        """Metrics that the runs are judged by."""

    @cached_property
    def all(self) -> list[Condition]:
        """Each condition once, in the order of the figures."""
        shown: dict[str, list[tuple[Played, Value]]] = {}
        for played in self._outcomes.played:
            for value in played.points:
                key = self._outcomes.plan.scenario(played.experiment, value).key
                shown.setdefault(key, []).append((played, value))
        return [Condition(shown=where) for where in shown.values()]

    @cached_property
    def ranked(self) -> list[Condition]:
        """Conditions that ranks are over: the paper's, or all where none of its figures is there.

        What changes a choice of ours is looked at by itself, lest the choices with many variants weigh more.
        """
        return [place for place in self.all if place.experiment.number] or self.all

    def pick(self, *wanted: tuple[str, Value]) -> list[Condition]:
        """Pick conditions by experiment and value of its swept field; the last where none is there."""
        picked = [
            place
            for place in self.all
            if any((played.experiment.name, value) in wanted for played, value in place.shown)
        ]
        return picked or self.all[-1:]

    def table(
        self, figure: str, value: Value = None, *, metrics: Sequence[str] = (), agents: Sequence[str] = ()
    ) -> Markup:
        """Make a table of one condition, an agent a row; nothing where it was not played.

        The value is that of the swept field, or a variant. Without metrics those of the family's headline are
        shown, without agents those of the experiment.
        """
        place = next(
            (c for c in self.all if any((p.experiment.name, v) == (figure, value) for p, v in c.shown)), None
        )
        return self.table_of(place, metrics=metrics, agents=agents) if place else NOTHING

    def table_of(
        self, place: Condition, *, metrics: Sequence[str] = (), agents: Sequence[str] = ()
    ) -> Markup:
        """Make the table of a condition, as `table` has it."""
        shown = [self.metrics.table[name] for name in metrics or self.metrics.headline]
        everybody = self._outcomes.plan.contenders
        contenders = [c for c in everybody if c.name in agents] if agents else place.contenders
        rows: list[list[Cell]] = []
        for contender in contenders:
            found = [place.summary(contender.name, metric.name) for metric in shown]
            means = [estimate_mean(by_seed.values()) for by_seed in found]
            cells = [interval(e, m.form, m.factor) for e, m in zip(means, shown, strict=True)]
            rows += [[text(contender.label), *cells]] if any(found) else []
        return table(["Agent", *(metric.heading for metric in shown)], rows)
