# SPDX-License-Identifier: GPL-2.0-only
"""The network as Gymnasium environments, and its picture."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from pyagents.scenarios.sliced_network import Scenario
from pyagents.scenarios.sliced_network.envs import OneChange, Shares, make_env, make_vector_env, slice_reward
from pyagents.scenarios.sliced_network.metrics import row

SMALL = Scenario(n_sites=2, ues_per_site=5, steps=4)
ONE = Scenario(n_sites=1, ues_per_site=5, steps=4)


@pytest.mark.parametrize("scenario", [SMALL, ONE])
def test_passes_gymnasiums_own_check_with_pictures(scenario: Scenario) -> None:
    env = gymnasium.make("pyagents.envs:SlicedNetwork-v0", scenario=scenario, render_mode="rgb_array")
    check_env(env.unwrapped)


def test_one_site_has_the_papers_201_choices() -> None:
    assert make_env(scenario="fdrl-site").action_space == gymnasium.spaces.Discrete(201)
    with pytest.raises(ValueError, match="must be 0 to 20"):
        OneChange(ONE).to_action(np.array(21), None)


def test_rewards_are_those_of_the_rows() -> None:
    env = make_env(scenario=SMALL, reward=slice_reward(SMALL, alpha=2.0, beta=0.5))
    env.reset(seed=4)
    for choice in ([2, 4], [1, 3], [0, 8], [6, 20]):
        _, reward, *_ = env.step(np.array(choice))
        seen = row([env.snapshot], SMALL)
        assert reward == pytest.approx(2 * seen["satisfaction"] - 0.5 * seen["reserved_idle"])


@pytest.mark.parametrize("view", [OneChange, Shares])
def test_a_batch_is_its_runs_one_by_one(view: type) -> None:
    vector = make_vector_env(3, scenario=SMALL, action=view(SMALL))
    seen, _ = vector.reset(seed=[5, 8, 2])
    vector.action_space.seed(1)
    choices = vector.action_space.sample()
    after, *_ = vector.step(choices)
    for k, seed in enumerate([5, 8, 2]):
        alone = make_env(scenario=SMALL, action=view(SMALL))
        first, _ = alone.reset(seed=seed)
        assert np.array_equal(first, seen[k])
        assert alone.observation_space.contains(first)
        assert np.array_equal(alone.step(choices[k])[0], after[k])


def test_a_picture_shows_what_changes() -> None:
    env = make_env(scenario=SMALL, render_mode="rgb_array")
    env.reset(seed=1)
    first = env.render()
    assert first is not None
    assert first.shape == (620, 900, 3)
    env.step(np.array([2, 2]))
    second = env.render()
    assert second is not None
    assert not np.array_equal(first, second)
