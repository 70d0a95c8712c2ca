# SPDX-License-Identifier: GPL-2.0-only
"""Simulators behind the interfaces that reinforcement learning expects: Gymnasium and PettingZoo.

    pyagents.envs.Ns3GymEnv("build/any-ns3-gym-program", ["--duration=10"])
    gymnasium.make("pyagents:IndoorFactory-v0", simulator="mock", scenario="fig5", action="cho_target")
    pyagents.scenarios.indoor_factory.envs.make_parallel_env(simulator="ns3", scenario="fig7")
    pyagents.scenarios.indoor_factory.envs.make_vector_env(64, simulator="mock")

Needs the extra `rl`: pip install 'nru[rl]'.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyagents.envs.ns3gym import Ns3GymEnv as Ns3GymEnv


def __getattr__(name: str) -> Any:
    """Import what needs Gymnasium only when it is asked for: `pyagents` alone does not."""
    if name == "Ns3GymEnv":
        from pyagents.envs.ns3gym import Ns3GymEnv

        return Ns3GymEnv
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
