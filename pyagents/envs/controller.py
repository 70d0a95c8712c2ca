# SPDX-License-Identifier: GPL-2.0-only
"""One agent for everything: any Simulator as a Gymnasium environment."""

from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.envs.playing import RENDER_MODES, Drawing, Playing
from pyagents.envs.seeds import run_number
from pyagents.envs.views import ActionView, Observation, Reward, total


class ControllerEnv(Playing, gymnasium.Env[Any, Any]):
    """A Simulator behind Gymnasium's interface. An episode is a run; it is truncated at its end.

    `info` holds `run` (the number of the random run), after a step also `reward_parts` (by name), and
    `action_mask` if the action view has one. Seeds: see `pyagents.envs.seeds`.

    Args:
        simulator: what plays; the environment closes it.
        scenario: the situation.
        observation: what is seen.
        action: what can be decided.
        reward: what a step is worth.
        draw: draws the picture of `render`; None: there is none.
        render_mode: None or `rgb_array`.

    Raises:
        ValueError: the render mode is unknown.
    """

    metadata: dict[str, Any] = {"render_modes": RENDER_MODES, "render_fps": 6}  # noqa: RUF012 - as Env has it

    def __init__(
        self,
        simulator: Simulator,
        scenario: Scenario,
        *,
        observation: Observation,
        action: ActionView,
        reward: Reward,
        draw: Drawing | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__(simulator, scenario, draw, render_mode)
        self.observation_space = observation.space
        self.action_space = action.space
        self._observation, self._action, self._reward = observation, action, reward

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start a run. See `gymnasium.Env.reset`; there are no options."""
        super().reset(seed=seed)
        self._restart(run_number(seed, self.np_random))
        return self._observe(), self._info()

    def step(self, action: Any) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Decide, simulate a step. See `gymnasium.Env.step`; RuntimeError where no run is under way."""
        self._advance(self._action.to_action(np.asarray(action), self.snapshot))
        changed = self._reward.function(self._before, self.snapshot)
        parts = {name: float(part) for name, part in changed.items()}
        info = self._info() | {"reward_parts": parts}
        return self._observe(), float(total(parts)), False, self._simulator.done, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Give the mask in one dimension, as sb3-contrib's MaskablePPO asks; RuntimeError without one."""
        mask = self._action.mask(self.snapshot)
        if mask is None:
            raise RuntimeError("the action view has no mask")
        return mask.astype(np.bool_).reshape(-1)

    def _observe(self) -> NDArray[np.float32]:
        return np.asarray(self._observation.function(self.snapshot), dtype=np.float32)

    def _info(self) -> dict[str, Any]:
        mask = self._action.mask(self.snapshot)
        return {"run": self._run} | ({} if mask is None else {"action_mask": mask})
