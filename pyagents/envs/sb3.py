# SPDX-License-Identifier: GPL-2.0-only
"""A Gymnasium vector environment as Stable-Baselines3 takes it: many runs in one process.

    envs = BatchedVecEnv(make_vector_env(64, scenario="fig5", action="cio_db", autoreset_mode="SameStep"))
    PPO("MlpPolicy", envs)

Stable-Baselines3's own `SubprocVecEnv` takes a process an environment, whose messages cost more than a step
of the mock. It needs the extra `sb3`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray

from pyagents.core.extras import load_extra

load_extra("stable_baselines3", extra="sb3")

from stable_baselines3.common.vec_env import VecEnv  # noqa: E402 - says first what is missing


class BatchedVecEnv(VecEnv):
    """Hands on what a vector environment of Gymnasium says, in Stable-Baselines3's form.

    Runs that end start anew in the same step. `infos[k]["terminal_observation"]` is then the last observation
    of the run that ended, and `"TimeLimit.truncated"` says whether it was cut short, as all runs are here.

    Args:
        envs: whose `autoreset_mode` is SAME_STEP.

    Raises:
        ValueError: it is another.
    """

    def __init__(self, envs: VectorEnv[Any, Any, Any]) -> None:
        mode = envs.metadata.get("autoreset_mode")
        if mode is not AutoresetMode.SAME_STEP:
            raise ValueError(f"autoreset_mode={mode} is not allowed: must be {AutoresetMode.SAME_STEP}")
        self._envs = envs
        self._actions: Any = None
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)

    def reset(self) -> Any:
        """Start all runs, with the seeds of `seed` if there are any; [B, ...] observations."""
        seeds: Any = None if all(seed is None for seed in self._seeds) else self._seeds
        seen, info = self._envs.reset(seed=seeds)
        self.reset_infos = self._split(info)
        self._reset_seeds()
        self._reset_options()
        return seen

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions, [B, ...]."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Simulate the step: observations, rewards, whether runs ended, and infos."""
        seen, rewards, terminated, truncated, info = self._envs.step(self._actions)
        infos, over = self._split(info), np.asarray(terminated | truncated)
        for k in np.flatnonzero(over):
            infos[k]["terminal_observation"] = info["final_obs"][k]
            infos[k]["TimeLimit.truncated"] = bool(truncated[k] and not terminated[k])
        return seen, np.asarray(rewards, dtype=np.float32), over, infos

    def close(self) -> None:
        """Release what the runs hold."""
        self._envs.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """Take an attribute, which is the same of all."""
        return [getattr(self._envs, attr_name)] * len(self._chosen(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Refuse: an environment on its own there is not."""
        raise AttributeError(f"{attr_name} cannot be set: the environments are one")

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> Any:
        """Refuse: an environment on its own there is not."""
        raise AttributeError(f"{method_name} cannot be called: the environments are one")

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        """Tell that none is wrapped: `VecMonitor` and its like go around all of them."""
        return [False] * len(self._chosen(indices))

    def _chosen(self, indices: Any) -> Sequence[int]:
        found: Iterable[int] = self._get_indices(indices)
        return list(found)

    def _split(self, info: dict[str, Any]) -> list[dict[str, Any]]:
        """The number of the run that each environment plays, and what it may do where that is said."""
        kept = [name for name in ("run", "action_mask") if name in info]
        return [{name: info[name][k] for name in kept} for k in range(self.num_envs)]
