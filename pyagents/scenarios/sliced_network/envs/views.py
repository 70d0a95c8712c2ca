# SPDX-License-Identifier: GPL-2.0-only
"""What is seen, what can be decided, and what a step was worth. All take a batch axis in front."""

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from pyagents.envs.views import Mask, Number, Observation, Reward
from pyagents.scenarios.sliced_network.allocation import (
    N_RESOURCES,
    apply_choices,
    mask_choices,
    n_choices,
    shares_of,
    to_action,
)
from pyagents.scenarios.sliced_network.metrics import satisfaction, used_of
from pyagents.scenarios.sliced_network.observe import N_FEATURES, observe
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action


def state_observation(scenario: Scenario) -> Observation:
    """The paper's state in one dimension, site by site and UE by UE: see `observe`."""
    length = N_FEATURES * scenario.n_ues

    def flat(snapshot: Any) -> NDArray[Any]:
        seen = observe(snapshot, scenario)
        return seen.reshape(*seen.shape[:-3], length)

    return Observation(space=spaces.Box(0.0, 1.0, (length,), np.float32), function=flat, batched=True)


def slice_reward(scenario: Scenario, *, alpha: float = 1.0, beta: float = 1.0) -> Reward:
    """The paper's r = alpha U - beta C: U the step's mean satisfaction, C the share that is given and idle.

    Args:
        scenario: that snapshots are of.
        alpha: weight of satisfaction (ours; the paper prints none).
        beta: weight of what is idle (likewise).
    """

    def parts(before: Any, after: Any) -> dict[str, Number]:
        idle = np.maximum(shares_of(after, scenario) - used_of(after, scenario), 0.0).sum(axis=-2)
        return {
            "satisfaction": alpha * satisfaction([after], scenario).mean(axis=(-3, -2, -1)),
            "idle": -beta * idle.mean(axis=(-2, -1)),
        }

    return Reward(function=parts, batched=True)


class OneChange:
    """One change a site and step, the paper's "increasing or decreasing": see `apply_choices`.

    Of one site a number, of more a number each.

    Args:
        scenario: gives sites and UEs.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario, self._n = scenario, n_choices(scenario)
        self.space: gymnasium.Space[Any] = (
            spaces.Discrete(self._n)
            if scenario.n_sites == 1
            else spaces.MultiDiscrete([self._n] * scenario.n_sites)
        )

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """The allocation after the changes. See `ActionView`.

        Raises:
            ValueError: there is no such choice.
        """
        index = np.asarray(choice)
        if index.dtype.kind not in "iu" or index.min() < 0 or index.max() >= self._n:
            raise ValueError(f"action={choice!r} is not allowed: must be 0 to {self._n - 1}")
        shares = shares_of(snapshot, self._scenario)
        return to_action(apply_choices(shares, index.reshape(shares.shape[:-2])), snapshot)

    def mask(self, snapshot: Any) -> Mask | None:
        """Mark changes that there is room for."""
        marks = mask_choices(shares_of(snapshot, self._scenario))
        return marks[..., 0, :] if self._scenario.n_sites == 1 else marks


class Shares:
    """All shares at once: [U R], 1 an equal part, 0 to 4; what is more than a site has is scaled down.

    Args:
        scenario: gives sites and UEs.
    """

    MOST_PARTS = 4.0

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._shape = scenario.n_sites, scenario.ues_per_site, N_RESOURCES
        self.space = spaces.Box(0.0, self.MOST_PARTS, (int(np.prod(self._shape)),), np.float32)

    def to_action(self, choice: NDArray[Any], snapshot: Any) -> Action:
        """The knobs of these shares. See `ActionView`.

        Raises:
            ValueError: a number is out of bounds.
        """
        parts = np.asarray(choice, float)
        if not (parts.min() >= 0 and parts.max() <= self.MOST_PARTS):
            raise ValueError(
                f"action={choice!r} is not allowed: must be numbers from 0 to {self.MOST_PARTS:g}"
            )
        shares = parts.reshape(*parts.shape[:-1], *self._shape) / self._scenario.ues_per_site
        return to_action(shares, snapshot)

    def mask(self, snapshot: Any) -> None:
        """Shares are continuous."""
