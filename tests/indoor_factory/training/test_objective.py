# SPDX-License-Identifier: GPL-2.0-only
"""The objective judges what a run would, and seeds of training, tuning and evaluation never meet."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.runs.rollout import rollout
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.agents.max_rsrp import MaxRsrp
from pyagents.scenarios.indoor_factory.mock import BatchedMock, MockSimulator
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.scenarios.indoor_factory.training.objective import OBJECTIVE
from pyagents.scenarios.indoor_factory.training.situations import draw_scenario
from pyagents.simulators.side_by_side import SideBySide
from pyagents.training.objective import batch_of, play, score, scores
from pyagents.training.seeds import FIRST_TRAINING_SEED, validation_seeds

SITUATIONS = OBJECTIVE.situations


def mean_of(name: str, make: Any, scenario: Any, seeds: tuple[int, ...]) -> float:
    return float(np.mean([one[name] for one in play(make, scenario, seeds, BatchedMock)]))


def test_halls_played_at_once_come_to_what_runs_of_their_own_come_to() -> None:
    scenario = SITUATIONS["fig5"]
    at_once = play(find_agent("gt-rl").make, scenario, [1000, 1001], batch_of(scenario, "mock"))
    for seed, summary in zip((1000, 1001), at_once, strict=True):
        with MockSimulator() as simulator:
            alone = rollout(simulator, find_agent("gt-rl").make(), scenario, seed).rows
        assert metrics.summary(alone) == pytest.approx(summary, nan_ok=True)


def test_an_agent_that_raises_leaves_no_simulator_open() -> None:
    closed: list[int] = []

    class Told(MockSimulator):
        def close(self) -> None:
            closed.append(1)
            super().close()

    class Broken(MaxRsrp):
        def act(self, snapshot: Snapshot) -> Action:
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        play(Broken, SITUATIONS["fig5"], [1000, 1001], lambda: SideBySide(Told))
    assert len(closed) == 2


def test_without_balancing_the_first_term_is_one() -> None:
    seeds = (1000, 1001)
    one = dataclasses.replace(OBJECTIVE, situations={"fig5": SITUATIONS["fig5"]})
    satisfied = mean_of("satisfied_share", MaxRsrp, SITUATIONS["fig5"], seeds)
    assert score(one, MaxRsrp, seeds) == pytest.approx(1 + 5 * (1 - satisfied))


def test_a_seed_adds_what_its_halls_do() -> None:
    """Against the definition: ratio of mean variances, then the mean over situations."""
    make, seeds = find_agent("qa-lb").make, (1000, 1001, 1002)
    defined = []
    for scenario in SITUATIONS.values():
        here, without = (mean_of("load_variance", agent, scenario, seeds) for agent in (make, MaxRsrp))
        defined.append(here / without + 5 * (1 - mean_of("satisfied_share", make, scenario, seeds)))
    of_seeds = scores(OBJECTIVE, make, seeds)
    assert of_seeds.shape == (3,)
    assert len(set(of_seeds)) == 3
    assert of_seeds.mean() == pytest.approx(np.mean(defined)) == score(OBJECTIVE, make, seeds)


def test_seeds_of_evaluation_validation_and_training_never_meet() -> None:
    assert validation_seeds(100).start > 999
    assert validation_seeds(1000).stop < FIRST_TRAINING_SEED


def test_situations_to_learn_in_are_as_wide_as_the_papers() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_scenario(rng, 10) for _ in range(300)]
    assert {scenario.n_gnbs for scenario in drawn} == {6, 7, 8, 9, 10}
    assert {scenario.gnb_layout for scenario in drawn} == {"grid", "random"}
    ues = [scenario.n_ues for scenario in drawn]
    assert (min(ues), max(ues)) >= (20, 95)
    assert max(ues) <= 100
