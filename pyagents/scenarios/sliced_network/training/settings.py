# SPDX-License-Identifier: GPL-2.0-only
"""Settings of FDRL's learner, which load without torch: help and plans need no more."""

from dataclasses import dataclass
from typing import Literal

from pyagents.core.scenario import Checked, number
from pyagents.scenarios.sliced_network.agents.fdrl import Network


@dataclass(frozen=True, kw_only=True)
class FdrlTraining(Checked):
    """Learning rate, discount and chance are the paper's; the rest, of which it says nothing, ours."""

    network: Network = "shared"
    """Reading of state and network: see the agent."""
    reward: Literal["change", "level"] = "change"
    """What a decision earns: what its change adds to alpha U - beta C at the demands it meets, in equal parts
    of a site; or, the letter, alpha U - beta C itself, of which a change for one user in 50 is some
    thousandths."""
    alpha: float = number(1.0, 0, 1e6)
    """Worth of U, the mean over users and resources of what is had over what is demanded, 1 at most."""
    beta: float = number(1.0, 0, 1e6)
    """Cost of C, the share of resources that is reserved and idle, in the mean over them."""
    worlds: int = number(5, 1, 100_000)
    """Number of runs that are played at once in an iteration."""
    steps: int = number(200, 2, 100_000)
    """Steps of each: 1,000 an iteration in all (paper: 1,000 steps)."""
    learning_rate: float = number(1e-3, 0.0, 1.0, above=True)
    """Learning rate of Adam (paper: 0.001)."""
    discount: float = number(0.99, 0.0, 1.0)
    """gamma (paper: 0.99)."""
    chance: float = number(0.1, 0.0, 1.0)
    """Share of decisions by chance while it learns (paper: 0.1)."""
    batch: int = number(32, 1, 1_000_000)
    """Transitions a gradient step."""
    gradient_steps: int = number(100, 1, 1_000_000)
    """Gradient steps of an iteration."""
    target_rate: float = number(0.01, 0.0, 1.0)
    """Share by which the target network follows at each gradient step."""
    replay: int = number(10_000, 1, 100_000_000)
    """Number of transitions kept."""


@dataclass(frozen=True, kw_only=True)
class FdrlLetterTraining(FdrlTraining):
    """The paper's letter: one network sees all users, and is paid the level."""

    network: Network = "flat"
    """Reading of state and network: see the agent."""
    reward: Literal["change", "level"] = "level"
    """What a decision earns: see the working reading."""
