# SPDX-License-Identifier: GPL-2.0-only
"""Tests of the agent on the mock, which needs no ns-3: `python test_new_agent.py`, or pytest."""

import unittest

from pyagents.core.agent import Agent
from pyagents.runs.rollout import rollout
from pyagents.scenarios.indoor_factory import PRESETS
from pyagents.scenarios.indoor_factory.agents.max_rsrp import MaxRsrp
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.template.new_agent import Config, NewAgent

SCENARIO = PRESETS["fig7"]


def play(agent: Agent, seed: int) -> list[dict[str, float]]:
    """The rows of a run."""
    with MockSimulator() as simulator:
        return [dict(row) for row in rollout(simulator, agent, SCENARIO, seed).rows]


class NewAgentTest(unittest.TestCase):
    """What an agent should do before it is compared with others."""

    def test_it_evens_loads(self) -> None:
        """Loads deviate less than without balancing, on two seeds."""
        for seed in (1, 2):
            mine, without = (
                FAMILY.metrics.summary(play(agent, seed)) for agent in (NewAgent(Config()), MaxRsrp())
            )
            assert mine["load_std"] < 0.7 * without["load_std"]
            assert mine["satisfied_share"] >= without["satisfied_share"]

    def test_the_same_seed_gives_the_same_run(self) -> None:
        """Nothing is left of an earlier run, and no chance comes from elsewhere."""
        agent = NewAgent(Config())
        assert repr(play(agent, 3)) == repr(play(agent, 3))


if __name__ == "__main__":
    unittest.main()
