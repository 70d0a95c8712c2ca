# SPDX-License-Identifier: GPL-2.0-only
"""Stable-Baselines3 takes a batch of the mock as its vector of environments."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("stable_baselines3")

from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecMonitor

from pyagents.envs.sb3 import BatchedVecEnv
from pyagents.scenarios.indoor_factory.envs.make import make_env, make_vector_env

HALL: Any = {"scenario": {"n_gnbs": 3, "n_ues": 6, "steps": 4}, "action": "cio_db"}


def make(num_envs: int = 2) -> BatchedVecEnv:
    return BatchedVecEnv(make_vector_env(num_envs, autoreset_mode="SameStep", **HALL))


def test_each_run_is_that_of_an_environment_of_its_own() -> None:
    envs = make()
    envs.seed(5)
    seen: Any = envs.reset()
    actions = np.zeros((2, *envs.action_space.shape), np.float32)  # type: ignore[misc]
    ones = [make_env(**HALL) for _ in range(2)]
    for k, one in enumerate(ones):
        assert np.array_equal(seen[k], one.reset(seed=5 + k)[0])
    for step in range(4):
        seen, rewards, over, infos = envs.step(actions)
        for k, one in enumerate(ones):
            last, reward, _, truncated, _ = one.step(actions[k])
            assert over[k] == truncated == (step == 3)
            assert rewards[k] == pytest.approx(reward, rel=1e-6)
            shown = infos[k]["terminal_observation"] if truncated else seen[k]
            assert np.array_equal(shown, last)
    assert [info["TimeLimit.truncated"] for info in infos] == [True, True]
    assert not np.array_equal(seen[0], infos[0]["terminal_observation"]), "another run has begun"
    envs.close()


def test_ppo_learns_on_it() -> None:
    envs = VecMonitor(make(4))
    model = PPO("MlpPolicy", envs, n_steps=8, batch_size=16, n_epochs=1, seed=1, device="cpu")
    before = model.policy.state_dict()["action_net.weight"].clone()
    model.learn(64)
    assert model.num_timesteps == 64
    assert not before.equal(model.policy.state_dict()["action_net.weight"])
    assert len(model.ep_info_buffer or ()) == 16
    assert {info["l"] for info in model.ep_info_buffer or ()} == {4}


def test_other_ways_to_start_anew_are_refused() -> None:
    with pytest.raises(ValueError, match=r"autoreset_mode=.*NEXT_STEP is not allowed"):
        BatchedVecEnv(make_vector_env(2, **HALL))
