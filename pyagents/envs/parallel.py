# SPDX-License-Identifier: GPL-2.0-only
"""Many agents that decide at once: any Simulator as a PettingZoo environment."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv  # type: ignore[import-untyped]

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.envs.playing import RENDER_MODES, Drawing, Playing
from pyagents.envs.seeds import run_number
from pyagents.envs.views import ActionView, Mask, Observation, Reward, total

Space: TypeAlias = gymnasium.Space[Any]


class AgentsEnv(Playing, ParallelEnv):  # type: ignore[misc]  # PettingZoo is not typed
    """A Simulator behind PettingZoo's parallel interface. All agents live until the run is truncated.

    `infos` holds for each agent `run` (the number of the random run) and, unless observations do,
    `action_mask` if the action view has one: nothing nested, and the same after a reset as after a step, as
    TorchRL asks for. Parts of rewards are in `reward_parts`. Seeds: see `pyagents.envs.seeds`.

    Args:
        simulator: what plays; the environment closes it.
        scenario: the situation.
        agents: their names, in the order of the first axis of all arrays.
        observation: what each sees: [agents, ...].
        action: what each can decide.
        reward: what the step was worth to each: parts of shape [agents].
        state: what is known together, for a critic; None: there is none.
        mask_in_observation: whether observations are dicts of `observation` and `action_mask`.
        draw: draws the picture of `render`; None: there is none.
        render_mode: None or `rgb_array`.

    Raises:
        ValueError: the render mode is unknown, or the actions have no masks to observe.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012 - as ParallelEnv has it
        "render_modes": RENDER_MODES,
        "render_fps": 6,
        "is_parallelizable": True,
    }

    def __init__(
        self,
        simulator: Simulator,
        scenario: Scenario,
        agents: Sequence[str],
        *,
        observation: Observation,
        action: ActionView,
        reward: Reward,
        state: Observation | None = None,
        mask_in_observation: bool = False,
        draw: Drawing | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(simulator, scenario, draw, render_mode)
        self.metadata = {**self.metadata, "name": f"{scenario.family}_v0"}
        self.possible_agents = list(agents)
        self.agents: list[str] = []
        self._observation, self._action, self._reward, self._state = observation, action, reward, state
        self._has_mask = mask_in_observation
        # A space each, for each has a generator of its own; and always the same one.
        seen = self._seen_space()
        self._observation_spaces = {agent: deepcopy(seen) for agent in agents}
        self._action_spaces = {agent: deepcopy(action.space) for agent in agents}
        self._rng = np.random.default_rng()
        self.reward_parts: dict[str, NDArray[Any]] = {}
        """[agents] what the last step's rewards are sums of, by name; empty after a reset."""

    def observation_space(self, agent: str) -> Space:
        """Space of what an agent sees."""
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> Space:
        """Space of what an agent can decide."""
        return self._action_spaces[agent]

    @property
    def state_space(self) -> Space:
        """Space of what `state` returns; RuntimeError where there is none."""
        return self._shared().space

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Start a run. See `pettingzoo.ParallelEnv.reset`; there are no options."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self._restart(run_number(seed, self._rng))
        self.reward_parts = {}
        self.agents = list(self.possible_agents)
        mask = self._action.mask(self.snapshot)
        return self._observe(mask), self._infos(mask)

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Let each agent decide, simulate a step. See `pettingzoo.ParallelEnv.step`."""
        before = self.snapshot
        if not self.agents:
            raise RuntimeError("step after the last one: the run is over, and all agents are gone")
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise ValueError(f"actions lack {', '.join(missing[:5])}: each of env.agents has to decide")
        choice = np.array([actions[agent] for agent in self.possible_agents])
        self._advance(self._action.to_action(choice, before))
        now = self.snapshot
        parts = {name: np.asarray(part) for name, part in self._reward.function(before, now).items()}
        agents, mask, over = self.possible_agents, self._action.mask(now), self._simulator.done
        self.reward_parts, infos = parts, self._infos(mask)
        if over:
            self.agents = []
        return (
            self._observe(mask),
            dict(zip(agents, total(parts).tolist(), strict=True)),
            dict.fromkeys(agents, False),
            dict.fromkeys(agents, over),
            infos,
        )

    def state(self) -> NDArray[np.float32]:
        """Give what is known together, for a critic; RuntimeError where there is no such view."""
        return np.asarray(self._shared().function(self.snapshot), dtype=np.float32)

    def _seen_space(self) -> Space:
        if not self._has_mask:
            return self._observation.space
        choice = self._action.space
        if not isinstance(choice, spaces.Discrete):
            raise ValueError(f"mask_in_observation is not allowed: {choice} has no masks")
        masks = spaces.Box(0, 1, (int(choice.n),), np.int8)
        return spaces.Dict({"observation": self._observation.space, "action_mask": masks})

    def _observe(self, mask: Mask | None) -> dict[str, Any]:
        rows = np.asarray(self._observation.function(self.snapshot), dtype=np.float32)
        seen: Iterable[Any] = rows
        if self._has_mask and mask is not None:
            seen = [{"observation": row, "action_mask": own} for row, own in zip(rows, mask, strict=True)]
        return dict(zip(self.possible_agents, seen, strict=True))

    def _infos(self, mask: Mask | None) -> dict[str, dict[str, Any]]:
        infos: dict[str, dict[str, Any]] = {agent: {"run": self._run} for agent in self.possible_agents}
        if mask is not None and not self._has_mask:
            for agent, own in zip(self.possible_agents, mask, strict=True):
                infos[agent]["action_mask"] = own
        return infos

    def _shared(self) -> Observation:
        if self._state is None:
            raise RuntimeError("there is no view of the state")
        return self._state
