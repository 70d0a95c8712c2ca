# SPDX-License-Identifier: GPL-2.0-only
"""What the runs of a plan came to, by figure, agent, point and seed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyagents.reproduction.contender import Contender
from pyagents.reproduction.effort import EFFORT, measure_effort
from pyagents.reproduction.experiment import Experiment, Value
from pyagents.reproduction.plan import Plan
from pyagents.runs.record import Record
from pyagents.runs.store import LostRecordError, Store
from pyagents.training.record import TrainingRecord, decode
from pyagents.training.training import Training

SETTLED = 0.9
"""A run has settled once its metric has gone this share of the way to where it ends up."""

BySeed = Mapping[int, float]


@dataclass(frozen=True, kw_only=True)
class Played:
    """Outcomes of the runs of one experiment."""

    experiment: Experiment
    """Experiment that was played."""
    points: Sequence[Value]
    """Values of the swept field, or names of the variants."""
    contenders: Sequence[Contender]
    """Agents that have runs, in the order of legends."""
    known: Mapping[tuple[str, Value], Mapping[int, Record]]
    """Records by agent and point, then by seed, ascending."""
    efforts: Mapping[tuple[str, Value], Mapping[int, Mapping[str, float]]] = field(default_factory=dict)
    """What the trainings behind them took, by agent and point, then by the training's seed."""

    def among(self, *roles: str) -> list[Contender]:
        """Agents of these roles that have runs."""
        return [contender for contender in self.contenders if contender.role in roles]

    def records(self, agent: str, value: Value) -> Mapping[int, Record]:
        """Records of an agent at a point, by seed."""
        return self.known.get((agent, value), {})

    def summary(self, agent: str, value: Value, metric: str = "") -> BySeed:
        """A metric of the summaries, by seed; without a name the experiment's."""
        name = metric or self.experiment.metric
        if name in EFFORT:
            return {seed: effort[name] for seed, effort in self.efforts.get((agent, value), {}).items()}
        return {seed: record.summary[name] for seed, record in self.records(agent, value).items()}

    def series(self, agent: str, value: Value) -> dict[int, list[float]]:
        """The experiment's metric step by step, by seed."""
        return {
            seed: [row[self.experiment.metric] for row in record.rows]
            for seed, record in self.records(agent, value).items()
        }


class Outcomes:
    """The records of a plan's runs; those that are missing are left out everywhere."""

    def __init__(self, plan: Plan, results: Store) -> None:
        self.plan, self._store = plan, results
        keys = {point: run.key for point, run in plan.runs.items()}
        records = {key: results.get(key) for key in set(keys.values())}
        self.missing = sum(record is None for record in records.values())
        """Number of runs without a record."""
        self.count = len(records)
        """Number of runs that there should be."""
        self.records: Mapping[str, Record] = {key: r for key in keys.values() if (r := records[key])}
        """Each record once, by the key of its run."""
        self.played = [self._gather(experiment, keys) for experiment in plan.experiments]
        """Outcomes of each experiment, in the order of the plan."""

    def of(self, experiment: str) -> Played | None:
        """Find what an experiment came to, by its name; None if it is not of the plan."""
        return next((played for played in self.played if played.experiment.name == experiment), None)

    def _gather(self, experiment: Experiment, keys: Mapping[tuple[str, str, Value, int], str]) -> Played:
        known: dict[tuple[str, Value], dict[int, Record]] = {}
        for (name, agent, value, seed), key in keys.items():
            if name == experiment.name and key in self.records:
                known.setdefault((agent, value), {})[seed] = self.records[key]
        agents = {agent for agent, _ in known}
        efforts: dict[tuple[str, Value], dict[int, Mapping[str, float]]] = {}
        for (name, agent, value, _), training in self.plan.trainings.items():
            if name == experiment.name and (trained := self._find(training)):
                effort = measure_effort(trained, experiment.target)
                efforts.setdefault((agent, value), {})[training.seed] = effort
        return Played(
            efforts=efforts,
            experiment=experiment,
            points=experiment.points(quick=self.plan.quick),
            contenders=[c for c in self.plan.contenders if c.name in agents],
            known=known,
        )

    def _find(self, training: Training) -> TrainingRecord | None:
        try:
            return decode(training.key, self._store.files(training.key))
        except (LostRecordError, ValueError):
            return None


def mean_over_steps(series: Sequence[float], steps: tuple[int, int]) -> float:
    """Average from the first of the steps to the last, both included; NaN without any."""
    known = [value for value in series[steps[0] : steps[1] + 1] if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def settling_step(series: Iterable[float], better: str = "lower") -> float:
    """Find the first step at which 90 % of the way from the first value to the second half's mean is gone.

    0 if the series does not get better: `lower` or `higher`; empty: whichever way it goes.
    """
    falling = [-value if better == "higher" else value for value in series]
    end = mean_over_steps(falling, (len(falling) // 2, len(falling)))
    if not better and end > falling[0]:
        return settling_step(falling, "higher")
    goal = max(falling[0] - SETTLED * (falling[0] - end), min(falling))  # not below all for a rounding error
    if not end < falling[0]:
        return 0.0
    return float(next(step for step, value in enumerate(falling) if value <= goal))
