# SPDX-License-Identifier: GPL-2.0-only
"""The hall as a Gymnasium environment with one agent."""

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from pyagents.envs.seeds import FIRST_DRAWN_RUN, LAST_RUN
from pyagents.scenarios.indoor_factory.agents.gt_rl import GtRl
from pyagents.scenarios.indoor_factory.envs import CellOffsets, make_env
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from tests.conftest import ROOT

SMALL = Scenario(n_gnbs=3, n_ues=8, steps=6, mobile_share=0.5)
ACTIONS = ("cho_target", "cio_db", "channel")


def episode(env: gymnasium.Env[Any, Any], seed: int | None, actions_seed: int = 5) -> list[Any]:
    """All that a whole episode says, under actions that follow from a seed."""
    env.action_space.seed(actions_seed)
    said: list[Any] = [env.reset(seed=seed)]
    while len(said) == 1 or not (said[-1][2] or said[-1][3]):
        said.append(env.step(env.action_space.sample()))
    return said


def flattened(said: Any) -> bytes:
    """The bytes of whatever an environment says."""
    if isinstance(said, dict):
        return b"".join(key.encode() + flattened(value) for key, value in said.items())
    if isinstance(said, (list, tuple)):
        return b"".join(map(flattened, said))
    return np.asarray(said).tobytes()


@pytest.mark.parametrize("action", ACTIONS)
def test_passes_gymnasiums_own_check(action: str) -> None:
    env = gymnasium.make("pyagents.envs:IndoorFactory-v0", simulator="mock", scenario=SMALL, action=action)
    check_env(env.unwrapped, skip_render_check=True)


def test_passes_gymnasiums_own_check_with_pictures() -> None:
    env = gymnasium.make("pyagents.envs:IndoorFactory-v0", scenario=SMALL, render_mode="rgb_array")
    check_env(env.unwrapped)


@pytest.mark.parametrize("imports", ["import pyagents.envs, gymnasium", "import gymnasium"])
def test_is_found_whichever_was_imported_first(imports: str) -> None:
    make = f"{imports}; print(gymnasium.make('pyagents.envs:IndoorFactory-v0').observation_space.shape)"
    done = subprocess.run([sys.executable, "-c", make], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "(2470,)\n"


@pytest.mark.parametrize("library", ["gymnasium", "numba", "matplotlib", "zmq"])
def test_what_is_heavy_is_not_loaded_for_those_who_do_without(library: str) -> None:
    check = (
        "import sys, pyagents.cli; from pyagents.core.families import families; "
        f"print([family.name for family in families()], {library!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['indoor-factory', 'iot-edge', 'sliced-network'] False\n"


@pytest.mark.parametrize("action", ACTIONS)
def test_observations_stay_in_their_space_for_a_whole_episode(action: str) -> None:
    env = make_env(scenario=dataclasses.replace(PRESETS["fig7"], steps=8), action=action)
    for seen, *_ in episode(env, seed=3):
        assert seen.dtype == np.float32
        assert env.observation_space.contains(seen)


def test_an_episode_is_truncated_after_its_last_step_and_never_terminated() -> None:
    steps = episode(make_env(scenario=SMALL), seed=1)[1:]
    assert [step[3] for step in steps] == [False] * (SMALL.steps - 1) + [True]
    assert not any(step[2] for step in steps)


def test_one_seed_gives_one_sequence_of_episodes_to_the_last_byte() -> None:
    first, second = ([episode(env, seed) for seed in (7, None, None)] for env in (_small(), _small()))
    assert flattened(first) == flattened(second)
    assert len({flattened(one) for one in first}) == 3
    assert flattened(episode(_small(), seed=8)) != flattened(first[0])


def test_a_seed_is_the_number_of_the_run() -> None:
    env = make_env(scenario=SMALL)
    assert env.reset(seed=9)[1]["run"] == 9
    theirs, ours = MockSimulator().reset(SMALL, 9), env.snapshot
    assert theirs.rsrp_dbm.tobytes() == ours.rsrp_dbm.tobytes()
    assert env.reset(seed=0)[1]["run"] == LAST_RUN


def test_drawn_runs_never_meet_chosen_ones() -> None:
    env = make_env(scenario=dataclasses.replace(SMALL, steps=1))
    runs = [env.reset(seed=4 if count == 0 else None)[1]["run"] for count in range(20)]
    assert all(FIRST_DRAWN_RUN <= run < LAST_RUN for run in runs[1:])
    assert len(set(runs)) == 20


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_refuses_seeds_that_are_no_runs(seed: int) -> None:
    with pytest.raises(Exception, match=f"{seed}"):
        make_env(scenario=SMALL).reset(seed=seed)


def test_the_reward_is_the_sum_of_its_parts() -> None:
    for _, reward, _, _, info in episode(_small(), seed=2)[1:]:
        assert set(info["reward_parts"]) == {"satisfaction", "imbalance", "handovers"}
        assert reward == pytest.approx(sum(info["reward_parts"].values()))
        assert 0 <= info["reward_parts"]["satisfaction"] <= 1


def test_balancing_earns_more_than_crowding_one_cell() -> None:
    scenario = dataclasses.replace(PRESETS["fig5"], steps=12)
    earned = []
    for crowds in (False, True):
        env, agent = make_env(scenario=scenario), GtRl()
        env.reset(seed=1)
        agent.reset(scenario, 1)
        total = 0.0
        for _ in range(scenario.steps):
            target = np.asarray(agent.act(env.snapshot).cho_target)
            choice = np.where(target < 0, scenario.n_gnbs, target)
            total += env.step(np.zeros_like(choice) if crowds else choice)[1]
        earned.append(total)
    assert earned[0] > earned[1] + 3


def test_masks_allow_what_the_ue_could_carry_out() -> None:
    env = _small()
    _, info = env.reset(seed=3)
    mask, now = info["action_mask"], env.snapshot
    assert mask.shape == (SMALL.n_ues, SMALL.n_gnbs + 1)
    strong = now.rsrp_dbm >= SMALL.cho_rsrp_threshold_dbm
    strong[np.arange(SMALL.n_ues), now.serving] = True
    np.testing.assert_array_equal(mask[:, :-1], strong)
    assert mask[:, -1].all()
    np.testing.assert_array_equal(env.action_masks(), mask.reshape(-1))
    assert env.action_space.contains(env.action_space.sample(tuple(mask)))


def test_choices_become_the_actions_they_stand_for() -> None:
    class Ear(MockSimulator):
        heard: Action

        def step(self, action: Action) -> Snapshot:
            self.heard = action
            return super().step(action)

    ear = Ear()
    env = make_env(ear, SMALL, action="cho_target")
    env.reset(seed=1)
    env.step(np.array([0, 1, 2, 3, 3, 2, 1, 0]))
    assert list(np.asarray(ear.heard.cho_target)) == [0, 1, 2, -1, -1, 2, 1, 0]
    env = make_env(ear, SMALL, action=CellOffsets(SMALL, limit_db=10))
    env.reset(seed=1)
    env.step(np.full((3, 3), 0.5, dtype=np.float32))
    np.testing.assert_array_equal(ear.heard.cio_db, 5 * (1 - np.eye(3)))
    env = make_env(ear, SMALL, action="channel")
    env.reset(seed=1)
    env.step(np.array([3, 0, 2]))
    assert list(env.snapshot.channel) == [3, 0, 2]


def test_takes_anybodys_observation_and_reward() -> None:
    env = make_env(
        scenario=SMALL,
        observation=lambda now: now.load,
        reward=lambda before, now: {"idle": 1 - now.load.max()},
    )
    assert env.observation_space.shape == (3,)
    seen, _ = env.reset(seed=1)
    np.testing.assert_array_equal(seen, env.snapshot.load.astype(np.float32))
    _, reward, _, _, info = env.step(env.action_space.sample())
    assert info["reward_parts"] == {"idle": reward}
    with pytest.raises(ValueError, match="odds is not finite"):
        make_env(scenario=SMALL, observation=odds).reset(seed=1)


def odds(now: Snapshot) -> Any:
    with np.errstate(divide="ignore"):
        return now.demand_bps / np.zeros(now.n_ues)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"action": "power"}, "use one of cho_target, cio_db, channel"),
        ({"simulator": "ns4"}, "use one of ns3, mock, replay:PATH"),
        ({"scenario": "fig99"}, "fig5"),
        ({"render_mode": "human"}, "rgb_array"),
    ],
)
def test_says_what_is_allowed(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_env(**wrong)


def test_the_picture_shows_handovers() -> None:
    env = make_env(scenario=PRESETS["fig5"], render_mode="rgb_array")
    assert make_env(scenario=SMALL).render() is None
    env.reset(seed=1)
    still = env.render()
    assert still is not None
    assert still.dtype == np.uint8
    assert still.shape[2] == 3
    assert still.std() > 10
    for _ in range(2):
        env.step((env.snapshot.serving + 1) % 6)
    moved = env.render()
    assert moved is not None
    assert moved.shape == still.shape
    assert (moved != still).any(axis=2).mean() > 0.01
    again = env.render()
    assert again is not None
    assert again.tobytes() == moved.tobytes()


def test_plays_ns3_as_it_plays_the_mock(hall_instead_of_ns3: Path) -> None:
    env = make_env("ns3", SMALL)
    try:
        assert flattened(episode(env, seed=3)) == flattened(episode(env, seed=3))
        check_env(env, skip_render_check=True)
    finally:
        env.close()


@pytest.mark.ns3
def test_passes_gymnasiums_own_check_on_ns3() -> None:
    env = make_env("ns3", SMALL)
    try:
        check_env(env, skip_render_check=True)
        assert flattened(episode(env, seed=3)) == flattened(episode(env, seed=3))
    finally:
        env.close()


def _small() -> Any:
    return make_env(scenario=SMALL)
