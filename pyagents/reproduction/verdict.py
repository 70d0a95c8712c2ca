# SPDX-License-Identifier: GPL-2.0-only
"""Whether a claim holds in the runs: estimates with intervals, paired over seeds, and what they decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
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
        answers = {check.answer for check in self.checks}
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
    checks = []
    for value in _points(claim, experiment, outcomes):
        ours = _statistic(claim, experiment, outcomes, claim.agent, value)
        for name, label in over.items():
            theirs = _statistic(claim, experiment, outcomes, name, value)
            gain = paired(ours, theirs, _gain(claim))
            difference = paired(ours, theirs, lambda a, b: a - b)
            answer = _about(gain, claim.about) if claim.about is not None else _above(gain, claim.at_least)
            checks.append(
                Check(
                    what=f"over {label}{_where(experiment, value)}",
                    estimate=gain,
                    difference=difference,
                    answer=answer,
                )
            )
    return checks


def _trends(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    points = _points(claim, experiment, outcomes)
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
        xs = [value for value in points if isinstance(value, int | float)]
        slopes = [_slope(xs, [line[seed] for line in lines]) for seed in seeds]
        slope = estimate_mean(slopes)
        turned = Estimate(
            mean=claim.sign * slope.mean,
            low=min(claim.sign * slope.low, claim.sign * slope.high),
            high=max(claim.sign * slope.low, claim.sign * slope.high),
            count=slope.count,
        )
        what = f"lead over {over[name]}" if name else "slope"
        checks.append(
            Check(
                what=f"{what} along {experiment.sweep}",
                estimate=slope,
                difference=None,
                answer=_above(turned, 0.0),
            )
        )
    return checks


def _changes(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    points = _points(claim, experiment, outcomes)
    first, last = (
        _statistic(claim, experiment, outcomes, claim.agent, value) for value in (points[0], points[-1])
    )
    change = paired(last, first, _relative)
    what = f"from{_where(experiment, points[0])[3:]} to{_where(experiment, points[-1])[3:]}"
    answer = _inside(change, claim.within)
    return [Check(what=what, estimate=change, difference=None, answer=answer)]


def _levels(claim: Claim, experiment: Experiment, outcomes: Outcomes, over: dict[str, str]) -> list[Check]:
    checks = []
    for value in _points(claim, experiment, outcomes):
        level = estimate_mean(list(_statistic(claim, experiment, outcomes, claim.agent, value).values()))
        checks.append(
            Check(
                what=_where(experiment, value).strip() or "level",
                estimate=level,
                difference=None,
                answer=_above(level, claim.at_least),
            )
        )
    return checks


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
