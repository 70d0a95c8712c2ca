# SPDX-License-Identifier: GPL-2.0-only
"""Stable-Baselines3's PPO learns the CIOs of the Fig. 5 hall on the mock: pip install 'nru[sb3]'."""

import sys

import gymnasium
from stable_baselines3 import PPO

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000

env = gymnasium.make("pyagents.envs:IndoorFactory-v0", simulator="mock", scenario="fig5", action="cio_db")
model = PPO("MlpPolicy", env, n_steps=256, batch_size=64, gamma=0.9, seed=1, device="cpu", verbose=1)
model.learn(STEPS)

observation, _ = env.reset(seed=1)
total, over = 0.0, False
while not over:
    observation, reward, _, over, _ = env.step(model.predict(observation, deterministic=True)[0])
    total += float(reward)
print(f"reward of run 1: {total:.2f}")
