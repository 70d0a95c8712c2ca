# SPDX-License-Identifier: GPL-2.0-only
"""One agent for everything: any Simulator as a Gymnasium environment."""

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Snapshot
from pyagents.envs.seeds import run_number
from pyagents.envs.views import ActionView, Observation, Reward, total

Drawing = Callable[[Snapshot | None, Snapshot], NDArray[np.uint8]]
"""Draws a step from the Snapshots before (None after a reset) and after it: [height, width, 3] RGB."""


class ControllerEnv(gymnasium.Env[Any, Any]):
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

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 6}  # noqa: RUF012 - as Env has it

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
        if render_mode is not None and (render_mode not in self.metadata["render_modes"] or draw is None):
            raise ValueError(f"render_mode={render_mode!r} is not allowed: must be rgb_array or None")
        self.render_mode = render_mode
        self.observation_space = observation.space
        self.action_space = action.space
        self.scenario = scenario
        self._simulator, self._draw = simulator, draw
        self._observation, self._action, self._reward = observation, action, reward
        self._run = 0
        self._before: Snapshot | None = None
        self._now: Snapshot | None = None

    @property
    def snapshot(self) -> Any:
        """All that the simulator says now, for metrics and for debugging.

        Raises:
            RuntimeError: the environment was never reset.
        """
        if self._now is None:
            raise RuntimeError("there is no snapshot before reset")
        return self._now

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start a run. See `gymnasium.Env.reset`; there are no options.

        Raises:
            ValueError: the seed is not allowed.
        """
        super().reset(seed=seed)
        self._run = run_number(seed, self.np_random)
        self._before, self._now = None, self._simulator.reset(self.scenario, self._run)
        return self._observe(), self._info()

    def step(self, action: Any) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Decide, simulate a step. See `gymnasium.Env.step`.

        Raises:
            ValueError: the action is malformed.
            RuntimeError: the run is over, or was never started.
        """
        before = self.snapshot
        self._now = self._simulator.step(self._action.to_action(np.asarray(action), before))
        self._before = before
        parts = {name: float(part) for name, part in self._reward.function(before, self._now).items()}
        info = self._info() | {"reward_parts": parts}
        return self._observe(), float(total(parts)), False, self._simulator.done, info

    def render(self) -> NDArray[np.uint8] | None:
        """Draw the last step: [height, width, 3] RGB; None if the render mode is None."""
        if self.render_mode is None or self._draw is None:
            return None
        return self._draw(self._before, self.snapshot)

    def action_masks(self) -> NDArray[np.bool_]:
        """The mask of the present state in one dimension, as sb3-contrib's MaskablePPO asks for it.

        Raises:
            RuntimeError: the action view has none.
        """
        mask = self._action.mask(self.snapshot)
        if mask is None:
            raise RuntimeError("the action view has no mask")
        return mask.astype(np.bool_).reshape(-1)

    def close(self) -> None:
        """Close the simulator."""
        self._simulator.close()

    def _observe(self) -> NDArray[np.float32]:
        return np.asarray(self._observation.function(self.snapshot), dtype=np.float32)

    def _info(self) -> dict[str, Any]:
        mask = self._action.mask(self.snapshot)
        return {"run": self._run} | ({} if mask is None else {"action_mask": mask})
