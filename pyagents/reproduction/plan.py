# SPDX-License-Identifier: GPL-2.0-only
"""From declarations to runs. Figures with the same conditions share theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyagents.core.agent_spec import find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.family import Family
from pyagents.core.scenario import Scenario
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.experiment import Experiment, Value
from pyagents.reproduction.recipe import Trainings, weights_of
from pyagents.runs.provenance import trace_code
from pyagents.runs.run import Run
from pyagents.runs.task import Task, Work
from pyagents.training.task import TrainingTask
from pyagents.training.training import Training

Point = tuple[str, str, Value, int]
"""Experiment, agent, value of the swept field or variant, seed."""

Spot = tuple[str, str, Value]
"""Experiment, agent, value of the swept field or variant."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Runs for some experiments of one family."""

    experiments: Sequence[Experiment]
    """Experiments in the order of their figures; at least one."""
    contenders: Sequence[Contender]
    """Agents that are played, in the order of legends."""
    left_out: Mapping[Contender, str]
    """Agents that are not, and why."""
    seeds: Sequence[int]
    """Seeds of each point, but for experiments that declare fewer."""
    simulator: str
    """Simulator, as `make_simulator` takes it."""
    quick: bool
    """Whether time is short: fewer points, shorter runs."""
    most: int = 0
    """Most seeds of the runs that undecided claims need; 0: no more than of the others."""
    further: Mapping[Spot, int] = field(default_factory=dict)
    """Number of seeds where it is another than that of the experiment."""

    @property
    def family(self) -> Family:
        """The family that is played."""
        return self.experiments[0].family

    @property
    def labels(self) -> dict[str, str]:
        """Names of the agents for people, by name, also of those left out."""
        return {contender.name: contender.label for contender in (*self.contenders, *self.left_out)}

    @cached_property
    def runs(self) -> Mapping[Point, Run]:
        """The run of each point of each figure."""
        runs: dict[Point, Run] = {}
        for contender in self.contenders:
            spec = find_agent(contender.agent, self.family)
            code = trace_code(contender.agent, spec.config_dict(), self.simulator, self.family)
            for experiment in self.experiments:
                if not contender.takes_part(experiment.name):
                    continue
                for value in experiment.points(quick=self.quick):
                    scenario = self.scenario(experiment, value)
                    spot = experiment.name, contender.name, value
                    for seed in range(1, 1 + self.further.get(spot, len(self.seeds_of(experiment)))):
                        trained = self._trained(contender, scenario, seed)
                        options = {"weights": weights_of(trained)} if trained else {}
                        runs[*spot, seed] = Run(
                            scenario=scenario,
                            agent=contender.agent,
                            agent_config=spec.with_options(options).config_dict(),
                            simulator=self.simulator,
                            seed=seed,
                            code=code,
                        )
        return runs

    @cached_property
    def trainings(self) -> Mapping[Point, Training]:
        """The training behind each point, of contenders that are trained."""
        by_name = {contender.name: contender for contender in self.contenders}
        found = {
            point: self._trained(by_name[point[1]], run.scenario, point[3])
            for point, run in self.runs.items()
        }
        return {point: training for point, training in found.items() if training}

    @cached_property
    def _recipes(self) -> Mapping[str, Trainings]:
        return {
            one.name: Trainings(one.training, one.agent, self.family, quick=self.quick)
            for one in self.contenders
            if one.training
        }

    def _trained(self, contender: Contender, scenario: Scenario, seed: int) -> Training | None:
        recipe = self._recipes.get(contender.name)
        return recipe.of(scenario, seed) if recipe else None

    def seeds_of(self, experiment: Experiment) -> Sequence[int]:
        """List the seeds that are played of all of an experiment."""
        return self.seeds[: experiment.seeds or None]

    def count_seeds(self, *experiments: Experiment) -> str:
        """Say how many seeds points of experiments have."""
        names = {experiment.name for experiment in experiments}
        counts = {len(self.seeds_of(experiment)) for experiment in experiments}
        counts |= {count for spot, count in self.further.items() if spot[0] in names}
        least, most = min(counts), max(counts)
        return f"{f'{least} to ' if least < most else ''}{most} seed{'s' if most > 1 else ''}"

    def go_further(self, spots: Iterable[Spot], seeds: int) -> "Plan":
        """Make the plan with so many seeds there."""
        return replace(self, further={**self.further, **dict.fromkeys(spots, seeds)})

    def scenario(self, experiment: Experiment, value: Value) -> Scenario:
        """Make the condition at a point."""
        return experiment.scenario(value, most_steps=self.family.quick_steps if self.quick else None)

    def tasks(self) -> list[Work]:
        """List the runs, and the trainings that they wait for, as units of work, each once, seed by seed."""
        unique: dict[str, Work] = {
            training.key: TrainingTask(training=training) for training in self.trainings.values()
        }
        own = {c.name: c.label for c in self.contenders if c.role == "yours" or c.training}
        for point, run in sorted(self.runs.items(), key=lambda item: item[0][3]):
            experiment, agent, value, _ = point
            where = experiment if value is None else f"{experiment} at {format_value(value)}"
            unique.setdefault(run.key, Task(run=run, who=own.get(agent, ""), where=where))
        return list(unique.values())


def make_plan(
    experiments: Sequence[Experiment],
    contenders: Sequence[Contender],
    *,
    seeds: int,
    simulator: str,
    quick: bool,
    most: int = 0,
) -> Plan:
    """Plan experiments of one family, with those of the contenders that can be had here."""
    playing: list[Contender] = []
    left_out: dict[Contender, str] = {}
    for contender in contenders:
        try:
            contender.check(experiments[0].family)
        except (ValueError, MissingExtraError, OSError) as error:
            left_out[contender] = str(error)
        else:
            playing.append(contender)
    return Plan(
        experiments=experiments,
        contenders=playing,
        left_out=left_out,
        seeds=range(1, seeds + 1),
        simulator=simulator,
        quick=quick,
        most=most,
    )


def format_value(value: float | str) -> str:
    """Spell a value of a swept field as short as it goes; a variant's name as it is."""
    return value if isinstance(value, str) else f"{value:g}"
