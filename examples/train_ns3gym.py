# SPDX-License-Identifier: GPL-2.0-only
"""Train PPO of Stable-Baselines3 on four copies of an ns3-gym program. Needs: pip install 'nru[sb3]'."""

import sys

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

from pyagents.envs import Ns3GymEnv
from pyagents.toolchain import build

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
PROGRAM = str(build().program("rate-control"))  # ns3_scratch/examples/; or the path of your own

torch.set_num_threads(1)  # small networks: threads only get in the way
envs = make_vec_env(Ns3GymEnv, n_envs=4, seed=1, env_kwargs={"program_or_port": PROGRAM})
model = PPO("MlpPolicy", envs, n_steps=256, gamma=0.95, learning_rate=1e-3, seed=1, device="cpu", verbose=1)
untrained, _ = evaluate_policy(model, envs, n_eval_episodes=8)
model.learn(STEPS)
trained, _ = evaluate_policy(model, envs, n_eval_episodes=8)
envs.close()
print(f"reward of an episode: {untrained:.1f} untrained, {trained:.1f} trained")
