# SPDX-License-Identifier: GPL-2.0-only
"""The hall as a PettingZoo environment with the UEs as agents."""

import importlib
from typing import Any

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test  # type: ignore[import-untyped]

from pyagents.scenarios.indoor_factory.envs import make_env, make_parallel_env
from pyagents.scenarios.indoor_factory.scenario import Scenario
from tests.conftest import ROOT
from tests.envs.test_controller import flattened
from tests.hall import Hall

SMALL = Scenario(n_gnbs=3, n_ues=8, steps=6, mobile_share=0.5)


def episode(env: Any, seed: int | None, actions_seed: int = 5) -> list[Any]:
    """All that a whole episode says to every agent, under actions that follow from a seed."""
    for number, agent in enumerate(env.possible_agents):
        env.action_space(agent).seed(actions_seed + number)
    said: list[Any] = [env.reset(seed=seed)]
    while env.agents:
        said.append(env.step({agent: env.action_space(agent).sample() for agent in env.agents}))
        said.append(env.state())
    return said


@pytest.mark.parametrize("mask_in_observation", [False, True])
def test_passes_pettingzoos_own_test(mask_in_observation: bool, capsys: pytest.CaptureFixture[str]) -> None:
    env = make_parallel_env(scenario=SMALL, mask_in_observation=mask_in_observation)
    parallel_api_test(env, num_cycles=20)
    assert "Passed" in capsys.readouterr().out


def test_a_step_out_of_turn_is_said() -> None:
    env = make_parallel_env(Hall(), Scenario(n_gnbs=3, n_ues=8, steps=1))
    with pytest.raises(RuntimeError, match="before reset"):
        env.step({})
    env.reset(seed=1)
    env.step(dict.fromkeys(env.agents, 0))
    for actions in ({}, dict.fromkeys(env.possible_agents, 0)):
        with pytest.raises(RuntimeError, match="the run is over"):
            env.step(actions)


def test_whole_episodes_of_one_seed_are_the_same_to_the_last_byte() -> None:
    """Beyond PettingZoo's own seed test, which looks at one step."""
    first, second = (make_parallel_env(scenario=SMALL) for _ in range(2))
    told = [[episode(env, seed) for seed in (3, None, 3, 4)] for env in (first, second)]
    assert flattened(told[0]) == flattened(told[1])
    once, _, again, other = map(flattened, told[0])
    assert once == again
    assert once != other
    assert flattened(episode(first, 3, actions_seed=77)) != once


def test_the_episodes_after_a_seed_follow_from_it() -> None:
    env, other = (make_parallel_env(scenario=SMALL) for _ in range(2))
    for one in (env, other):
        one.reset(seed=11)
    assert flattened([episode(env, None) for _ in range(3)]) == flattened(
        [episode(other, None) for _ in range(3)]
    )
    assert flattened(episode(env, None)) != flattened(episode(env, None))


def test_all_agents_live_until_all_are_truncated() -> None:
    env = make_parallel_env(scenario=SMALL)
    env.reset(seed=1)
    for step in range(SMALL.steps):
        assert env.agents == env.possible_agents
        _, rewards, terminated, truncated, _ = env.step(dict.fromkeys(env.agents, 0))
        assert set(truncated.values()) == {step == SMALL.steps - 1}
        assert set(terminated.values()) == {False}
        assert set(env.reward_parts) == {"satisfaction", "crowding", "handovers"}
        assert [*rewards.values()] == pytest.approx(sum(env.reward_parts.values()))
    assert env.agents == []


def test_the_same_choices_come_to_the_same_as_in_the_controllers_environment() -> None:
    env, controller = make_parallel_env(scenario=SMALL), make_env(scenario=SMALL)
    env.reset(seed=2)
    controller.reset(seed=2)
    rng = np.random.default_rng(1)
    for _ in range(SMALL.steps):
        choice = rng.integers(0, SMALL.n_gnbs + 1, SMALL.n_ues)
        env.step(dict(zip(env.possible_agents, choice, strict=True)))
        seen = controller.step(choice)[0]
        np.testing.assert_array_equal(env.state(), seen)


@pytest.mark.parametrize("in_observation", [False, True])
def test_masks_are_in_infos_or_in_observations(in_observation: bool) -> None:
    env = make_parallel_env(scenario=SMALL, mask_in_observation=in_observation)
    seen, infos = env.reset(seed=1)
    for agent in env.agents:
        assert env.observation_space(agent).contains(seen[agent])
        assert isinstance(seen[agent], dict) == in_observation
        assert ("action_mask" in infos[agent]) != in_observation
        mask = (seen if in_observation else infos)[agent]["action_mask"]
        assert mask.shape == (SMALL.n_gnbs + 1,)


@pytest.mark.parametrize("in_observation", [False, True])
def test_infos_are_flat_and_the_same_after_a_reset_and_a_step(in_observation: bool) -> None:
    """Others' libraries make specifications of them after a reset."""
    env = make_parallel_env(scenario=SMALL, mask_in_observation=in_observation)
    _, first = env.reset(seed=1)
    *_, then = env.step(dict.fromkeys(env.agents, 0))
    for agent in env.possible_agents:
        assert first[agent].keys() == then[agent].keys()
        assert all(np.asarray(value).dtype.kind in "iu" for value in then[agent].values())


@pytest.mark.filterwarnings("ignore")  # its own, of PettingZoo's version
@pytest.mark.parametrize("in_observation", [False, True])
def test_torchrl_takes_it(in_observation: bool) -> None:
    libs = pytest.importorskip("torchrl.envs.libs.pettingzoo", reason="torchrl is not installed")
    utils = pytest.importorskip("torchrl.envs.utils")
    for use_mask in (False, True):
        env = libs.PettingZooWrapper(
            make_parallel_env(scenario=SMALL, mask_in_observation=in_observation), use_mask=use_mask
        )
        utils.check_env_specs(env)
        played = env.rollout(20)
        assert played.batch_size == (SMALL.steps,)
        assert played["ue", "action_mask"].shape == (SMALL.steps, SMALL.n_ues, SMALL.n_gnbs + 1)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("in_observation", [False, True])
@pytest.mark.parametrize("use_mask", [False, True])
def test_benchmarl_trains_on_it(
    in_observation: bool, use_mask: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("benchmarl", reason="benchmarl is not installed")
    monkeypatch.syspath_prepend(ROOT / "examples")
    train = importlib.import_module("train_benchmarl").train
    options = {"scenario": SMALL, "mask_in_observation": in_observation, "use_mask": use_mask}
    assert np.isfinite(train(2 * SMALL.steps, **options))


def test_takes_anybodys_observation_and_reward_a_row_an_agent() -> None:
    env = make_parallel_env(
        scenario=SMALL,
        observation=lambda now: now.rsrp_dbm.clip(-120),
        reward=lambda before, now: now.delivered_bps,
    )
    seen, _ = env.reset(seed=1)
    assert seen["ue_3"].shape == (SMALL.n_gnbs,)
    rewards = env.step(dict.fromkeys(env.agents, 0))[1]
    assert rewards["ue_3"] == env.snapshot.delivered_bps[3]
    with pytest.raises(ValueError, match="must have 8 rows"):
        make_parallel_env(scenario=SMALL, observation=lambda now: now.load)


def test_says_who_did_not_decide() -> None:
    env = make_parallel_env(scenario=SMALL)
    env.reset(seed=1)
    with pytest.raises(ValueError, match="ue_7"):
        env.step({f"ue_{ue}": 0 for ue in range(7)})


def test_draws_the_hall() -> None:
    env = make_parallel_env(scenario=SMALL, render_mode="rgb_array")
    env.reset(seed=1)
    picture = env.render()
    assert picture is not None
    assert picture.shape[2] == 3
