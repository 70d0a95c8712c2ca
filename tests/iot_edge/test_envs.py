# SPDX-License-Identifier: GPL-2.0-only
"""The area as Gymnasium environments, and its picture."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from pyagents.scenarios.iot_edge import Scenario
from pyagents.scenarios.iot_edge.envs import CoreMoves, balance_reward, make_env, make_vector_env
from pyagents.scenarios.iot_edge.snapshot import Move

SMALL = Scenario(n_devices=15, n_servers=3, steps=5, n_vehicles=2, route="reflection")


def test_passes_gymnasiums_own_check_with_pictures() -> None:
    env = gymnasium.make("pyagents.envs:IotEdge-v0", scenario=SMALL, render_mode="rgb_array")
    check_env(env.unwrapped)


def test_choices_are_one_move_of_one_core() -> None:
    view = CoreMoves(SMALL)
    moves = view.to_action(np.array([0, 7 + Move.EXPAND, 14 + Move.STAY]), None).core_move
    stay = Move.STAY
    expected = [[Move.UP, stay, stay], [stay, Move.EXPAND, stay], [stay, stay, stay]]
    assert np.asarray(moves).tolist() == expected
    with pytest.raises(ValueError, match="must be 0 to 20"):
        view.to_action(np.array(21), None)


@pytest.mark.parametrize("letter", [False, True])
def test_rewards_are_those_of_the_rows(letter: bool) -> None:
    from pyagents.scenarios.iot_edge.metrics import row

    env = make_env(scenario=SMALL, reward=balance_reward(letter=letter))
    env.reset(seed=4)
    for choice in (0, 8, 16, 5, 13):
        _, reward, *_ = env.step(choice)
        assert reward == row([env.snapshot], SMALL)["reward_letter" if letter else "reward"]


def test_a_batch_is_its_runs_one_by_one() -> None:
    vector = make_vector_env(3, scenario=SMALL)
    seen, _ = vector.reset(seed=[5, 8, 2])
    for k, seed in enumerate([5, 8, 2]):
        alone = make_env(scenario=SMALL)
        first, _ = alone.reset(seed=seed)
        assert np.array_equal(first, seen[k])
        assert alone.observation_space.contains(first)
        assert np.abs(first).max() <= 1


def test_a_picture_shows_what_changes() -> None:
    env = make_env(scenario=SMALL, render_mode="rgb_array")
    env.reset(seed=1)
    first = env.render()
    assert first is not None
    assert first.shape == (620, 900, 3)
    env.step(Move.UP)
    second = env.render()
    assert second is not None
    assert not np.array_equal(first, second)
