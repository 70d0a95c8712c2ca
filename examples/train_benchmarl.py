# SPDX-License-Identifier: GPL-2.0-only
"""BenchMARL's MAPPO trains the UEs of the Fig. 5 hall on the mock: pip install 'nru[rl]' benchmarl."""

import sys
import tempfile
from collections.abc import Callable
from typing import Any

from benchmarl.algorithms import MappoConfig
from benchmarl.environments.pettingzoo.common import PettingZooClass
from benchmarl.experiment import Experiment, ExperimentConfig
from benchmarl.models.mlp import MlpConfig
from torchrl.envs import EnvBase, PettingZooWrapper

from pyagents.scenarios.indoor_factory.envs import make_parallel_env

FRAMES = int(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else 10_000


class Hall(PettingZooClass):
    """The hall as a task, set by the arguments of `make_parallel_env`, and by TorchRL's `use_mask`."""

    def get_env_fun(
        self, num_envs: int, continuous_actions: bool, seed: int | None, device: Any
    ) -> Callable[[], EnvBase]:
        """Tell how to make an environment."""
        options = dict(self.config)
        use_mask = options.pop("use_mask", True)
        return lambda: PettingZooWrapper(
            make_parallel_env(**options),
            use_mask=use_mask,
            categorical_actions=True,
            return_state=True,
            seed=seed,
            device=device,
        )

    def supports_discrete_actions(self) -> bool:
        """Say that a UE chooses a cell."""
        return True

    def has_state(self) -> bool:
        """Say that there is a state for a critic."""
        return True

    def has_render(self, env: EnvBase) -> bool:
        """Say that no pictures are wanted while it trains."""
        return False

    def max_steps(self, env: EnvBase) -> int:
        """Read the length of a run."""
        return int(env.unwrapped.scenario.steps)


def train(frames: int, **options: Any) -> float:
    """Train on so many steps of the hall with these settings; the mean return of the last run."""
    settings = ExperimentConfig.get_from_yaml()
    settings.loggers, settings.save_folder = [], tempfile.mkdtemp()
    settings.max_n_frames, settings.on_policy_n_envs_per_worker = frames, 1
    settings.on_policy_collected_frames_per_batch = settings.evaluation_interval = min(frames, 1000)
    settings.on_policy_minibatch_size, settings.evaluation_episodes = min(frames, 100), 1
    experiment = Experiment(
        task=Hall("HALL", options),
        algorithm_config=MappoConfig.get_from_yaml(),
        model_config=MlpConfig.get_from_yaml(),
        critic_model_config=MlpConfig.get_from_yaml(),
        seed=1,
        config=settings,
    )
    experiment.run()
    return float(experiment.mean_return)


if __name__ == "__main__":
    print(f"mean return {train(FRAMES, simulator='mock', scenario='fig5'):.2f}")
