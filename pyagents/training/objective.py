# SPDX-License-Identifier: GPL-2.0-only
"""What an agent is worth: the objective of early stopping and of tuning, the same for all.

For each of four situations: the load variance relative to that without balancing, plus five times the share
of UEs that are not satisfied. The paper judges by these two. With 100 UEs and no balancing both terms are
about 1 (a fifth of the UEs is not satisfied), so neither is bought with the other. Ratio of means, not mean
of ratios: a hall that is calm by itself has a variance near 0 to divide by.
"""

import dataclasses
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from pyagents.core.agent import Agent
from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.agents.max_rsrp import MaxRsrp
from pyagents.scenarios.indoor_factory.mock import Actions, BatchedMock
from pyagents.scenarios.indoor_factory.scenario import PRESETS, Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.scenarios.indoor_factory.training.halls import VALIDATION_SEED, MakeHalls, mock_halls
from pyagents.simulators.side_by_side import SideBySide

MakeAgent = Callable[[], Agent]

UNSATISFIED_WEIGHT = 5.0

SITUATIONS: Mapping[str, Scenario] = {
    "fig5": PRESETS["fig5"],
    "fig7, 60 UEs": dataclasses.replace(PRESETS["fig7"], n_ues=60),
    "fig7, 100 UEs": PRESETS["fig7"],
    "fig13": PRESETS["fig13"],
}


def objective(make: MakeAgent, seeds: Sequence[int], make_halls: MakeHalls = mock_halls) -> float:
    """Mean over seeds and situations of V / V of max-rsrp + 5 x unsatisfied share. Lower is better."""
    return float(scores(make, seeds, make_halls).mean())


def scores(make: MakeAgent, seeds: Sequence[int], make_halls: MakeHalls = mock_halls) -> Floats:
    """[seeds] what each seed's halls, one a situation, add to the objective, which is their mean."""
    of_situations = [terms(make, name, tuple(seeds), make_halls) for name in SITUATIONS]
    return np.asarray(np.mean(of_situations, axis=0))


def terms(
    make: MakeAgent, situation: str, seeds: tuple[int, ...], make_halls: MakeHalls = mock_halls
) -> Floats:
    """[seeds] the same of one situation."""
    played = play(make, SITUATIONS[situation], seeds, make_halls)
    variance, satisfied = (
        np.array([summary[name] for summary in played]) for name in ("load_variance", "satisfied_share")
    )
    without = _variance_without_balancing(situation, seeds, make_halls)
    result: Floats = variance / without + UNSATISFIED_WEIGHT * (1 - satisfied)
    return result


def play(
    make: MakeAgent, scenario: Scenario, seeds: Sequence[int], make_halls: MakeHalls = mock_halls
) -> list[Mapping[str, float]]:
    """Run summaries of an agent, a seed each, all halls in one batch."""
    agents = [make() for _ in seeds]
    for agent, seed in zip(agents, seeds, strict=True):
        agent.reset(scenario, seed)
    halls = make_halls()
    try:
        return _play(agents, halls, scenario, seeds)
    finally:
        if isinstance(halls, SideBySide):
            halls.close()


def _play(
    agents: Sequence[Agent], halls: BatchedMock | SideBySide, scenario: Scenario, seeds: Sequence[int]
) -> list[Mapping[str, float]]:
    seen = halls.reset(scenario, seeds)
    histories = [deque[Snapshot](maxlen=metrics.history_steps(scenario)) for _ in seeds]
    rows: list[list[Mapping[str, float]]] = [[] for _ in seeds]
    while True:
        for k, history in enumerate(histories):
            history.append(seen[k])
            rows[k].append(metrics.row(tuple(history), scenario))
        if halls.done:
            return [metrics.summary(of_hall) for of_hall in rows]
        seen = halls.step(
            stack_actions(
                [agent.act(history[-1]) for agent, history in zip(agents, histories, strict=True)], scenario
            )
        )


def stack_actions(actions: Sequence[Any], scenario: Scenario) -> Actions:
    """Actions of several halls as one, checked. All set the same knobs."""
    arrays = [action.to_arrays(scenario.sizes()) for action in actions]
    return Actions(**{name: np.stack([one[name] for one in arrays]) for name in arrays[0]})


def mean_summary(summaries: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Means over runs, by metric."""
    return {name: float(np.mean([one[name] for one in summaries])) for name in summaries[0]}


def validation_seeds(count: int) -> range:
    """The seeds that say when to stop, and that options are chosen by."""
    return range(VALIDATION_SEED, VALIDATION_SEED + count)


@cache
def _variance_without_balancing(situation: str, seeds: tuple[int, ...], make_halls: MakeHalls) -> float:
    return mean_summary(play(MaxRsrp, SITUATIONS[situation], seeds, make_halls))["load_variance"]
