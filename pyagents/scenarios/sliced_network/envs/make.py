# SPDX-License-Identifier: GPL-2.0-only
"""Makes environments of the sliced network: for `gymnasium.make("pyagents.envs:SlicedNetwork-v0", ...)`."""

import functools
from collections.abc import Mapping
from typing import Any, TypeAlias

from gymnasium.vector import AutoresetMode

from pyagents.core.families import find_scenario_of
from pyagents.core.simulator import Simulator
from pyagents.envs.batched import BatchedEnv
from pyagents.envs.concurrent import ConcurrentEnv
from pyagents.envs.controller import ControllerEnv
from pyagents.envs.views import ActionView, Observation, Reward
from pyagents.scenarios.sliced_network.envs.drawing import draw_sites
from pyagents.scenarios.sliced_network.envs.views import OneChange, slice_reward, state_observation
from pyagents.scenarios.sliced_network.family import FAMILY
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.simulators.registry import make_batch, make_simulator

ScenarioLike: TypeAlias = Scenario | str | Mapping[str, Any]
"""A Scenario, a preset or file as `find_scenario` takes it, or fields by name."""


def make_env(
    simulator: str | Simulator = "mock",
    scenario: ScenarioLike = "fdrl-site",
    action: ActionView | None = None,
    observation: Observation | None = None,
    reward: Reward | None = None,
    render_mode: str | None = None,
) -> ControllerEnv:
    """The network as a Gymnasium environment, with one agent for all sites.

    Args:
        simulator: `mock`, `ns3`, `replay:PATH`, or a Simulator.
        scenario: the situation.
        action: None: `OneChange`.
        observation: None: `state_observation`.
        reward: None: `slice_reward`.
        render_mode: None or `rgb_array`.

    Raises:
        ValueError: an argument is not allowed.
    """
    known = _scenario(scenario)
    return ControllerEnv(
        make_simulator(simulator, None, FAMILY) if isinstance(simulator, str) else simulator,
        known,
        observation=observation or state_observation(known),
        action=action or OneChange(known),
        reward=reward or slice_reward(known),
        draw=functools.partial(draw_sites, known),
        render_mode=render_mode,
    )


def make_vector_env(
    num_envs: int = 1,
    simulator: str = "mock",
    scenario: ScenarioLike = "fdrl-site",
    action: ActionView | None = None,
    observation: Observation | None = None,
    reward: Reward | None = None,
    render_mode: str | None = None,
    autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
) -> BatchedEnv | ConcurrentEnv:
    """Many networks: of the mock, in one array program; of others, a process and a thread each.

    Arguments are those of `make_env`, but that the mock draws only one network at a time, and when one whose
    run is over starts anew. ValueError where one is not allowed.
    """
    known = _scenario(scenario)
    if simulator == "mock":
        if render_mode is not None:
            raise ValueError(f"render_mode={render_mode!r} is not allowed: a batch of networks is not drawn")
        return BatchedEnv(
            make_batch("mock", FAMILY),
            known,
            num_envs,
            observation=observation or state_observation(known),
            action=action or OneChange(known),
            reward=reward or slice_reward(known),
            autoreset_mode=autoreset_mode,
        )
    one = functools.partial(make_env, simulator, known, action, observation, reward, render_mode)
    return ConcurrentEnv([one] * num_envs, autoreset_mode=autoreset_mode)


def _scenario(scenario: ScenarioLike) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    return find_scenario_of(Scenario, scenario) if isinstance(scenario, str) else Scenario.from_dict(scenario)
