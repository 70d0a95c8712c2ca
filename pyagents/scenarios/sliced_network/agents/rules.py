# SPDX-License-Identifier: GPL-2.0-only
"""Rules that need no learning: what each UE gets by what it has demanded, all at once."""

from dataclasses import dataclass

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.core.search import Between
from pyagents.scenarios.sliced_network.allocation import (
    apply_choices,
    max_min,
    n_choices,
    needs_of,
    shares_of,
    to_action,
    with_headroom,
)
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot


class EqualSplit:
    """An equal part of each resource for each UE, which is what a run starts with: never changes anything."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Nothing to forget."""

    def act(self, snapshot: Snapshot) -> Action:
        """Leave all as it is."""
        return Action()


@dataclass(frozen=True, kw_only=True)
class MaxMinConfig(Checked):
    """Options of `MaxMin`."""

    headroom: float = number(0.05, 0.0, 10.0, search=Between(low=0.0, high=0.5))
    """What a UE gets beyond its demand, over that, where there is so much: queues drain by it (ours)."""


class MaxMin:
    """By demand: all of a small one, and for those who ask for more the same (max-min fairness).

    Args:
        config: options.
    """

    def __init__(self, config: MaxMinConfig = MaxMinConfig()) -> None:
        self._config = config

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Note the scenario."""
        self._scenario = scenario

    def act(self, snapshot: Snapshot) -> Action:
        """Share by the demands of the step that has ended."""
        given = max_min(needs_of(snapshot, self._scenario))
        return to_action(with_headroom(given, self._config.headroom), snapshot)


class Proportional:
    """All of each resource, in proportion to demands: in overload everybody gets the same part of its own."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Note the scenario."""
        self._scenario = scenario

    def act(self, snapshot: Snapshot) -> Action:
        """Share by the demands of the step that has ended."""
        needs = needs_of(snapshot, self._scenario)
        total = needs.sum(axis=-2, keepdims=True)
        return to_action(np.divide(needs, total, out=np.zeros_like(needs), where=total > 0), snapshot)


class RandomChanges:
    """A random change of a random UE at each site, each step: what chance reaches."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Start the generator."""
        self._scenario, self._rng = scenario, np.random.default_rng([seed, 7])

    def act(self, snapshot: Snapshot) -> Action:
        """Draw a choice a site."""
        choices = self._rng.integers(n_choices(self._scenario), size=self._scenario.n_sites)
        return to_action(apply_choices(shares_of(snapshot, self._scenario), choices), snapshot)
