# SPDX-License-Identifier: GPL-2.0-only
"""A family of scenarios: all that the general rooms may ask about what is simulated.

What is heavy to load is named by its place, `package.module:name`, and loaded when it is used.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyagents.core.metrics import Metrics
from pyagents.core.scenario import Scenario
from pyagents.core.snapshot import Action, Snapshot


def load_place(place: str) -> Any:
    """Load what a place names: `package.module:name`."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


@dataclass(frozen=True, kw_only=True)
class AgentRef:
    """Place of an agent of a family."""

    place: str
    """Place of the agent's class."""
    config: str = ""
    """Name, beside the class, of the config that replaces its defaults; empty: none."""
    readings: str = ""
    """Name, beside the class, of its further configs by reading: `agent:reading`; empty: none."""


@dataclass(frozen=True, kw_only=True)
class LearnerRef:
    """Place of the learner of an agent."""

    place: str
    """Place of the learner's class."""
    config: str
    """Place of the class of its config, which loads without what the learner takes."""
    clients: str = ""
    """Place of a function of scenarios, a number and a generator that deals situations out among so many
    clients of a federation: a tuple of scenarios each; empty: those that are named are dealt out in turn."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentRef:
    """Place of an environment of Gymnasium."""

    place: str
    """Place of a function that makes one."""
    vector: str = ""
    """Place of a function that makes many at once; empty: none."""


@dataclass(frozen=True, kw_only=True)
class CommandRef:
    """A command of the command line that one family alone has."""

    place: str
    """Place of a function of the arguments that returns an exit code."""
    does: str
    """Help in one line."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """All that a general room may ask."""

    name: str
    """Name on the command line, in files and in records."""
    title: str
    """Name for people, a noun phrase."""
    scenario: type[Scenario]
    """Class of its scenarios."""
    presets: Mapping[str, Scenario]
    """Scenarios by name; names are unique among families."""
    default: str
    """Name of the preset that is taken where none is named."""
    snapshot: type[Snapshot]
    """Class of its snapshots."""
    action: type[Action]
    """Class of its actions."""
    metrics: Metrics
    """Metrics that its runs are judged by."""
    sections: Mapping[str, str] = field(default_factory=dict)
    """Headings of the scenario's fields in help, each with the name of the first field below it."""
    program: str = ""
    """Name of the ns-3 program that plays it; empty: there is none."""
    program_values: Callable[[Any, int], Mapping[str, object]] = lambda scenario, seed: scenario.to_dict()
    """What the program is told of a scenario and a seed, by name, as its flags (None: left out), besides the
    seed itself: all fields, or, where the world is drawn here, also what was drawn."""
    mock: str = ""
    """Place of the class of its mock; empty: there is none."""
    batch: str = ""
    """Place of the class of its batched mock; empty: there is none."""
    agents: Mapping[str, AgentRef]
    """Agents by name."""
    default_agent: str
    """Name of the agent that is taken where none is named."""
    reference: str = ""
    """Name of the agent that bounds what others can reach, and that they are held against; empty: none."""
    learners: Mapping[str, LearnerRef] = field(default_factory=dict)
    """Learners by the name of their agent."""
    objective: str = ""
    """Place of the `pyagents.training.objective.Objective` that its agents are trained and tuned by; empty:
    none."""
    template: str = ""
    """Package with `new_agent.py` and `test_new_agent.py`, an agent for others to start from and its test;
    empty: there is none."""
    picture: str = ""
    """Place of a function of a scenario, the Snapshot before a step or None, and the one after it, that draws
    them: [height, width, 3] RGB; empty: none."""
    environments: Mapping[str, EnvironmentRef] = field(default_factory=dict)
    """Environments by the id that Gymnasium knows them by, once `pyagents.envs` is imported."""
    commands: Mapping[str, CommandRef] = field(default_factory=dict)
    """Commands of its own, by name."""
    benches: Mapping[str, CommandRef] = field(default_factory=dict)
    """Benchmarks of its own, by name: `nru bench NAME`."""
    cost: Callable[[Any], float] = lambda scenario: scenario.steps
    """Time that a run of a scenario takes compared with others: for the order and the time left."""
    describe: Callable[[Any], str] | None = None
    """A scenario in words, for tables of a report; None: they name preset and fields."""
    quick_steps: int = 25
    """Most decision steps of a run where time is short."""
    experiments: str = ""
    """Folder with its figures, claims and report: its name in `experiments/`, or its path elsewhere; empty:
    none."""
    report_blocks: Mapping[str, str] = field(default_factory=dict)
    """Places of what its report names besides the general blocks: functions of a `pyagents.report.page.Page`
    (and of what the text hands over) that return HTML, or values."""
