# SPDX-License-Identifier: GPL-2.0-only
"""Simulators behind the interfaces that reinforcement learning expects: Gymnasium and PettingZoo.

    gymnasium.make("pyagents:IndoorFactory-v0", simulator="mock", scenario="fig5", action="cho_target")
    pyagents.scenarios.indoor_factory.envs.make_parallel_env(simulator="ns3", scenario="fig7")
    pyagents.scenarios.indoor_factory.envs.make_vector_env(64, simulator="mock")

Needs the extra `rl`: pip install 'nru[rl]'.
"""
