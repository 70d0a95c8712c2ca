# SPDX-License-Identifier: GPL-2.0-only
"""Learners of a family by the name of their agent."""

from collections.abc import Callable
from typing import Any

from pyagents.core.extras import load_extra
from pyagents.core.families import find_family
from pyagents.core.family import Family, load_place
from pyagents.core.simulator import BatchSimulator
from pyagents.simulators.registry import make_batch, simulators
from pyagents.training.loop import Learner
from pyagents.training.training import Training

World = Callable[[BatchSimulator], BatchSimulator]


def find_settings(name: str, family: Family) -> type[Any]:
    """Find the class of a learner's config, without torch; ValueError where no agent of that name learns."""
    if name not in family.learners:
        names = ", ".join(family.learners) or "none, for this family has no learner"
        raise ValueError(f"agent {name!r} does not learn: use one of {names}")
    found: type[Any] = load_place(family.learners[name].config)
    return found


def find_learner(name: str, family: Family) -> tuple[type[Any], type[Any]]:
    """Find the learner's class and its config's; ValueError without one, MissingExtraError without torch."""
    config = find_settings(name, family)
    try:
        return load_place(family.learners[name].place), config
    except ModuleNotFoundError as error:
        if error.name == "torch":
            load_extra("torch", extra="learn")  # says so
        raise


def make_learner(training: Training, weights: str = "", world: World = lambda batch: batch) -> Learner:
    """Make a fresh learner, which begins with weights of a file, or by chance.

    Args:
        training: says which.
        weights: file that it begins with; empty: none.
        world: makes the simulator that it plays of the one of the training's name.

    Raises:
        ValueError: there is no such learner or simulator, or its settings or weights are not allowed.
    """
    family = find_family(training.family)
    known = sorted(simulators(family))
    if training.simulator not in known:
        raise ValueError(f"simulator={training.simulator!r} is not allowed: must be {' or '.join(known)}")
    learner, config = find_learner(training.agent, family)
    made: Learner = learner(
        config(**training.config),
        seed=training.seed,
        scenarios=training.scenarios,
        make_batch=lambda: world(make_batch(training.simulator, family)),
    )
    if weights:
        made.begin_with(made.form.load(weights))
    return made
