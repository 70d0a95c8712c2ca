# SPDX-License-Identifier: GPL-2.0-only
"""Whether a claim holds in the runs: estimates with intervals, paired over seeds, and what they decide.

Means over the seeds decide, since the paper prints means. The same by medians stands beside them: where it
decides otherwise, a few runs far from the others make the verdict.
"""

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from pyagents.reproduction.claim import Claim
from pyagents.reproduction.experiment import Experiment, Value
from pyagents.reproduction.outcomes import BySeed, Outcomes, mean_over_steps, settling_step
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

Answer = Literal["holds", "does not hold", "undecided"]

MIN_SEEDS = 6
"""With five, even if all agree, chance alone does so once in 16 (sign test): too often for 95 %."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One comparison of a claim."""

    what: str
    """Such as: over DQN-MLB at 100."""
    estimate: Estimate
    """Gain or change as a share, trend per unit of the swept field, level as the metric."""
    difference: Estimate | None
    """Of a gain: in the metric's own unit."""
    answer: Answer
    """What it decides."""
    by_medians: Estimate
    """As `estimate`, of medians over the seeds in place of means; a trend: the median slope."""
    answer_by_medians: Answer
    """What that would decide."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the runs say of a claim."""

    claim: Claim
    """Which."""
    experiment: Experiment
    """Of which figure."""
    checks: Sequence[Check]
    """All of them; empty where nobody was played whom it takes."""
    absent: Sequence[str]
    """Whom the claim names and the runs lack."""

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

    def _sum_up(self, answers: Set[Answer]) -> Answer:
        if "does not hold" in answers:
            return "does not hold"
        return "holds" if answers == {"holds"} and not self.absent else "undecided"


def judge(claim: Claim, experiment: Experiment, outcomes: Outcomes) -> Verdict:
    """Check a claim against the runs."""
    played = {contender.name: contender.label for contender in outcomes.contenders(experiment)}
    absent = [name for name in (claim.agent, *claim.over) if name not in played]
    over = [name for name in claim.over if name in played]
    checks: list[Check] = []
    if claim.agent in played:
        find = {"gain": _gains, "trend": _trends, "change": _changes, "level": _levels}[claim.kind]
        labels = {name: played[name] for name in over}
        checks = find(claim, experiment, outcomes, labels)
    return Verdict(claim=claim, experiment=experiment, checks=checks, absent=absent)


# ---- Kinds of claims ----


def _gains(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    def decide(gain: Estimate) -> Answer:
        return _above(gain, claim.at_least) if claim.about is None else _about(gain, claim.about)

    checks = []
    for value in _points(claim, experiment, outcomes):
        ours = _statistic(claim, experiment, outcomes, claim.agent, value)
        for name, label in over.items():
            theirs = _statistic(claim, experiment, outcomes, name, value)
            checks.append(
                _check(
                    f"over {label}{_where(experiment, value)}",
                    partial(paired, ours, theirs, _gain(claim)),
                    decide,
                    difference=paired(ours, theirs, lambda a, b: a - b),
                )
            )
    return checks


def _trends(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    points = _points(claim, experiment, outcomes)
    xs = [value for value in points if isinstance(value, int | float)]
    ours = [_statistic(claim, experiment, outcomes, claim.agent, value) for value in points]
    whole = dict.fromkeys(over) if claim.over else {"": None}
    checks = []
    for name in whole:
        lines = ours
        if name:
            theirs = [_statistic(claim, experiment, outcomes, name, value) for value in points]
            better = 1 if claim.better == "higher" else -1
            lines = [
                {seed: better * (a[seed] - b[seed]) for seed in a if seed in b}
                for a, b in zip(ours, theirs, strict=True)
            ]
        seeds = [seed for seed in lines[0] if all(seed in line for line in lines)]
        slopes = [_slope(xs, [line[seed] for line in lines]) for seed in seeds]
        what = f"lead over {over[name]}" if name else "slope"
        checks.append(
            _check(
                f"{what} along {experiment.sweep}",
                partial(estimate_mean, slopes),
                lambda slope: _above(_turned(slope, claim.sign), 0.0),
            )
        )
    return checks


def _changes(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    points = _points(claim, experiment, outcomes)
    first, last = (
        _statistic(claim, experiment, outcomes, claim.agent, value) for value in (points[0], points[-1])
    )
    what = f"from{_where(experiment, points[0])[3:]} to{_where(experiment, points[-1])[3:]}"
    return [_check(what, partial(paired, last, first, _relative), partial(_inside, within=claim.within))]


def _levels(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    return [
        _check(
            _where(experiment, value).strip() or "level",
            partial(estimate_mean, _statistic(claim, experiment, outcomes, claim.agent, value).values()),
            partial(_above, least=claim.at_least),
        )
        for value in _points(claim, experiment, outcomes)
    ]


def _check(
    what: str,
    find: Callable[..., Estimate],
    decide: Callable[[Estimate], Answer],
    difference: Estimate | None = None,
) -> Check:
    """A comparison by means and by medians: `find` takes the `average`."""
    by_means, by_medians = find(average=mean), find(average=median)
    return Check(
        what=what,
        estimate=by_means,
        difference=difference,
        answer=decide(by_means),
        by_medians=by_medians,
        answer_by_medians=decide(by_medians),
    )


# ---- Statistics ----


def paired(ours: BySeed, theirs: BySeed, combine: Combine, *, average: Average = mean) -> Estimate:
    """A function of two averages, with its percentile bootstrap interval; seeds are drawn in pairs.

    Args:
        ours: by seed; those that the others lack, or that are NaN, are left out.
        theirs: likewise.
        combine: of the two averages, elementwise.
        average: of each.
    """
    seeds = [seed for seed in ours if seed in theirs]
    samples = [[values[seed] for seed in seeds] for values in (ours, theirs)]
    return estimate(samples, combine, paired=True, average=average)


def _relative(a: Array, b: Array) -> Array:
    """By which share a is above b; NaN where b is 0."""
    return divide(a, b) - 1


def _gain(claim: Claim) -> Combine:
    """By which share of theirs ours is better."""
    return _relative if claim.better == "higher" else lambda a, b: -_relative(a, b)


def _statistic(claim: Claim, experiment: Experiment, outcomes: Outcomes, agent: str, value: Value) -> BySeed:
    if claim.statistic == "summary":
        return outcomes.summary(experiment, agent, value, experiment.metric)
    series = outcomes.series(experiment, agent, value, experiment.metric)
    if claim.statistic == "steps":
        return {seed: mean_over_steps(values, claim.steps) for seed, values in series.items()}
    return {seed: settling_step(values) for seed, values in series.items()}


def _slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Of the least squares line; NaN with fewer than two points."""
    if len(xs) < 2:
        return math.nan
    x = np.array(xs) - np.mean(xs)
    return float((x * np.array(ys)).sum() / (x * x).sum())


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


def _about(estimate: Estimate, value: float) -> Answer:
    """Holds if the interval holds the value and leaves out 0; does not if it leaves out the value."""
    if not _decided(estimate):
        return "undecided"
    if not estimate.low <= value <= estimate.high:
        return "does not hold"
    return "holds" if estimate.low > 0 or estimate.high < 0 else "undecided"


def _inside(estimate: Estimate, within: float) -> Answer:
    """Holds if all of the interval is within; does not if none is."""
    if not _decided(estimate):
        return "undecided"
    if -within <= estimate.low and estimate.high <= within:
        return "holds"
    return "does not hold" if estimate.low > within or estimate.high < -within else "undecided"


# ---- Words ----


def _points(claim: Claim, experiment: Experiment, outcomes: Outcomes) -> list[Value]:
    return [value for value in outcomes.points(experiment) if not claim.at or value in claim.at]


def _where(experiment: Experiment, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f" at {value}"
    unit = "%" if experiment.x_factor == 100 else f" {experiment.x_label.split(' at ')[0]}"
    return f" at {value * experiment.x_factor:g}{' ' if unit == '%' else ''}{unit}"
