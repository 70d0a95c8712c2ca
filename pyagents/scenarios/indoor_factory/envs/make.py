# SPDX-License-Identifier: GPL-2.0-only
"""Makes environments of the indoor factory: for `gymnasium.make("pyagents.envs:IndoorFactory-v0", ...)`."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from gymnasium.vector import AutoresetMode

from pyagents.core.families import find_scenario_of
from pyagents.core.simulator import Simulator
from pyagents.envs.batched import BatchedEnv
from pyagents.envs.concurrent import ConcurrentEnv
from pyagents.envs.controller import ControllerEnv
from pyagents.envs.parallel import AgentsEnv
from pyagents.envs.views import ActionView, Observation, Reward
from pyagents.scenarios.indoor_factory.envs.actions import OwnChoTarget, find_action
from pyagents.scenarios.indoor_factory.envs.drawing import draw_hall
from pyagents.scenarios.indoor_factory.envs.observations import (
    custom_observation,
    network_observation,
    ue_observation,
)
from pyagents.scenarios.indoor_factory.envs.rewards import custom_reward, network_reward, ue_reward
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.simulators.registry import make_batch, make_simulator

ScenarioLike: TypeAlias = Scenario | str | Mapping[str, Any]
"""A Scenario, a preset or file as `find_scenario` takes it, or fields by name."""
ObservationLike: TypeAlias = Observation | Callable[[Any], Any] | None
"""A view, a function of a Snapshot that returns an array, or the default."""
RewardLike: TypeAlias = Reward | Callable[[Any, Any], Any] | None
"""A view, a function of the Snapshots before and after that returns a float or parts, or the default."""


def make_env(
    simulator: str | Simulator = "mock",
    scenario: ScenarioLike = "fig7",
    action: str | ActionView = "cho_target",
    observation: ObservationLike = None,
    reward: RewardLike = None,
    render_mode: str | None = None,
) -> ControllerEnv:
    """The hall as a Gymnasium environment, with one agent for all of it: the network.

    Args:
        simulator: `mock`, `ns3`, `replay:PATH`, or a Simulator.
        scenario: the situation.
        action: `cho_target`, `cio_db`, `channel`, or a view of one's own.
        observation: None: `network_observation`.
        reward: None: `network_reward`.
        render_mode: None or `rgb_array`.

    Raises:
        ValueError: an argument is not allowed.
    """
    known = _scenario(scenario)
    return ControllerEnv(
        _simulator(simulator),
        known,
        observation=_observation(observation, known, network_observation, None),
        action=find_action(action, known),
        reward=_reward(reward, network_reward),
        draw=functools.partial(draw_hall, known),
        render_mode=render_mode,
    )


def make_parallel_env(
    simulator: str | Simulator = "mock",
    scenario: ScenarioLike = "fig7",
    observation: ObservationLike = None,
    reward: RewardLike = None,
    mask_in_observation: bool = False,
    render_mode: str | None = None,
) -> AgentsEnv:
    """The hall as a PettingZoo environment: the UEs are agents, `ue_0` and so on, and choose CHO targets.

    `state()` is what the network sees.

    Args:
        simulator: `mock`, `ns3`, `replay:PATH`, or a Simulator.
        scenario: the situation.
        observation: a function has to return a row for each UE. None: `ue_observation`.
        reward: a function has to return arrays [U]. None: `ue_reward`.
        mask_in_observation: whether observations are dicts of `observation` and `action_mask`; if not, masks
            are in `infos`.
        render_mode: None or `rgb_array`.

    Raises:
        ValueError: an argument is not allowed.
    """
    known = _scenario(scenario)
    return AgentsEnv(
        _simulator(simulator),
        known,
        [f"ue_{ue}" for ue in range(known.n_ues)],
        observation=_observation(observation, known, ue_observation, known.n_ues),
        action=OwnChoTarget(known),
        reward=_reward(reward, ue_reward),
        state=network_observation(known),
        mask_in_observation=mask_in_observation,
        draw=functools.partial(draw_hall, known),
        render_mode=render_mode,
    )


def make_vector_env(
    num_envs: int = 1,
    simulator: str = "mock",
    scenario: ScenarioLike = "fig7",
    action: str | ActionView = "cho_target",
    observation: ObservationLike = None,
    reward: RewardLike = None,
    render_mode: str | None = None,
    autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
) -> BatchedEnv | ConcurrentEnv:
    """Many halls: of the mock, in one array program; of others, a process and a thread each.

    Also `gymnasium.make_vec("pyagents.envs:IndoorFactory-v0", num_envs,
    vectorization_mode="vector_entry_point")`. Arguments are those of `make_env`, but that the mock draws only
    one hall at a time, and when a hall whose run is over starts anew. ValueError where one is not allowed.
    """
    known = _scenario(scenario)
    if simulator == "mock":
        if render_mode is not None:
            raise ValueError(f"render_mode={render_mode!r} is not allowed: a batch of halls is not drawn")
        return BatchedEnv(
            make_batch("mock", FAMILY),
            known,
            num_envs,
            observation=_observation(observation, known, network_observation, None),
            action=find_action(action, known),
            reward=_reward(reward, network_reward),
            autoreset_mode=autoreset_mode,
        )
    one = functools.partial(make_env, simulator, known, action, observation, reward, render_mode)
    return ConcurrentEnv([one] * num_envs, autoreset_mode=autoreset_mode)


def _scenario(scenario: ScenarioLike) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    return find_scenario_of(Scenario, scenario) if isinstance(scenario, str) else Scenario.from_dict(scenario)


def _simulator(simulator: str | Simulator) -> Simulator:
    return make_simulator(simulator, None, FAMILY) if isinstance(simulator, str) else simulator


def _observation(
    observation: ObservationLike,
    scenario: Scenario,
    default: Callable[[Scenario], Observation],
    n_agents: int | None,
) -> Observation:
    if observation is None:
        return default(scenario)
    if isinstance(observation, Observation):
        return observation
    return custom_observation(observation, scenario, n_agents=n_agents)


def _reward(reward: RewardLike, default: Callable[[], Reward]) -> Reward:
    if reward is None:
        return default()
    return reward if isinstance(reward, Reward) else custom_reward(reward)
