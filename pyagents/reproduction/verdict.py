# SPDX-License-Identifier: GPL-2.0-only
"""Whether a claim holds in the runs: estimates with intervals, paired over seeds, and what they decide.

Means over the seeds decide, since the paper prints means. The same by medians stands beside them: where it
decides otherwise, a few runs far from the others make the verdict.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from pyagents.reproduction.claim import Claim
from pyagents.reproduction.experiment import Experiment, Value
from pyagents.reproduction.outcomes import BySeed, Outcomes, Played, mean_over_steps, settling_step
from pyagents.statistics.interval import (
    Array,
    Average,
    Combine,
    Estimate,
    divide,
    estimate,
    estimate_mean,
    mean,
    median,
)
from pyagents.statistics.repeated import stretch

Answer = Literal["holds", "does not hold", "undecided"]

Place = tuple[str, Value]
"""An agent, and a value of the swept field or a variant."""

MIN_SEEDS = 6
"""With five, even if all agree, chance alone does so once in 16 (sign test): too often for 95 %."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One comparison of a claim."""

    what: str
    """The comparison in words, such as: over DQN-MLB at 100 users."""
    places: frozenset[Place]
    """Agents and points whose runs it compares."""
    estimate: Estimate
    """Gain or change as a share, trend per unit of the swept field, level as the metric."""
    difference: Estimate | None
    """Difference behind a gain, in the metric's own unit."""
    answer: Answer
    """Answer that the estimate gives."""
    by_medians: Estimate
    """Estimate as above, of medians over the seeds in place of means; a trend: the median slope."""
    answer_by_medians: Answer
    """Answer that medians would give."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Verdict of the runs on a claim."""

    claim: Claim
    """Claim that was judged."""
    experiment: Experiment
    """Figure that the claim is about."""
    checks: Sequence[Check]
    """All comparisons; empty where the claim's agent was not played."""
    absent: Sequence[str]
    """Agents that the claim names and the runs lack."""

    @property
    def answer(self) -> Answer:
        """Holds if all checks do, and nobody is absent; does not if one does not; else undecided."""
        return self._sum_up({check.answer for check in self.checks})

    @property
    def answer_by_medians(self) -> Answer:
        """The answer if medians over the seeds decided."""
        return self._sum_up({check.answer_by_medians for check in self.checks})

    @property
    def hangs_on_the_tail(self) -> bool:
        """Whether medians would answer otherwise."""
        return self.answer != self.answer_by_medians

    @property
    def needs(self) -> Set[Place]:
        """Agents and points whose further runs may decide it; none where it is decided."""
        if self.answer != "undecided":
            return set()
        return {place for check in self.checks if check.answer == "undecided" for place in check.places}

    def _sum_up(self, answers: Set[Answer]) -> Answer:
        if "does not hold" in answers:
            return "does not hold"
        return "holds" if answers == {"holds"} and not self.absent else "undecided"


def judge_all(outcomes: Outcomes) -> list[Verdict]:
    """Judge each claim of a plan, in the order of its figures."""
    return [judge(claim, played) for played in outcomes.played for claim in played.experiment.claims]


def look_again(outcomes: Outcomes, before: Sequence[Verdict] = ()) -> list[Verdict]:
    """Judge each claim, where one looks again and again while seeds are added.

    Intervals are those of `pyagents.statistics.repeated`. What was decided in the look before stays as it
    was. "About" holds only where the interval leaves out twice the value, too.
    """
    claims = [(claim, played) for played in outcomes.played for claim in played.experiment.claims]
    if not before:
        return [judge(claim, played, again=True) for claim, played in claims]
    return [
        old if old.answer != "undecided" else judge(claim, played, old.checks, again=True)
        for old, (claim, played) in zip(before, claims, strict=True)
    ]


def judge(claim: Claim, played: Played, before: Sequence[Check] = (), *, again: bool = False) -> Verdict:
    """Check a claim against runs of its experiment; checks of a look before that were decided stay."""
    played = replace(played, experiment=played.experiment.about(claim))
    labels = {contender.name: contender.label for contender in played.contenders}
    absent = [name for name in (claim.agent, *claim.over) if name not in labels]
    checks: list[Check] = []
    if claim.agent in labels:
        over = {name: labels[name] for name in claim.over if name in labels}
        decided = {(c.what, c.places): c for c in before if c.answer != "undecided"}
        judging = _Judging(claim=claim, played=played, over=over, decided=decided, again=again)
        checks = {
            "gain": judging.gains,
            "trend": judging.trends,
            "change": judging.changes,
            "level": judging.levels,
        }[claim.kind]()
    return Verdict(claim=claim, experiment=played.experiment, checks=checks, absent=absent)


@dataclass(frozen=True, kw_only=True)
class _Judging:
    """A claim beside the runs that it is judged by: a method a kind of claim."""

    claim: Claim
    played: Played
    over: Mapping[str, str]
    """Labels of the agents that it is compared with and that were played, by name."""
    decided: Mapping[tuple[str, frozenset[Place]], Check]
    """Checks that stay as they are, by what and where."""
    again: bool
    """Whether one looks again and again."""

    @property
    def points(self) -> list[Value]:
        return [value for value in self.played.points if not self.claim.at or value in self.claim.at]

    @property
    def is_higher_better(self) -> bool:
        return self.played.experiment.direction(self.claim) == "higher"

    def gains(self) -> list[Check]:
        claim, checks = self.claim, []
        for value in self.points:
            ours = self.statistic(claim.agent, value)
            for name, label in self.over.items():
                theirs = self.statistic(name, value)
                checks.append(
                    self.check(
                        f"over {label}{self.where(value)}",
                        {(claim.agent, value), (name, value)},
                        partial(paired, ours, theirs, self.gain),
                        self.decide_gain,
                        difference=partial(paired, ours, theirs, lambda a, b: a - b),
                    )
                )
        return checks

    def trends(self) -> list[Check]:
        xs = [value for value in self.points if isinstance(value, int | float)]
        ours = [self.statistic(self.claim.agent, value) for value in self.points]
        lines = {"": ours}
        if self.claim.over:
            sign = 1 if self.is_higher_better else -1
            lines = {
                name: [
                    {seed: sign * (a[seed] - b[seed]) for seed in a if seed in b}
                    for a, b in zip(ours, (self.statistic(name, v) for v in self.points), strict=True)
                ]
                for name in self.over
            }
        checks = []
        for name, line in lines.items():
            what = f"lead over {self.over[name]}" if name else "slope"
            seeds = [seed for seed in line[0] if all(seed in at_point for at_point in line)]
            slopes = [_slope(xs, [at_point[seed] for at_point in line]) for seed in seeds]
            checks.append(
                self.check(
                    f"{what} along {self.played.experiment.sweep}",
                    {(agent, value) for agent in (self.claim.agent, name) if agent for value in self.points},
                    partial(estimate_mean, slopes),
                    lambda slope: _above(_turned(slope, self.claim.sign), 0.0),
                )
            )
        return checks

    def changes(self) -> list[Check]:
        first, last = self.points[0], self.points[-1]
        before, after = (self.statistic(self.claim.agent, value) for value in (first, last))
        what = f"from{self.where(first)[3:]} to{self.where(last)[3:]}"
        return [
            self.check(
                what,
                {(self.claim.agent, first), (self.claim.agent, last)},
                partial(paired, after, before, _relative),
                partial(_inside, within=self.claim.within),
            )
        ]

    def levels(self) -> list[Check]:
        return [
            self.check(
                self.where(value).strip() or "level",
                {(self.claim.agent, value)},
                partial(estimate_mean, self.statistic(self.claim.agent, value).values()),
                partial(_above, least=self.claim.at_least),
            )
            for value in self.points
        ]

    def check(
        self,
        what: str,
        among: Iterable[Place],
        find: Callable[..., Estimate],
        decide: Callable[[Estimate], Answer],
        difference: Callable[[], Estimate] | None = None,
    ) -> Check:
        """A comparison by means and by medians, unless it is decided: `find` takes the `average`."""
        places = frozenset(among)
        if (what, places) in self.decided:
            return self.decided[what, places]
        read = stretch if self.again else _as_it_is
        by_means, by_medians = (read(find(average=average)) for average in (mean, median))
        return Check(
            what=what,
            places=places,
            estimate=by_means,
            difference=read(difference()) if difference else None,
            answer=decide(by_means),
            by_medians=by_medians,
            answer_by_medians=decide(by_medians),
        )

    def statistic(self, agent: str, value: Value) -> BySeed:
        """Take the claim's number of each run, by seed."""
        if self.claim.statistic == "summary":
            return self.played.summary(agent, value)
        series = self.played.series(agent, value)
        if self.claim.statistic == "steps":
            return {seed: mean_over_steps(line, self.claim.steps) for seed, line in series.items()}
        better = self.played.experiment.measured.better
        return {seed: settling_step(line, better) for seed, line in series.items()}

    def decide_gain(self, gain: Estimate) -> Answer:
        """Decide the claim by a gain."""
        if self.claim.about is None:
            return _above(gain, self.claim.at_least)
        return _about(gain, self.claim.about, sharply=self.again)

    def gain(self, ours: Array, theirs: Array) -> Array:
        """By which share of theirs ours is better."""
        return _relative(ours, theirs) if self.is_higher_better else -_relative(ours, theirs)

    def where(self, value: Value) -> str:
        """A point in words, such as: at 100 users."""
        experiment = self.played.experiment
        if value is None or isinstance(value, str):
            return "" if value is None else f" at {value}"
        unit = "%" if experiment.x_factor == 100 else experiment.x_title.split(" at ")[0]
        return f" at {value * experiment.x_factor:g} {unit}"


# ---- Statistics ----


def paired(ours: BySeed, theirs: BySeed, combine: Combine, *, average: Average = mean) -> Estimate:
    """Estimate a function of two averages, with its percentile bootstrap interval; seeds are drawn in pairs.

    Seeds that one of both lacks, or that are NaN, are left out. The function is elementwise.
    """
    seeds = [seed for seed in ours if seed in theirs]
    samples = [[values[seed] for seed in seeds] for values in (ours, theirs)]
    return estimate(samples, combine, paired=True, average=average)


def _relative(a: Array, b: Array) -> Array:
    """By which share a is above b; NaN where b is 0."""
    return divide(a, b) - 1


def _slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Fit the slope of the least squares line; NaN with fewer than two points."""
    if len(xs) < 2:
        return math.nan
    x = np.array(xs) - np.mean(xs)
    return float((x * np.array(ys)).sum() / (x * x).sum())


def _as_it_is(estimate: Estimate) -> Estimate:
    return estimate


def _turned(estimate: Estimate, sign: int) -> Estimate:
    """The estimate times 1 or -1."""
    low, high = sorted((sign * estimate.low, sign * estimate.high))
    return replace(estimate, mean=sign * estimate.mean, low=low, high=high)


# ---- What an interval decides ----


def _decided(estimate: Estimate) -> bool:
    return estimate.count >= MIN_SEEDS and not math.isnan(estimate.low)


def _above(estimate: Estimate, least: float) -> Answer:
    """Holds if all of the interval is above; does not if none is."""
    if not _decided(estimate):
        return "undecided"
    if estimate.low > least:
        return "holds"
    return "does not hold" if estimate.high <= least else "undecided"


def _about(estimate: Estimate, value: float, *, sharply: bool) -> Answer:
    """Holds if the interval holds the value and leaves out 0; does not if it leaves out the value.

    Sharply: only if it leaves out twice the value as well, lest one stop at an interval that is merely wide.
    """
    if not _decided(estimate):
        return "undecided"
    if not estimate.low <= value <= estimate.high:
        return "does not hold"
    if sharply and estimate.low <= 2 * value <= estimate.high:
        return "undecided"
    return "holds" if estimate.low > 0 or estimate.high < 0 else "undecided"


def _inside(estimate: Estimate, within: float) -> Answer:
    """Holds if all of the interval is within; does not if none is."""
    if not _decided(estimate):
        return "undecided"
    if -within <= estimate.low and estimate.high <= within:
        return "holds"
    return "does not hold" if estimate.low > within or estimate.high < -within else "undecided"
