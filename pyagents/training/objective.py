# SPDX-License-Identifier: GPL-2.0-only
"""What an agent is worth: the number that training stops by and options are chosen by, the same for all.

What it is made of, a family declares; here agents are played for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from pyagents.core.agent import Agent
from pyagents.core.agent_spec import find_agent
from pyagents.core.families import find_family
from pyagents.core.family import Family, load_place
from pyagents.core.metrics import Row
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import BatchSimulator
from pyagents.core.snapshot import Floats
from pyagents.runs.rollout import Watch
from pyagents.simulators.registry import make_batch

Summaries = Sequence[Mapping[str, float]]
"""Summaries of runs, a seed each."""

MakeAgent = Callable[[], Agent]
MakeBatch = Callable[[], Any]


@dataclass(frozen=True, kw_only=True)
class Objective:
    """The number that a family's agents are to bring down."""

    title: str
    """Name for people, with which way is better."""
    situations: Mapping[str, Scenario]
    """Scenarios that are played for it, by what people call them."""
    terms: Callable[[Summaries, Summaries], Floats]
    """[seeds] what the runs of a situation come to, of their summaries and of those of the reference."""
    reference: str = ""
    """Name of the agent beside whom the others are judged, on the same seeds; empty: nobody."""


def find_objective(family: Family) -> Objective:
    """Find the objective of a family; ValueError where it has none."""
    if not family.objective:
        raise ValueError(f"family {family.name} has no objective: its agents cannot be trained or tuned")
    found: Objective = load_place(family.objective)
    return found


def score(objective: Objective, make: MakeAgent, seeds: Sequence[int], simulator: str = "mock") -> float:
    """Average the objective's terms over seeds and situations. Lower is better."""
    return float(scores(objective, make, seeds, simulator).mean())


def scores(objective: Objective, make: MakeAgent, seeds: Sequence[int], simulator: str = "mock") -> Floats:
    """Compute [seeds] what each seed's runs, one a situation, add to the score, which is their mean."""
    return mean_terms(
        objective,
        [
            (
                play(make, scenario, seeds, batch_of(scenario, simulator)),
                _of_reference(objective.reference, scenario, tuple(seeds), simulator),
            )
            for scenario in objective.situations.values()
        ],
    )


def mean_terms(objective: Objective, played: Iterable[tuple[Summaries, Summaries]]) -> Floats:
    """Average terms of situations, of an agent's summaries and the reference's, a seed each: [seeds]."""
    return np.asarray(np.mean([objective.terms(own, reference) for own, reference in played], axis=0))


def batch_of(scenario: Scenario, simulator: str) -> MakeBatch:
    """Make what makes a simulator of many runs of a scenario at once."""
    return lambda: make_batch(simulator, find_family(scenario.family))


def play(make: MakeAgent, scenario: Scenario, seeds: Sequence[int], make_batch: MakeBatch) -> list[Row]:
    """Play an agent's runs, a seed each, all in one batch; their summaries."""
    agents: list[Any] = [make() for _ in seeds]
    for agent, seed in zip(agents, seeds, strict=True):
        agent.reset(scenario, seed)
    batch = make_batch()
    try:
        return _play(agents, batch, scenario, seeds)
    finally:
        batch.close()


def _play(
    agents: Sequence[Agent], batch: BatchSimulator, scenario: Scenario, seeds: Sequence[int]
) -> list[Row]:
    family = find_family(scenario.family)
    watches = [Watch(scenario, family.metrics) for _ in agents]
    seen = batch.reset(scenario, seeds)
    while True:
        for k, watch in enumerate(watches):
            watch.note(seen.at(k))
        if batch.done:
            return [family.metrics.summary(watch.rows) for watch in watches]
        actions = [agent.act(watch.now) for agent, watch in zip(agents, watches, strict=True)]
        seen = batch.step(family.action.stack(actions))


@cache
def _of_reference(agent: str, scenario: Scenario, seeds: tuple[int, ...], simulator: str) -> Summaries:
    """Play the reference's runs, or none without one; their summaries."""
    if not agent:
        return ()
    spec = find_agent(agent, find_family(scenario.family))
    return play(spec.make, scenario, seeds, batch_of(scenario, simulator))
