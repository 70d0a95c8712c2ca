# SPDX-License-Identifier: GPL-2.0-only
"""The one interface of everything that decides."""

from typing import Protocol

from pyagents.scenario import Scenario
from pyagents.snapshot import Action, Snapshot


class Agent(Protocol):
    """Looks at a Snapshot, answers with an Action. Any class with these two methods is one.

    An agent with options takes one argument, `config`, annotated with a dataclass whose fields all have
    defaults; the command line then offers them as `--agent.FIELD`.
    """

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget everything. All randomness must come from the seed."""
        ...

    def act(self, snapshot: Snapshot) -> Action:
        """Decide for one SIBx period."""
        ...
