# SPDX-License-Identifier: GPL-2.0-only
"""How an environment looks at a simulator: what is observed, what can be decided, what it was worth.

Three small pure functions with a space each. The environments of this package know nothing else of what is
simulated; what suits a family is in the family's own room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import gymnasium
import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Action

Mask: TypeAlias = NDArray[np.int8]
Number: TypeAlias = Any
"""A float; an array [n] where there are n agents; either with a batch axis in front."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What is seen of a Snapshot."""

    space: gymnasium.spaces.Box
    """Space of one agent's observation."""
    function: Callable[[Any], NDArray[Any]]
    """Function of a Snapshot: the observation of the only agent, or of all of them along the first axis."""
    batched: bool = False
    """Whether the function also takes Snapshots with a batch axis in front and keeps it in front."""


@dataclass(frozen=True, kw_only=True)
class Reward:
    """What a step was worth."""

    function: Callable[[Any, Any], Mapping[str, Number]]
    """Function of the Snapshots before and after the step: parts by name, whose sum is the reward."""
    batched: bool = False
    """Whether the function takes a batch axis, as in `Observation`."""


class ActionView(Protocol):
    """What can be decided, and how that becomes an Action. Both functions take a batch axis in front."""

    @property
    def space(self) -> gymnasium.Space[Any]:
        """Space of one agent's choice."""
        ...

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """The Action that a choice stands for.

        Args:
            choice: of the only agent, or of all of them along the first axis.
            snapshot: what was known when it was made.
        """
        ...

    def mask(self, snapshot: Any) -> Mask | None:
        """Mark choices that make sense, 1 or 0 each; None where all do, or where they are continuous."""
        ...


def total(parts: Mapping[str, Number]) -> Number:
    """The reward: the sum of its parts."""
    return sum(parts.values())
