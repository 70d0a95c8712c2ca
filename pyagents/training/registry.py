# SPDX-License-Identifier: GPL-2.0-only
"""Learners of a family by the name of their agent."""

from functools import partial
from typing import Any

from pyagents.core.extras import load_extra
from pyagents.core.family import Family, load_place
from pyagents.simulators.registry import make_batch, simulators
from pyagents.training.loop import Learner


def find_learner(name: str, family: Family) -> tuple[type[Any], type[Any]]:
    """The learner's class and its config's.

    Raises:
        ValueError: there is none of that name.
        MissingExtraError: torch is not installed.
    """
    if name not in family.learners:
        names = ", ".join(family.learners) or "none, for this family has no learner"
        raise ValueError(f"agent {name!r} does not learn: use one of {names}")
    load_extra("torch", extra="learn")
    place = family.learners[name].place
    return load_place(place), load_place(f"{place.partition(':')[0]}:{family.learners[name].config}")


def make_learner(
    name: str, config: Any, family: Family, *, simulator: str = "mock", weights: str = ""
) -> Learner:
    """A fresh learner.

    Args:
        name: of its agent.
        config: settings.
        family: whose learner.
        simulator: that it learns on, as `make_batch` takes it.
        weights: file of those that it begins with, in place of chance; empty: chance.

    Raises:
        ValueError: there is no such simulator, or the weights are not the agent's.
    """
    known = sorted(simulators(family))
    if simulator not in known:
        raise ValueError(f"simulator={simulator!r} is not allowed: must be {' or '.join(known)}")
    made: Learner = find_learner(name, family)[0](config, make_halls=partial(make_batch, simulator, family))
    if weights:
        made.begin_with(made.form.load(weights))
    return made
