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
from pyagents.scenarios.indoor_factory.training.mappo import N_TRUTHS, MappoLearner, MappoTraining  # noqa: E402
from pyagents.training.loop import CHECKPOINT, CURVE, WEIGHTS, Schedule, Training  # noqa: E402

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


def training(folder: Path, config: MappoTraining = SMALL) -> Training:
    return Training(
        MappoLearner(config),
        settings={"training": dataclasses.asdict(config)},
        schedule=Schedule(iterations=4, validate_every=2),
        folder=folder,
        score=lambda make: 1.0 if isinstance(make(), Mappo) else 2.0,
    )


def test_a_resumed_training_leaves_the_same_bytes_as_one_that_was_never_stopped(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "halves").mkdir()
    whole = training(tmp_path / "whole")
    while not whole.over:
        whole.advance()
    first = training(tmp_path / "halves")
    for _ in range(3):
        first.advance()
    second = training(tmp_path / "halves")
    second.resume()
    assert second.iteration == 2
    while not second.over:
        second.advance()
    for name in (WEIGHTS, CHECKPOINT, CURVE):
        assert (tmp_path / "halves" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_another_seed_leaves_other_weights() -> None:
    one, other = (MappoLearner(dataclasses.replace(SMALL, seed=seed)) for seed in (1, 2))
    assert not np.array_equal(one.weights()["hidden1.weight"], other.weights()["hidden1.weight"])


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
