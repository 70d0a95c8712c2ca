# SPDX-License-Identifier: GPL-2.0-only
"""How long an agent thinks."""

import time
from collections.abc import Mapping
from typing import Any

from pyagents.core.agent import Agent, Reporting


class TimedAgent:
    """An agent that decides as the one inside does, and keeps the time of each decision.

    What counts is the processor time of the deciding thread, so that runs side by side do not count for each
    other.

    Args:
        agent: who decides.
    """

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.decisions_s: list[float] = []
        """Processor time of each decision since the last reset, s."""

    def reset(self, scenario: Any, seed: int) -> None:
        """Reset the agent and the times."""
        self.decisions_s = []
        self._agent.reset(scenario, seed)

    def act(self, snapshot: Any) -> Any:
        """Let the agent decide."""
        start = time.thread_time()
        try:
            return self._agent.act(snapshot)
        finally:
            self.decisions_s.append(time.thread_time() - start)

    def report(self) -> Mapping[str, float]:
        """What the agent reports, if it does."""
        return self._agent.report() if isinstance(self._agent, Reporting) else {}
