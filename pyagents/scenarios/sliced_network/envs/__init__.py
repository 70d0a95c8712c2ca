# SPDX-License-Identifier: GPL-2.0-only
"""The sliced network as environments: what is seen, decided and rewarded, and how it is drawn.

gymnasium.make("pyagents.envs:SlicedNetwork-v0", simulator="mock", scenario="fdrl-site")
pyagents.scenarios.sliced_network.envs.make_vector_env(64, scenario="fdrl-site")
"""

import pyagents.envs  # noqa: F401 - says what is missing where the extra `rl` is
from pyagents.scenarios.sliced_network.envs.make import make_env, make_vector_env
from pyagents.scenarios.sliced_network.envs.views import OneChange, Shares, slice_reward, state_observation

__all__ = ["OneChange", "Shares", "make_env", "make_vector_env", "slice_reward", "state_observation"]
