# SPDX-License-Identifier: GPL-2.0-only
"""What is to be trained, complete, and the key that its weights are kept under."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyagents.core.content_key import content_key
from pyagents.core.families import find_family
from pyagents.core.family import Family
from pyagents.core.scenario import Checked, Scenario, number
from pyagents.core.sources import hash_files, trace_sources
from pyagents.runs.needs import key_in
from pyagents.simulators.registry import describe_build
from pyagents.training.federation.settings import Federation


@dataclass(frozen=True, kw_only=True)
class Schedule(Checked):
    """Length of a training, and when it is enough."""

    iterations: int = number(300, 1, 1e9)
    """Number of iterations, at most."""
    validate_every: int = number(15, 1, 1e6)
    """Iterations between validations, each with a checkpoint."""
    validation_seeds: int = number(8, 1, 1000)
    """Seeds of a validation, in each situation of the objective."""
    patience: int = number(8, 1, 1e6)
    """Validations without a better one until training stops."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """One training. Equal Trainings give equal weights, where `code` is known."""

    family: str
    """Name of the family of agent and scenarios."""
    agent: str
    """Name of the agent whose learner it is."""
    config: Mapping[str, Any]
    """Settings of the learner by name, all of them."""
    schedule: Schedule = field(default_factory=Schedule)
    """Length of the training, and how it is validated."""
    simulator: str = "mock"
    """Name of the simulator that it learns and is validated on, as `make_batch` takes it."""
    scenarios: tuple[Scenario, ...] = ()
    """Situations that it learns and is validated in; none: those that the learner draws, and those of the
    family's objective."""
    weights: str = ""
    """Weights that it begins with, in place of chance: a file, or `training:KEY`; empty: chance."""
    federation: Federation | None = None
    """Who learns from whose data; None: one learner from all."""
    seed: int = 1
    """Seed of all that is drawn, but for the simulator's."""
    code: Mapping[str, str] = field(default_factory=dict)
    """Hashes of what trains it: see `trace_training`."""

    def to_dict(self) -> dict[str, Any]:
        """All of it; a file of weights is known by its contents, in `code`."""
        return {
            "family": self.family,
            "agent": self.agent,
            "config": dict(self.config),
            "schedule": dataclasses.asdict(self.schedule),
            "simulator": self.simulator,
            "scenarios": [scenario.to_dict() for scenario in self.scenarios],
            "weights": self.weights if key_in(self.weights) else "",
            **({"federation": dataclasses.asdict(self.federation)} if self.federation else {}),
            "seed": self.seed,
            "code": dict(self.code),
        }

    @property
    def key(self) -> str:
        """Content hash, SHA-256 in hex."""
        return content_key(self.to_dict())


def list_trainings(training: Training, seeds: Sequence[int]) -> list[Training]:
    """List the training with each of the seeds and its code; ValueError without such a learner."""
    code = trace_training(training)
    return [dataclasses.replace(training, seed=seed, code=code) for seed in seeds]


def trace_training(training: Training) -> dict[str, str]:
    """Hash what the weights depend on besides the settings.

    Returns:
        `learner`: hash of the learner's sources, its family's and these rooms'; `objective`: of what judges
        agents; `simulator`: its build; `weights`: of the file that it begins with.

    Raises:
        ValueError: there is no such learner or simulator.
    """
    family = find_family(training.family)
    begin = Path(training.weights) if training.weights and not key_in(training.weights) else None
    return {
        "learner": hash_files(_learner_files(training, family)),
        "objective": hash_files(trace_sources(family.metrics.source) + _sources(family.objective, family)),
        "simulator": describe_build(training.simulator, family),
        "weights": hashlib.sha256(begin.read_bytes()).hexdigest() if begin and begin.is_file() else "",
    }


def _learner_files(training: Training, family: Family) -> list[Path]:
    """Sources of a learner: weights that ship are no part of it."""
    ref = family.learners[training.agent]
    modules = [ref.place.partition(":")[0], "pyagents.training.loop"]
    places = [ref.place]
    if training.federation:
        modules.append("pyagents.training.federation.coordinator")
        places += [ref.clients] if ref.clients else []
    general = {path for module in modules for path in trace_sources(module, within=__name__)}
    own = {path for place in places for path in _sources(place, family)}
    return sorted(own | {path for path in general if path.suffix == ".py"})


def _sources(place: str, family: Family) -> tuple[Path, ...]:
    """The file of a place, and those that it imports from its family."""
    found = trace_sources(place.partition(":")[0], within=family.scenario.__module__)
    return tuple(path for path in found if path.suffix == ".py")
