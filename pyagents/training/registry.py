# SPDX-License-Identifier: GPL-2.0-only
"""Learners by the name of their agent."""

import importlib
from collections.abc import Mapping
from typing import Any

from pyagents.agents.extras import load_extra
from pyagents.training.loop import Learner

LEARNERS: Mapping[str, tuple[str, str, str]] = {
    "dqn-mlb": ("pyagents.training.dqn_mlb", "DqnMlbLearner", "DqnMlbTraining"),
    "mappo": ("pyagents.training.mappo", "MappoLearner", "MappoTraining"),
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


def make_learner(name: str, config: Any) -> Learner:
    """A fresh learner."""
    made: Learner = find_learner(name)[0](config)
    return made
