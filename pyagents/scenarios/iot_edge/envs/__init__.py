# SPDX-License-Identifier: GPL-2.0-only
"""The IoT edge as environments: what the controller sees, decides and is rewarded for, and how it is drawn.

gymnasium.make("pyagents.envs:IotEdge-v0", simulator="mock", scenario="edge9a")
pyagents.scenarios.iot_edge.envs.make_vector_env(64, scenario="edge9a")
"""

import pyagents.envs  # noqa: F401 - says what is missing where the extra `rl` is
from pyagents.scenarios.iot_edge.envs.make import make_env, make_vector_env
from pyagents.scenarios.iot_edge.envs.views import CoreMoves, balance_reward, controller_observation

__all__ = ["CoreMoves", "balance_reward", "controller_observation", "make_env", "make_vector_env"]
