# SPDX-License-Identifier: GPL-2.0-only
"""D3QN learns, acts by NumPy as torch has it, and goes on from a checkpoint as if nothing had happened."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from pyagents.core.tensors import WeightsError
from pyagents.runs.rollout import rollout
from pyagents.scenarios.iot_edge import Scenario
from pyagents.scenarios.iot_edge.agents.d3qn import D3qn, form_of, q_values
from pyagents.scenarios.iot_edge.mock import MockSimulator
from pyagents.scenarios.iot_edge.observe import n_features
from pyagents.scenarios.iot_edge.training.d3qn import D3qnLearner, D3qnTraining

AREA = Scenario(n_devices=6, n_servers=2, steps=8, layout_seed=4)
SMALL = D3qnTraining(areas=3, steps=6, batch=8, gradient_steps=2, replay=30)


def learner(config: D3qnTraining = SMALL) -> D3qnLearner:
    return D3qnLearner(config, seed=3, scenarios=[AREA])


def test_numpy_acts_as_torch_has_learnt() -> None:
    made = learner()
    made.improve()
    features = np.random.default_rng(1).uniform(-1, 1, (5, n_features(AREA))).astype(np.float32)
    theirs = made._q.online(torch.from_numpy(features)).detach().numpy()
    assert q_values(made.weights(), features) == pytest.approx(theirs, abs=1e-5)


def test_it_learns_the_values_of_a_toy_by_hand() -> None:
    """Two states; moving to the second earns 1: Q = 1 / (1 - 0.5) for that, half of it for all else."""
    made = learner(D3qnTraining(discount=0.5, target_rate=0.05, batch=64))
    n, rng = n_features(AREA), np.random.default_rng(2)
    states = np.zeros((2, n), np.float32)
    states[[0, 1], [0, 1]] = 1.0
    for _ in range(500):
        at, action = rng.integers(0, 2, 64), rng.integers(0, 14, 64)
        to = (action % 2 == 1).astype(int)
        made.learn(
            {"seen": states[at], "action": action, "reward": to.astype(np.float32), "next": states[to]}
        )
    q = q_values(made.weights(), states)
    assert q[:, 1::2] == pytest.approx(2.0, abs=0.1)
    assert q[:, 0::2] == pytest.approx(1.0, abs=0.1)


def everything(made: D3qnLearner) -> list[Any]:
    """All that a learner knows."""
    arrays, counts = made.state()
    return [{name: value.tobytes() for name, value in arrays.items()}, counts]


def test_it_goes_on_where_it_was_put_away() -> None:
    once, again = learner(), learner()
    for _ in range(2):
        once.improve()
    arrays, counts = once.state()
    again.restore(arrays, counts)
    told = [once.improve(), once.improve()]
    assert [again.improve(), again.improve()] == told
    assert everything(again) == everything(once)


def test_what_it_learnt_plays_a_run() -> None:
    made = learner()
    made.improve()
    with MockSimulator() as mock:
        rows = rollout(mock, made.agent(), AREA, 1).rows
    assert len(rows) == AREA.steps + 1


def test_areas_of_several_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="of several sizes"):
        D3qnLearner(SMALL, scenarios=[AREA, Scenario(n_devices=7, n_servers=2)])
    with pytest.raises(ValueError, match="name one"):
        D3qnLearner(SMALL)


def test_weights_are_asked_for() -> None:
    with pytest.raises(WeightsError, match="no weights ship with d3qn"):
        D3qn()


def test_the_paper_has_these_layers() -> None:
    shapes = form_of(Scenario(n_devices=80, n_servers=4)).shapes
    assert [shapes[f"hidden{k}.bias"] for k in (1, 2, 3)] == [(600,), (300,), (150,)]
    assert shapes["advantage.weight"] == (28, 150)
