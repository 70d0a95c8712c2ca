# SPDX-License-Identifier: GPL-2.0-only
"""RLlib's PPO trains one policy for all UEs of the Fig. 5 hall on the mock: pip install 'nru[rllib]'."""

import sys

import ray
from ray.rllib.algorithms.ppo import PPOConfig
from ray.rllib.env.wrappers.pettingzoo_env import ParallelPettingZooEnv
from ray.tune.registry import register_env

from pyagents.scenarios.indoor_factory.envs import make_parallel_env

ITERATIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 20

register_env("hall", lambda options: ParallelPettingZooEnv(make_parallel_env(**options)))
config = (
    PPOConfig()
    .environment("hall", env_config={"simulator": "mock", "scenario": "fig5"})
    .env_runners(num_env_runners=0)
    .multi_agent(policies={"ue"}, policy_mapping_fn=lambda agent, *_, **__: "ue")
    .training(train_batch_size=100, minibatch_size=100, num_epochs=2, gamma=0.9)
)
ray.init(num_cpus=1, include_dashboard=False)
algorithm = config.build_algo()
for iteration in range(ITERATIONS):
    result = algorithm.train()
    print(f"iteration {iteration}: reward {result['env_runners']['episode_return_mean']:.2f}")
algorithm.stop()
ray.shutdown()
