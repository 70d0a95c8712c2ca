# SPDX-License-Identifier: GPL-2.0-only
"""Learners by the name of their agent."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyagents.core.agent_spec import find_agent
from pyagents.core.extras import load_extra
from pyagents.scenarios.indoor_factory.training.halls import SIMULATORS
from pyagents.training.loop import Learner

LEARNERS: Mapping[str, tuple[str, str, str]] = {
    "dqn-mlb": ("pyagents.scenarios.indoor_factory.training.dqn_mlb", "DqnMlbLearner", "DqnMlbTraining"),
    "mappo": ("pyagents.scenarios.indoor_factory.training.mappo", "MappoLearner", "MappoTraining"),
}
"""Name of the agent -> module, learner, and its config."""


def find_learner(name: str) -> tuple[type[Any], type[Any]]:
    """The learner's class and its config's.

    Raises:
        ValueError: there is none of that name.
        MissingExtraError: torch is not installed.
    """
    if name not in LEARNERS:
        raise ValueError(f"agent {name!r} does not learn: use one of {', '.join(LEARNERS)}")
    module_name, learner, config = LEARNERS[name]
    load_extra("torch", extra="learn")
    module = importlib.import_module(module_name)
    return getattr(module, learner), getattr(module, config)


def make_learner(name: str, config: Any, *, simulator: str = "mock", weights: str = "") -> Learner:
    """A fresh learner.

    Args:
        name: of its agent.
        config: settings.
        simulator: that it learns on, one of `pyagents.scenarios.indoor_factory.training.halls.SIMULATORS`.
        weights: file of those that it begins with, in place of chance; empty: chance.

    Raises:
        ValueError: there is no such simulator, or the weights are not the agent's.
    """
    if simulator not in SIMULATORS:
        raise ValueError(f"simulator={simulator!r} is not allowed: must be {' or '.join(SIMULATORS)}")
    made: Learner = find_learner(name)[0](config, make_halls=SIMULATORS[simulator])
    if weights:
        module = importlib.import_module(find_agent(name).cls.__module__)
        made.begin_with(module.load_weights(Path(weights)))
    return made
