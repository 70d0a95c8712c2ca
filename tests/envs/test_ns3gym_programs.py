# SPDX-License-Identifier: GPL-2.0-only
"""Programs of ns-3 are environments that Gymnasium finds nothing wrong with."""

import re
import warnings
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from pyagents.envs import Ns3GymEnv
from pyagents.toolchain import build
from tests.conftest import ROOT

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]  # the first of them may have to build


def program(name: str) -> Path:
    return build().program(name)


def make(name: str, **options: Any) -> Any:
    return gymnasium.make("pyagents.envs:Ns3Gym-v0", program_or_port=program(name), **options)


def play(env: Any, action: Any) -> tuple[int, float, bool, bool]:
    """How many steps an episode has, what they bring, and how it ends."""
    steps, total, over = 0, 0.0, False
    while not over:
        _, reward, terminated, truncated, _ = env.step(action)
        steps, total, over = steps + 1, total + reward, terminated or truncated
    return steps, total, terminated, truncated


@pytest.mark.parametrize("name", ["hello-gym", "rate-control", "fading-scheduler"])
def test_a_program_as_users_write_them_is_clean(name: str) -> None:
    env = make(name)
    check_env(env.unwrapped)
    env.close()


def test_the_echo_is_clean(tmp_path: Path) -> None:
    head = "observation a double -1 1 2 2\nobservation b int32 0 9 3\naction c double -1 1 2\n\n"
    state = np.full(4, 0.5).tobytes() + np.arange(3, dtype=np.int32).tobytes()
    (tmp_path / "recording").write_bytes(head.encode() + state)
    env = make("gym-echo", args=[str(tmp_path / "recording"), str(tmp_path / "times"), "--rounds=10"])
    check_env(env.unwrapped)
    observation, _ = env.reset(seed=1)
    assert observation["a"].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    env.close()


def test_the_indoor_factory_is_clean() -> None:
    env = make("indoor-factory", args={"nGnbs": 3, "nUes": 6}, nan=0.0)
    with warnings.catch_warnings():
        # What Gymnasium says of wide bounds: decibels and indices have the ones they have.
        warnings.filterwarnings("ignore", message=".*(symmetric and normalized|Box observation space m).*")
        check_env(env.unwrapped)
    env.close()


def test_the_smallest_program_is_steered_as_its_page_shows() -> None:
    env, totals = Ns3GymEnv(program("hello-gym")), []
    for seed, gain in ((1, 1.0), (1, 1.0), (2, 1.0), (1, 0.0)):
        observation, _ = env.reset(seed=seed)
        assert observation["offset_m"] == [10.0]
        steps, total, over = 0, 0.0, False
        while not over:
            back = (-gain * observation["offset_m"] / 5).clip(-1, 1)
            observation, reward, terminated, truncated, _ = env.step({"speed": back})
            assert reward == pytest.approx(-abs(observation["offset_m"][0]))
            steps, total, over = steps + 1, total + float(reward), terminated or truncated
        assert (steps, terminated, truncated) == (30, False, True)
        totals.append(total)
    env.close()
    assert totals[0] == totals[1] != totals[2]
    assert min(totals[0], totals[2]) > 2 * totals[3], "gusts alone lead it nowhere near"


def test_the_page_shows_the_smallest_program_as_it_is() -> None:
    page = (ROOT / "docs" / "ns3gym.md").read_text(encoding="utf-8")
    source = (ROOT / "ns3_scratch" / "examples" / "hello-gym.cc").read_text(encoding="utf-8")
    shown = re.findall(r"```cpp\n(.*?)\n```", page, re.DOTALL)
    assert len(shown) == 2
    assert all(part in source for part in shown)


def test_a_box_and_a_discrete_play_to_either_end() -> None:
    env = Ns3GymEnv(program("rate-control"), ["--duration=3"])
    assert env.observation_space == gymnasium.spaces.Box(0, 1, (4, 3), np.float32)
    assert env.action_space == gymnasium.spaces.Discrete(3)
    observation, info = env.reset(seed=1)
    assert info["extra_info"] == '{"rate_bps": 200000.000000}'
    assert observation[:3].sum() == 0
    assert play(env, 1)[::3] == (29, True)  # 3 s of 0.1 s, the first without a decision
    env.reset(seed=1)
    steps, _, terminated, truncated = play(env, 2)  # ever faster, until the queue is full
    assert (terminated, truncated) == (True, False)
    assert 10 < steps < 29
    env.close()


def test_nested_dicts_and_tuples_play() -> None:
    env = Ns3GymEnv(program("fading-scheduler"), {"nUsers": 2, "duration": "1s"})
    first, _ = env.reset(seed=1)
    assert first["cell"]["waiting"].tolist() == [0, 0]
    assert first["users"][1]["snr_db"].shape == (1,)
    assert first["users"][1]["grade"] in range(3)
    silent = play(env, (0, np.array([0.0])))
    env.reset(seed=1)
    loud = play(env, (0, np.array([1.0])))
    assert silent[1] == 0 < loud[1]
    assert silent[0] == loud[0] == 99
    env.close()


def test_seeds_play_runs_of_ns3() -> None:
    env = Ns3GymEnv(program("fading-scheduler"))
    first, again, other = (env.reset(seed=seed)[0]["users"][0]["snr_db"][0] for seed in (1, 1, 2))
    assert first == again != other
    env.close()
