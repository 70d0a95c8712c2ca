# SPDX-License-Identifier: GPL-2.0-only
"""The indoor factory as environments: what is seen, decided and rewarded there, and how it is drawn."""

try:
    import gymnasium as _gymnasium  # noqa: F401
    import pettingzoo as _pettingzoo  # type: ignore[import-untyped]  # noqa: F401
except ImportError as error:
    raise ImportError(f"{error}; the environments need an extra: pip install 'nru[rl]'") from error

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
