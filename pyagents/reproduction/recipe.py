# SPDX-License-Identifier: GPL-2.0-only
"""How a contender comes by its weights: it is trained, in each condition anew, before it is played."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyagents.core.family import Family
from pyagents.core.scenario import Checked, Scenario, number
from pyagents.runs.needs import PREFIX
from pyagents.training.federation.settings import Federation
from pyagents.training.registry import find_settings
from pyagents.training.training import Schedule, Training, list_trainings


@dataclass(frozen=True, kw_only=True)
class Recipe(Checked):
    """A contender's training, as `agents.toml` declares it."""

    seeds: int = number(0, 0, 1000)
    """Number of trainings, which runs take in turn, by their seed; 0: each seed has its own."""
    steps: int = number(0, 0, 1e6)
    """Steps of the runs that it is validated on; 0: those of the condition."""
    schedule: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the schedule that differ from its defaults."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the learner's settings that differ from their defaults."""
    federation: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the federation; `clients` may name the scenario's field that has their number. Empty:
    none."""
    quick_schedule: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the schedule that differ further where time is short."""
    quick_settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that do."""

    def training(self, agent: str, family: Family, scenario: Scenario, *, quick: bool) -> Training:
        """Make the training for a condition, of seed 1; ValueError where a field is unknown or wrong."""
        federation = dict(self.federation)
        if isinstance(named := federation.get("clients"), str):
            federation["clients"] = getattr(scenario, named)
        if self.steps:
            scenario = dataclasses.replace(scenario, steps=self.steps)
        schedule = {**self.schedule, **(self.quick_schedule if quick else {})}
        settings = {**self.settings, **(self.quick_settings if quick else {})}
        try:
            return Training(
                family=family.name,
                agent=agent,
                config=dataclasses.asdict(find_settings(agent, family)(**settings)),
                schedule=Schedule(**schedule),
                scenarios=(scenario,),
                federation=Federation(**federation) if federation else None,
            )
        except TypeError as error:  # a field that there is not
            raise ValueError(f"training of {agent}: {error}") from error


class Trainings:
    """The trainings of a contender, by condition and seed."""

    def __init__(self, recipe: Recipe, agent: str, family: Family, *, quick: bool) -> None:
        self._recipe, self._agent, self._family, self._quick = recipe, agent, family, quick
        self._known: dict[Scenario, Training] = {}

    def of(self, scenario: Scenario, seed: int) -> Training:
        """Find the training whose weights play a run of this seed."""
        recipe = self._recipe
        if scenario not in self._known:
            first = recipe.training(self._agent, self._family, scenario, quick=self._quick)
            (self._known[scenario],) = list_trainings(first, [1])
        number = 1 + (seed - 1) % recipe.seeds if recipe.seeds else seed
        return dataclasses.replace(self._known[scenario], seed=number)


def weights_of(training: Training) -> str:
    """Name a training's weights, as an option of its agent."""
    return f"{PREFIX}{training.key}"
