# SPDX-License-Identifier: GPL-2.0-only
"""The one interface of everything that decides."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


class Agent(Protocol):
    """Looks at a Snapshot, answers with an Action. Any class with these two methods is one.

    An agent is of one family, and takes and gives objects of its classes. `Any` stands for them here.

    An agent with options takes one argument, `config`, annotated with a dataclass whose fields all have
    defaults; the command line then offers them as `--agent.FIELD`.
    """

    def reset(self, scenario: Any, seed: int) -> None:
        """Forget everything. All randomness must come from the seed."""
        ...

    def act(self, snapshot: Any) -> Any:
        """Decide for one step."""
        ...


@runtime_checkable
class Reporting(Protocol):
    """An agent that has numbers of its own to tell."""

    def report(self) -> Mapping[str, float]:
        """Tell numbers of the last decision, by name; they join the next step's row.

        The names are the same at all times; NaN where there is nothing to tell, as before the first decision.
        """
        ...
