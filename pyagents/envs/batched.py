# SPDX-License-Identifier: GPL-2.0-only
"""Many runs at once in one array program: a batched simulator as a Gymnasium vector environment."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from pyagents.core.scenario import Scenario
from pyagents.core.simulator import BatchSimulator
from pyagents.core.snapshot import Snapshot
from pyagents.envs.seeds import run_number, spread
from pyagents.envs.views import ActionView, Observation, Reward, total


class BatchedEnv(VectorEnv[NDArray[np.float32], Any, NDArray[Any]]):
    """A batched simulator behind Gymnasium's vector interface.

    Environment k does what a `ControllerEnv` of the same seeds does, to the last bit. All runs start
    together and are as long, so they end together, too.

    Arguments are those of `ControllerEnv`, the number of runs, and when a run that was truncated starts
    anew: in the next step, in the same, or not.
    """

    def __init__(
        self,
        simulator: BatchSimulator,
        scenario: Scenario,
        num_envs: int,
        *,
        observation: Observation,
        action: ActionView,
        reward: Reward,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
    ) -> None:
        if num_envs < 1:
            raise ValueError(f"num_envs={num_envs} is not allowed: must be at least 1")
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {"autoreset_mode": self.autoreset_mode, "render_modes": []}
        self.num_envs = num_envs
        self.scenario = scenario
        self.single_observation_space, self.single_action_space = observation.space, action.space
        self.observation_space = batch_space(observation.space, num_envs)
        self.action_space = batch_space(action.space, num_envs)
        self._simulator = simulator
        self._observation, self._action, self._reward = observation, action, reward
        self._rngs = [np.random.default_rng() for _ in range(num_envs)]
        self._runs: NDArray[np.int64] = np.zeros(num_envs, dtype=np.int64)
        self._now: Snapshot | None = None

    @property
    def snapshots(self) -> Any:
        """All that the simulator says now, a batch axis in front; RuntimeError before a reset."""
        if self._now is None:
            raise RuntimeError("there are no snapshots before reset")
        return self._now

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start all runs, and no part of them. See `gymnasium.vector.VectorEnv.reset` and `spread`."""
        if options is not None and not np.all(options.get("reset_mask", True)):
            raise ValueError("reset_mask is not allowed to leave any out: these runs start and end together")
        seeds = spread(seed, self.num_envs)
        for k, one in enumerate(seeds):
            if one is not None:
                self._rngs[k] = np.random.default_rng(one)
        return self._start(seeds)

    def step(
        self, actions: NDArray[Any]
    ) -> tuple[
        NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]
    ]:
        """Decide, simulate a step. See `gymnasium.vector.VectorEnv.step`; RuntimeError out of a run."""
        before, none = self.snapshots, np.zeros(self.num_envs, dtype=np.bool_)
        if self._simulator.done and self.autoreset_mode is AutoresetMode.NEXT_STEP:
            seen, info = self._start([None] * self.num_envs)
            return seen, np.zeros(self.num_envs), none, none.copy(), info
        choices = np.asarray(actions)
        if choices.shape != self.action_space.shape:
            raise ValueError(f"actions have shape {choices.shape}, expected {self.action_space.shape}")
        self._now = now = self._simulator.step(self._action.to_action(choices, before))
        parts = self._rewards(before, now)
        seen, info = self._observe(now), self._info() | self._labelled("reward_parts", parts)
        over = none | self._simulator.done
        if self._simulator.done and self.autoreset_mode is AutoresetMode.SAME_STEP:
            last = {"final_obs": _objects(seen), "_final_obs": ~none} | self._labelled("final_info", info)
            seen, info = self._start([None] * self.num_envs)
            info |= last
        return seen, np.asarray(total(parts), dtype=np.float64), none, over, info

    def _start(self, seeds: Sequence[int | None]) -> tuple[NDArray[np.float32], dict[str, Any]]:
        runs = [run_number(seed, rng) for seed, rng in zip(seeds, self._rngs, strict=True)]
        self._runs = np.array(runs)
        self._now = now = self._simulator.reset(self.scenario, runs)
        return self._observe(now), self._info()

    def _observe(self, now: Snapshot) -> NDArray[np.float32]:
        view = self._observation
        if view.batched:
            return np.asarray(view.function(now), dtype=np.float32)
        return np.stack([view.function(now.at(k)) for k in range(self.num_envs)]).astype(np.float32)

    def _rewards(self, before: Snapshot, now: Snapshot) -> dict[str, NDArray[np.float64]]:
        """The parts of the rewards, [B] each."""
        view = self._reward
        if view.batched:
            return {name: np.asarray(part) for name, part in view.function(before, now).items()}
        rows = [view.function(before.at(k), now.at(k)) for k in range(self.num_envs)]
        return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}

    def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = {"run": self._runs, "_run": np.ones(self.num_envs, dtype=np.bool_)}
        mask = self._action.mask(self.snapshots)
        if mask is not None:
            info |= {"action_mask": mask, "_action_mask": np.ones(self.num_envs, dtype=np.bool_)}
        return info

    def _labelled(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A dict as Gymnasium's vector environments nest it: to each entry, which environments have it."""
        everyone = np.ones(self.num_envs, dtype=np.bool_)
        marks = {f"_{key}": everyone for key in values if not key.startswith("_")}
        return {name: {**values, **marks}, f"_{name}": everyone}


def _objects(rows: NDArray[np.float32]) -> NDArray[Any]:
    """Rows as objects in an array [B], which is how Gymnasium hands out last observations."""
    array = np.empty(len(rows), dtype=object)
    array[:] = list(rows)
    return array
