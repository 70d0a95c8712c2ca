# SPDX-License-Identifier: GPL-2.0-only
"""The indoor factory as environments: what is seen, decided and rewarded there, and how it is drawn.

    gymnasium.make("pyagents.envs:IndoorFactory-v0", simulator="mock", scenario="fig5", action="cho_target")
    pyagents.scenarios.indoor_factory.envs.make_parallel_env(simulator="ns3", scenario="fig7")
    pyagents.scenarios.indoor_factory.envs.make_vector_env(64, simulator="mock")

The first is the network as one agent; in the second each UE is one.
"""

import pyagents.envs  # noqa: F401 - says what is missing where the extra `rl` is
from pyagents.scenarios.indoor_factory.envs.actions import CellOffsets, Channels, ChoTargets, OwnChoTarget
from pyagents.scenarios.indoor_factory.envs.make import make_env, make_parallel_env, make_vector_env
from pyagents.scenarios.indoor_factory.envs.observations import network_observation, ue_observation
from pyagents.scenarios.indoor_factory.envs.rewards import (
    NetworkWeights,
    UeWeights,
    network_reward,
    ue_reward,
)

__all__ = [
    "CellOffsets",
    "Channels",
    "ChoTargets",
    "NetworkWeights",
    "OwnChoTarget",
    "UeWeights",
    "make_env",
    "make_parallel_env",
    "make_vector_env",
    "network_observation",
    "network_reward",
    "ue_observation",
    "ue_reward",
]
