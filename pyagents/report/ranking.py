# SPDX-License-Identifier: GPL-2.0-only
"""The agents beside each other, over all conditions."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pyagents.core.metrics import Metric
from pyagents.report.conditions import Condition, Conditions
from pyagents.report.html import NOTHING, Cell, interval, number, table, text
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.outcomes import BySeed
from pyagents.reproduction.plan import Plan
from pyagents.reproduction.verdict import MIN_SEEDS, paired
from pyagents.statistics.interval import estimate_mean


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The agents of a plan beside each other."""

    plan: Plan
    """Plan that was played."""
    conditions: Conditions
    """Outcomes by condition."""

    def table(self, metrics: Sequence[str] = ()) -> Markup:
        """Tabulate mean ranks of those who played everywhere, by metrics that have a direction: 1 is best."""
        shown = map(self._metric, metrics or self.conditions.metrics.compared)
        ranked = [metric for metric in shown if metric.better]
        places = self.conditions.ranked
        names = {place.experiment.name for place in places}
        everywhere = [c for c in self.plan.contenders if all(map(c.takes_part, names))]
        ranks = {metric.name: self._mean_ranks(everywhere, places, metric) for metric in ranked}
        rows = [
            [text(c.label), *(number(ranks[m.name].get(c.name, math.nan), ".2f") for m in ranked)]
            for c in everywhere
        ]
        return table(["Agent", *(f"By {metric.label}" for metric in ranked)], rows, name="ranking")

    def duels(
        self, agent: str, metric: str, *, known: Sequence[str] = (), pays: Sequence[str] = ()
    ) -> Markup:
        """Set an agent beside whichever other method of the paper is the best on average, by condition.

        Args:
            agent: name of the agent.
            metric: name of what they are compared by.
            known: names of metrics of the agent that tell of the condition.
            pays: names of metrics that tell what either pays.
        """
        measured, label = self._metric(metric), self.plan.labels.get(agent, agent)
        sign = -1 if measured.better == "higher" else 1
        rows: list[list[Cell]] = []
        for place in self.conditions.all:
            found = {c: place.summary(c.name, metric) for c in place.contenders if c.role == "paper"}
            ours = next((by_seed for c, by_seed in found.items() if c.name == agent), {})
            means = {c: sign * estimate_mean(v.values()).mean for c, v in found.items() if c.name != agent}
            others = [c for c, mean in means.items() if not math.isnan(mean)]
            if not ours or not others:
                continue
            best = min(others, key=means.__getitem__)
            difference = paired(ours, found[best], lambda a, b: a - b)
            rows.append(
                [
                    text(place.text),
                    *(self._mean(place, agent, name) for name in known),
                    interval(estimate_mean(ours.values()), measured.form, measured.factor),
                    text(best.label),
                    interval(difference, f"+{measured.form}", measured.factor),
                    *(self._mean(place, who, name) for name in pays for who in (agent, best.name)),
                ]
            )
        head = [
            "Condition",
            *(self._metric(name).heading for name in known),
            f"{measured.heading}: {label}",
            "Best other",
            f"{label}'s above its",
            *(h for name in pays for h in (f"{self._metric(name).heading}: {label}", "Best other's")),
        ]
        return table(head, rows, name="duels", wide=True) if rows else NOTHING

    def own(self, metrics: Sequence[str] = ()) -> Markup:
        """Set somebody's own agents beside each other agent, by condition; without metrics by the few."""
        shown = [self._metric(name) for name in metrics or self.conditions.metrics.compared]
        return Markup("\n").join(
            Markup("<h3>{}</h3>").format(mine.label)
            + table(
                ["Condition", "Beside", *(f"{metric.heading}: {mine.label} minus it" for metric in shown)],
                [row for place in self.conditions.all for row in _beside(mine, place, shown)],
                wide=True,
            )
            for mine in self.plan.contenders
            if mine.role == "yours"
        )

    def _metric(self, name: str) -> Metric:
        return self.conditions.metrics.table[name]

    def _mean(self, place: Condition, agent: str, metric: str) -> Cell:
        shown = self._metric(metric)
        mean = estimate_mean(place.summary(agent, metric).values()).mean
        return number(mean * shown.factor, shown.form)

    def _mean_ranks(
        self, contenders: Sequence[Contender], places: Sequence[Condition], metric: Metric
    ) -> Mapping[str, float]:
        """By agent: its rank among the others, over conditions and seeds; equals share their places' mean.

        Where one of them has no run, or no number, nobody is ranked.
        """
        sign = -1 if metric.better == "higher" else 1
        ranks: dict[str, list[float]] = defaultdict(list)
        for place in places:
            found = {c.name: place.summary(c.name, metric.name) for c in contenders}
            for seed in self.plan.seeds:
                values = {name: sign * by_seed.get(seed, math.nan) for name, by_seed in found.items()}
                if any(map(math.isnan, values.values())):
                    continue
                for name, mine in values.items():
                    ahead = sum(value < mine for value in values.values())
                    equal = sum(value == mine for value in values.values())
                    ranks[name].append(1 + ahead + (equal - 1) / 2)
        return {name: sum(values) / len(values) for name, values in ranks.items()}


def _beside(mine: Contender, place: Condition, metrics: Sequence[Metric]) -> list[list[Cell]]:
    """A row an agent that an own one played beside."""
    rows = []
    for other in place.contenders:
        if other == mine or not place.summary(mine.name, metrics[0].name):
            continue
        cells = [
            _difference(place.summary(mine.name, m.name), place.summary(other.name, m.name), m)
            for m in metrics
        ]
        rows.append([text(place.text), text(other.label), *cells])
    return rows


def _difference(mine: BySeed, other: BySeed, metric: Metric) -> Cell:
    """A difference, and whether it is for the better, where the seeds decide that."""
    estimate = paired(mine, other, lambda a, b: a - b)
    cell = interval(estimate, f"+{metric.form}", metric.factor)
    sure = (estimate.low > 0) - (estimate.high < 0)
    if not metric.better or not sure or estimate.count < MIN_SEEDS:
        return cell
    word = "better" if (sure > 0) == (metric.better == "higher") else "worse"
    return Cell(html=Markup("<b>{}</b> ").format(word) + cell.html, key=cell.key)
