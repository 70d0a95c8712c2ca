# SPDX-License-Identifier: GPL-2.0-only
"""Many environments at once, each waiting for a simulator process of its own: a thread each."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import gymnasium
import numpy as np
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space, iterate
from numpy.typing import NDArray

from pyagents.envs.seeds import spread

Env = gymnasium.Env[Any, Any]
Step = tuple[Any, float, bool, bool, dict[str, Any]]


class ConcurrentEnv(VectorEnv[NDArray[np.float32], Any, NDArray[Any]]):
    """Environments stepped side by side in threads.

    For simulators that are processes: a thread that waits for one costs nothing, and nothing has to be
    pickled. Behaves like `gymnasium.vector.SyncVectorEnv`, only sooner.

    Args:
        env_fns: make the environments; all of the same spaces.
        autoreset_mode: when an environment whose run is over starts anew: in the next step, in the same, or
            not (then `reset` with a `reset_mask`).

    Raises:
        ValueError: there are no environments, or their spaces differ.
    """

    def __init__(
        self,
        env_fns: Iterable[Callable[[], Env]],
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
    ) -> None:
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.envs = [make() for make in env_fns]
        if not self.envs:
            raise ValueError("env_fns is empty: must be at least one")
        first = self.envs[0]
        if any(
            env.observation_space != first.observation_space or env.action_space != first.action_space
            for env in self.envs
        ):
            raise ValueError("env_fns make environments of different spaces: must be the same")
        self.metadata = {"autoreset_mode": self.autoreset_mode, "render_modes": ["rgb_array"]}
        self.render_mode = first.render_mode
        self.num_envs = len(self.envs)
        self.single_observation_space, self.single_action_space = first.observation_space, first.action_space
        self.observation_space = batch_space(first.observation_space, self.num_envs)
        self.action_space = batch_space(first.action_space, self.num_envs)
        self._over = np.zeros(self.num_envs, dtype=np.bool_)
        self._seen: list[Any] = [None] * self.num_envs
        self._pool = ThreadPoolExecutor(max_workers=self.num_envs, thread_name_prefix="environment")

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start all runs, or those of `options["reset_mask"]`. See `gymnasium.vector.VectorEnv.reset`.

        Raises whatever an environment raises; then all are closed.
        """
        others = dict(options or {})
        mask = np.asarray(others.pop("reset_mask", np.ones(self.num_envs, dtype=np.bool_)), dtype=np.bool_)
        seeds = spread(seed, self.num_envs)
        if mask.shape != (self.num_envs,):
            raise ValueError(f"reset_mask must have one entry for each of {self.num_envs}")
        chosen = np.flatnonzero(mask).tolist()
        starts = self._at_once(lambda k: self.envs[k].reset(seed=seeds[k], options=others or None), chosen)
        infos: dict[str, Any] = {}
        for k, (seen, info) in zip(chosen, starts, strict=True):
            self._seen[k] = seen
            infos = self._add_info(infos, info, k)
        self._over[mask] = False
        return np.stack(self._seen), infos

    def step(
        self, actions: Any
    ) -> tuple[
        NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]
    ]:
        """Decide, simulate a step of each. See `gymnasium.vector.VectorEnv.step`.

        Raises whatever an environment raises; then all are closed.
        """
        choices = list(iterate(self.action_space, actions))
        steps = self._at_once(lambda k: self._step_one(k, choices[k]), range(self.num_envs))
        infos: dict[str, Any] = {}
        for k, (*_, info) in enumerate(steps):
            infos = self._add_info(infos, info, k)
        seen, rewards, terminated, truncated, _ = zip(*steps, strict=True)
        return np.stack(seen), np.array(rewards), np.array(terminated), np.array(truncated), infos

    def render(self) -> tuple[Any, ...] | None:
        """Draw a picture of each."""
        return tuple(env.render() for env in self.envs)

    def close_extras(self, **kwargs: Any) -> None:
        """Close all environments and end the threads."""
        self._pool.shutdown()
        for env in self.envs:
            env.close()

    def _step_one(self, k: int, choice: Any) -> Step:
        """A step of environment k, or its reset where that is due."""
        env = self.envs[k]
        if self._over[k]:
            if self.autoreset_mode is AutoresetMode.DISABLED:
                raise RuntimeError(f"environment {k} is over: reset it first")
            seen, info = env.reset()
            self._seen[k], self._over[k] = seen, False
            return seen, 0.0, False, False, info
        seen, reward, terminated, truncated, info = env.step(choice)
        self._over[k] = terminated or truncated
        if self._over[k] and self.autoreset_mode is AutoresetMode.SAME_STEP:
            last = {"final_obs": seen, "final_info": info}
            seen, info = env.reset()
            info, self._over[k] = info | last, False
        self._seen[k] = seen
        return seen, float(reward), terminated, truncated, info

    def _at_once(self, call: Callable[[int], Any], numbers: Iterable[int]) -> list[Any]:
        """`call` of each number. If one fails, wait for the others, close, and raise what it raised.

        Raises:
            ClosedEnvironmentError: the environments are closed.
            Whatever a call raises.
        """
        if self.closed:
            raise ClosedEnvironmentError(
                "the environments are closed, also by what interrupted them: make others"
            )
        futures = [self._pool.submit(call, number) for number in numbers]
        try:
            wait(futures)
            return [future.result() for future in futures]
        except BaseException:
            wait(futures)
            self.close()
            raise
