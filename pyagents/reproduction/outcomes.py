# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of a plan came to, by figure, agent, point and seed."""

import math
from collections.abc import Iterator, Mapping, Sequence

from pyagents.reproduction.experiment import Contender, Experiment, Value
from pyagents.reproduction.plan import Plan
from pyagents.runs.record import Record
from pyagents.runs.results import Results

SETTLED = 0.9
"""A run has settled once its metric has gone this share of the way to where it ends up."""

BySeed = Mapping[int, float]


class Outcomes:
    """The records of a plan's runs; those that are missing are left out everywhere.

    Args:
        plan: which runs.
        results: where their records are.
    """

    def __init__(self, plan: Plan, results: Results) -> None:
        self.plan = plan
        keys = {point: run.key for point, run in plan.runs.items()}
        known = {key: results.get(key) for key in set(keys.values())}
        self._records = {point: record for point, key in keys.items() if (record := known[key]) is not None}
        self.missing = sum(record is None for record in known.values())
        """How many runs have no record."""
        self.count = len(known)
        """How many runs there should be."""

    def contenders(self, experiment: Experiment, *roles: str) -> list[Contender]:
        """Who has runs in a figure; of these roles, where any are named."""
        played = {name for figure, name, _, _ in self._records if figure == experiment.name}
        return [c for c in self.plan.contenders if c.name in played and (not roles or c.role in roles)]

    def points(self, experiment: Experiment) -> tuple[Value, ...]:
        """What the swept field takes, or the names of the variants."""
        return experiment.points(quick=self.plan.quick)

    def records(self, experiment: Experiment, agent: str, value: Value) -> dict[int, Record]:
        """By seed, ascending."""
        return {
            seed: record
            for seed in self.plan.seeds
            if (record := self._records.get((experiment.name, agent, value, seed))) is not None
        }

    def summary(self, experiment: Experiment, agent: str, value: Value, metric: str) -> BySeed:
        """A metric of the summaries, by seed."""
        return {
            seed: record.summary[metric] for seed, record in self.records(experiment, agent, value).items()
        }

    def series(self, experiment: Experiment, agent: str, value: Value, metric: str) -> dict[int, list[float]]:
        """A metric step by step, by seed."""
        return {
            seed: [row[metric] for row in record.rows]
            for seed, record in self.records(experiment, agent, value).items()
        }

    def everything(self) -> Iterator[Record]:
        """Each record once."""
        yield from {record.facts["key"]: record for record in self._records.values()}.values()


def mean_over_steps(series: Sequence[float], steps: tuple[int, int]) -> float:
    """Mean from the first of the steps to the last, both included; NaN without any."""
    known = [value for value in series[steps[0] : steps[1] + 1] if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def settling_step(series: Sequence[float]) -> float:
    """First step at which 90 % of the way from the first value to the mean of the second half is gone.

    0 if the series does not fall.
    """
    end = mean_over_steps(series, (len(series) // 2, len(series)))
    goal = max(series[0] - SETTLED * (series[0] - end), min(series))  # not below all for a rounding error
    if not end < series[0]:
        return 0.0
    return float(next(step for step, value in enumerate(series) if value <= goal))
