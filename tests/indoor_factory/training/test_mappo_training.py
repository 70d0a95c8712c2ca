# SPDX-License-Identifier: GPL-2.0-only
"""How MAPPO learns: advantages, the clipped step, exact resume, and that it gets better."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from pyagents.scenarios.indoor_factory.agents.mappo import Mappo, score  # noqa: E402
from pyagents.scenarios.indoor_factory.agents.mappo_sight import N_FEATURES  # noqa: E402
from pyagents.scenarios.indoor_factory.presets import PRESETS  # noqa: E402
from pyagents.scenarios.indoor_factory.training.mappo import N_TRUTHS, MappoLearner  # noqa: E402
from pyagents.scenarios.indoor_factory.training.settings import MappoTraining  # noqa: E402
from pyagents.training.loop import Loop  # noqa: E402
from pyagents.training.training import Schedule  # noqa: E402

SMALL = MappoTraining(halls=2, steps=6, minibatches=2, epochs=2)


def test_the_network_that_learns_is_the_one_that_acts() -> None:
    learner = MappoLearner(SMALL)
    rng = np.random.default_rng(1)
    features = rng.normal(size=(9, 4, N_FEATURES)).astype(np.float32)
    allowed = rng.random((9, 4)) < 0.7
    allowed[:, 0] = True
    with torch.no_grad():
        learnt = learner._policy(torch.from_numpy(features), torch.from_numpy(allowed)).numpy()
    acted = score(learner.weights(), features, allowed)
    assert acted[allowed] == pytest.approx(learnt[allowed], rel=1e-4, abs=1e-5)


def test_at_first_one_ue_in_eight_or_so_moves() -> None:
    told = MappoLearner(dataclasses.replace(SMALL, halls=8)).improve()
    assert 0.05 < told["moves"] < 0.25


def test_advantages_are_those_of_the_definition() -> None:
    learner = MappoLearner(dataclasses.replace(SMALL, discount=0.5, trace=0.4))
    reward = torch.tensor([1.0, 2.0, 4.0]).reshape(3, 1, 1)
    value = torch.tensor([0.5, 1.0, 2.0]).reshape(3, 1, 1)
    returns, advantage = learner._estimate(reward, value, torch.tensor([[3.0]]))
    errors = [1 + 0.5 * 1 - 0.5, 2 + 0.5 * 2 - 1, 4 + 0.5 * 3 - 2]
    last = errors[2]
    middle = errors[1] + 0.2 * last
    assert advantage.flatten().tolist() == pytest.approx([errors[0] + 0.2 * middle, middle, last])
    assert (returns - advantage).flatten().tolist() == pytest.approx([0.5, 1.0, 2.0])


def decided(learner: MappoLearner, log_ratio: float, advantage: float) -> dict[str, Any]:
    """Decisions for choice 2, now likelier by `log_ratio` than when they were made."""
    rng = np.random.default_rng(1)
    rows: dict[str, Any] = {
        "features": torch.from_numpy(rng.normal(size=(64, 4, N_FEATURES)).astype(np.float32)),
        "truths": torch.zeros(64, 4, N_TRUTHS),
        "allowed": torch.ones(64, 4, dtype=torch.bool),
        "choice": torch.full((64,), 2),
        "advantage": torch.full((64,), advantage),
        "returns": torch.zeros(64),
    }
    return rows | {"before": chance_of(learner, rows) - log_ratio}


def chance_of(learner: MappoLearner, rows: dict[str, Any]) -> Any:
    with torch.no_grad():
        return torch.log_softmax(learner._policy(rows["features"], rows["allowed"]), dim=-1)[:, 2]


@pytest.mark.parametrize(
    ("log_ratio", "advantage", "way"),
    [(0.0, 1.0, 1), (0.0, -1.0, -1), (0.3, 1.0, 0), (-0.3, -1.0, 0), (0.3, -1.0, -1), (-0.3, 1.0, 1)],
)
def test_what_paid_becomes_likelier_until_the_ratio_is_clipped(
    log_ratio: float, advantage: float, way: int
) -> None:
    """Clipped at 0.8 and 1.2; exp(0.3) is 1.35, exp(-0.3) is 0.74."""
    learner = MappoLearner(dataclasses.replace(SMALL, entropy=0.0))
    rows = decided(learner, log_ratio, advantage)
    before, weights = chance_of(learner, rows), learner.weights()
    learner._step(rows)
    if way == 0:
        for name, values in learner.weights().items():
            assert np.array_equal(values, weights[name])
    else:
        assert np.sign(float((chance_of(learner, rows) - before).mean())) == way


def loop(checkpoint: Path) -> Loop:
    learner = MappoLearner(SMALL)
    return Loop(
        learner,
        schedule=Schedule(iterations=4, validate_every=2),
        score=lambda: 1.0 if isinstance(learner.agent(), Mappo) else 2.0,
        checkpoint=checkpoint,
        key="k",
    )


def test_a_resumed_training_comes_to_the_same_as_one_that_was_never_stopped(tmp_path: Path) -> None:
    whole = loop(tmp_path / "whole")
    while not whole.over:
        whole.advance()
    first = loop(tmp_path / "halves")
    for _ in range(3):
        first.advance()
    second = loop(tmp_path / "halves")
    assert second.iteration == 2
    while not second.over:
        second.advance()
    assert second.rows == whole.rows
    (arrays, counts), (expected, expected_counts) = (one.learner.state() for one in (second, whole))
    assert counts == expected_counts
    assert {name: value.tobytes() for name, value in arrays.items()} == {
        name: value.tobytes() for name, value in expected.items()
    }


def test_another_seed_leaves_other_weights() -> None:
    one, other = (MappoLearner(SMALL, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.weights()["hidden1.weight"], other.weights()["hidden1.weight"])


def test_it_learns_in_the_scenarios_that_it_is_given() -> None:
    few, more = (dataclasses.replace(PRESETS["fig5"], n_ues=n_ues) for n_ues in (7, 9))
    learner = MappoLearner(SMALL, scenarios=[few, more])
    counts = {learner._play()[0]["choice"].shape[-1] for _ in range(8)}
    assert counts == {7, 9}


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ({"halls": 0}, "halls=0 is not allowed: must be at least 1"),
        ({"discount": 1.5}, "discount=1.5 is not allowed: must be at least 0 and at most 1"),
        ({"share": 0.0}, "share=0.0 is not allowed: must be above 0 and at most 1"),
    ],
)
def test_settings_that_cannot_be_learnt_with_are_refused(option: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        MappoTraining(**option)
