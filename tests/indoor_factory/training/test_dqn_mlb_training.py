# SPDX-License-Identifier: GPL-2.0-only
"""DQN-MLB learns, checks what it has learnt, and goes on from a checkpoint as if nothing had happened."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from pyagents.core.agent import Agent
from pyagents.scenarios.indoor_factory.agents.dqn_mlb import DqnMlb, q_values
from pyagents.scenarios.indoor_factory.agents.dqn_mlb_clusters import HOLD, N_ACTIONS, N_FEATURES, SHIFTS
from pyagents.scenarios.indoor_factory.training.dqn_mlb import DqnMlbLearner
from pyagents.scenarios.indoor_factory.training.settings import DqnMlbTraining
from pyagents.training.loop import Loop
from pyagents.training.replay import Replay
from pyagents.training.training import Schedule

SMALL = DqnMlbTraining(
    halls=2, steps=16, gradient_steps=3, batch=16, replay=200, held_out=40, accept_every=1, min_evidence=1
)
LEFT, RIGHT = 2 + SHIFTS.index((0, 1, 6.0)), 2 + SHIFTS.index((1, 0, 6.0))


def toy(places: np.ndarray) -> np.ndarray:
    """Features of a toy: two cells, `place` UEs too many in the first, -2 to 2."""
    features = np.zeros((len(places), N_FEATURES), dtype=np.float32)
    features[np.arange(len(places)), 2 + places] = 1.0
    return features


def test_it_learns_to_even_out_two_cells() -> None:
    allowed = np.zeros((5_000, N_ACTIONS), dtype=bool)
    allowed[:, [HOLD, LEFT, RIGHT]] = True
    rng = np.random.default_rng(1)
    places = rng.integers(-2, 3, 5_000)
    action = rng.choice([HOLD, LEFT, RIGHT], 5_000)
    after = np.clip(places - (action == LEFT) + (action == RIGHT), -2, 2)
    rows: dict[str, Any] = {
        "features": toy(places),
        "allowed": allowed,
        "action": action,
        "reward": -np.abs(after).astype(np.float32),
        "next_features": toy(after),
        "next_allowed": allowed,
    }
    memory = Replay(5_000, {name: (value.shape[1:], str(value.dtype)) for name, value in rows.items()})
    memory.add(rows)
    learner = DqnMlbLearner(DqnMlbTraining(learning_rate=3e-3, discount=0.5, target_rate=0.05))
    for _ in range(600):
        learner.learn(memory.sample(rng, 64))
    q = q_values(learner.numbers(), toy(np.arange(-2, 3)), allowed[:5])
    assert q.argmax(axis=1).tolist() == [RIGHT, RIGHT, HOLD, LEFT, LEFT]
    # -1 and then nothing from two away, nothing from one away or none: the optimum's returns
    assert q.max(axis=1) == pytest.approx([-1, 0, 0, 0, -1], abs=0.15)


def number_of(agent: Agent) -> float:
    """A score that costs nothing."""
    assert isinstance(agent, DqnMlb)
    return float(abs(agent._weights["hidden1.weight"]).sum())


def loop(checkpoint: Path, config: DqnMlbTraining = SMALL, key: str = "k", **schedule: int) -> Loop:
    times = Schedule(**({"iterations": 4, "validate_every": 2} | schedule))
    learner = DqnMlbLearner(config)
    return Loop(
        learner,
        schedule=times,
        score=lambda: number_of(learner.agent()),
        checkpoint=checkpoint,
        key=key,
    )


def everything(ended: Loop) -> list[Any]:
    """All that a loop knows, but for how long it took."""
    arrays, counts = ended.learner.state()
    named = {**arrays, **{f"best/{name}": value for name, value in ended.best_weights.items()}}
    return [{name: value.tobytes() for name, value in named.items()}, counts, ended.rows, ended.best]


def test_a_resumed_training_comes_to_the_same_as_one_that_was_never_stopped(tmp_path: Path) -> None:
    whole = loop(tmp_path / "whole")
    while not whole.over:
        whole.advance()
    first = loop(tmp_path / "halves")
    for _ in range(3):  # the third is lost: there is no checkpoint after it
        first.advance()
    second = loop(tmp_path / "halves")
    assert second.iteration == 2
    while not second.over:
        second.advance()
    assert everything(second) == everything(whole)
    assert [row["iteration"] for row in second.times] == [2, 4]
    assert second.times[0] == first.times[0]
    assert second.times[1]["wall_s"] > first.times[0]["wall_s"]


def test_another_seed_leaves_other_weights() -> None:
    one, other = (DqnMlbLearner(SMALL, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.weights()["hidden1.weight"], other.weights()["hidden1.weight"])


def test_a_checkpoint_of_another_training_is_as_good_as_none(tmp_path: Path) -> None:
    begun = loop(tmp_path / "c", validate_every=1)
    begun.advance()
    assert loop(tmp_path / "c", validate_every=1).iteration == 1
    assert loop(tmp_path / "c", validate_every=1, key="other").iteration == 0


def test_training_stops_when_validation_gets_no_better(tmp_path: Path) -> None:
    scores = iter([3.0, 2.0, 2.5, 2.1, 9.9, 9.9])
    begun = loop(tmp_path / "c", iterations=6, validate_every=1, patience=2)
    begun._score = lambda: next(scores)
    while not begun.over:
        begun.advance()
    assert begun.iteration == 4
    assert begun.best == 2.0


def test_a_validation_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    begun = loop(tmp_path / "c", validate_every=1)
    begun._score = lambda: float("nan")
    with pytest.raises(ValueError, match="validation=nan says nothing"):
        begun.advance()


def test_a_network_that_does_worse_offline_does_not_take_over() -> None:
    learner = DqnMlbLearner(dataclasses.replace(SMALL, held_out=4_000))
    rows = {name: np.zeros_like(array) for name, array in learner._held_out.arrays.items()}
    rows["allowed"][:, :2] = True
    rows["next_allowed"][:, 0] = True
    rows["action"][:] = np.random.default_rng(1).integers(0, 2, 4_000)
    rows["behaviour"][:] = 0.5
    rows["ruled"][:] = 1
    bias = dict(learner._q.online.named_parameters())["advantage.bias"]

    def consider(prefers: int, pays: int) -> float:
        rows["reward"][:] = rows["action"] == pays
        learner._held_out.add(rows)
        bias.data[:] = 0
        bias.data[prefers] = 100.0
        return learner._consider()["accepted"]

    assert consider(prefers=0, pays=1) == 0.0  # the conventional rule takes 1, and that pays
    assert consider(prefers=1, pays=1) == 1.0
    assert consider(prefers=0, pays=1) == 0.0
    assert consider(prefers=0, pays=0) == 1.0


def test_behaviours_are_mixed_and_each_allowed_action_has_a_chance() -> None:
    learner = DqnMlbLearner(SMALL)
    allowed = np.ones((1, N_ACTIONS), dtype=bool)
    allowed[0, 5] = False
    seen = {"features": np.zeros((1, N_FEATURES), dtype=np.float32), "allowed": allowed}
    chances = learner._behaviour(seen, np.array([3]))[0]
    assert chances.sum() == pytest.approx(1)
    assert chances[5] == 0
    assert chances[3] == pytest.approx(0.7 + 0.2 / 13)
    assert chances[HOLD] == pytest.approx(0.1 + 0.2 / 13)


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ({"steps": 20}, "steps=20 is not allowed: a multiple of 16"),
        ({"halls": 0}, "halls=0 is not allowed: must be at least 1"),
        ({"discount": 1.5}, "discount=1.5 is not allowed: must be at least 0 and at most 1"),
        ({"random_share": 0.0}, "random_share=0.0 is not allowed: must be above 0"),
        ({"rule_share": 0.9}, "together at most 1"),
    ],
)
def test_settings_that_cannot_be_learnt_with_are_refused(option: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        DqnMlbTraining(**option)
