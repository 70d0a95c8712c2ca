# SPDX-License-Identifier: GPL-2.0-only
"""Simulators behind the interfaces that reinforcement learning expects: Gymnasium and PettingZoo.

    pyagents.envs.Ns3GymEnv("build/any-ns3-gym-program", ["--duration=10"])
    gymnasium.make("pyagents.envs:Ns3Gym-v0", program_or_port="build/any-ns3-gym-program")

Importing this package registers with Gymnasium, besides `Ns3Gym-v0`, what each family has in
`Family.environments`. It needs the extra `rl`.
"""

from pyagents.core.extras import load_extra
from pyagents.core.families import families

gymnasium = load_extra("gymnasium", extra="rl")

from pyagents.envs.ns3gym import Ns3GymEnv  # noqa: E402 - says first what is missing

__all__ = ["Ns3GymEnv"]

gymnasium.register("Ns3Gym-v0", entry_point="pyagents.envs.ns3gym:Ns3GymEnv")
for _family in families():
    for _id, _ref in _family.environments.items():
        gymnasium.register(_id, entry_point=_ref.place, vector_entry_point=_ref.vector or None)
