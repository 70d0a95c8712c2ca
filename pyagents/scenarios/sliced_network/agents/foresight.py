# SPDX-License-Identifier: GPL-2.0-only
"""Who knows what will be demanded in the next step: the best single change, and the best allocation."""

from dataclasses import dataclass

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.core.search import Between
from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network.allocation import (
    STEP,
    apply_choices,
    shares_of,
    smallest_first,
    to_action,
    with_headroom,
)
from pyagents.scenarios.sliced_network.mock.levels import draw_levels
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot
from pyagents.scenarios.sliced_network.world import draw_world


class Foresight:
    """Demands of the steps of a run, one after the other, as the simulators draw them.

    Args:
        scenario: of the run.
        seed: of the run.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._scenario, self._world = scenario, draw_world(scenario, seed)
        self._level: Floats = np.ones((1, *self._world.demand.shape))
        self._step = 0

    def needs(self, step: int) -> Floats:
        """[E, N, R] what each UE demands in a step, in shares of its site.

        Args:
            step: 0 is the first that is played; not before one that was asked for.
        """
        world = self._world
        while self._step <= step:
            seeds, threshold = np.array([world.seed], np.uint64), np.uint64(world.change)
            draw_levels(seeds, self._step, threshold, world.levels, self._level)
            self._step += 1
        whole = np.stack(
            [world.mean_rate_bps, np.full(len(world.mean_rate_bps), self._scenario.cpu_capacity)], axis=1
        )
        needs: Floats = world.demand * self._level[0] / whole
        return needs.reshape(self._scenario.n_sites, self._scenario.ues_per_site, -1)


class _Foreseeing:
    def reset(self, scenario: Scenario, seed: int) -> None:
        """Draw what the simulator draws."""
        self._scenario, self._foresight = scenario, Foresight(scenario, seed)

    def _next_needs(self, snapshot: Snapshot) -> Floats:
        return self._foresight.needs(round(snapshot.time_s * 1000 / self._scenario.step_ms))


@dataclass(frozen=True, kw_only=True)
class GreedyConfig(Checked):
    """Options of `Greedy`."""

    idle_weight: float = number(1.0, 0.0, 100.0, search=Between(low=0.01, high=1.0))
    """Weight of what is given and not needed beside the mean satisfaction, beta over alpha (ours; the paper
    prints neither)."""


class Greedy(_Foreseeing):
    """At each site the one change that helps most in the next step, whose demands it knows.

    It weighs the mean of what is given over what is needed, at most 1, less what is given and not needed.

    Args:
        config: options.
    """

    def __init__(self, config: GreedyConfig = GreedyConfig()) -> None:
        self._idle_weight = config.idle_weight

    def act(self, snapshot: Snapshot) -> Action:
        """Take the best change; of equals the first, to hold before all others."""
        needs, shares = self._next_needs(snapshot), shares_of(snapshot, self._scenario)
        n_ues, n_resources = shares.shape[-2:]
        step, free = STEP / n_ues, 1 - shares.sum(axis=-2, keepdims=True)
        more = shares + np.clip(free, 0.0, step)
        less = np.maximum(shares - step, 0.0)
        now = self._worth(shares, needs)
        gains = np.stack([self._worth(more, needs) - now, self._worth(less, needs) - now], axis=-1)
        flat = gains.reshape(len(gains), 2 * n_ues * n_resources)
        choices = np.concatenate([np.full((len(flat), 1), _NOTICEABLE), flat], axis=1).argmax(axis=1)
        return to_action(apply_choices(shares, choices), snapshot)

    def _worth(self, shares: Floats, needs: Floats) -> Floats:
        """[E, N, R] what each share adds to the mean satisfaction of its site, less what is idle of it."""
        n_ues, n_resources = shares.shape[-2:]
        given = np.minimum(1.0, np.divide(shares, needs, out=np.ones_like(shares), where=needs > 0))
        idle = np.maximum(shares - needs, 0.0)
        worth: Floats = given / n_ues / n_resources - self._idle_weight * idle / n_resources
        return worth


class Bound(_Foreseeing):
    """The allocation with the highest mean satisfaction in the next step, whose demands it knows.

    The optimum of a linear program: nobody's mean of what is allocated over what is requested is above it. It
    takes the smallest demands first, and starves the largest.
    """

    def act(self, snapshot: Snapshot) -> Action:
        """Give all that is needed to the smallest first; what is then left in proportion."""
        return to_action(with_headroom(smallest_first(self._next_needs(snapshot)), np.inf), snapshot)


_NOTICEABLE = 1e-9
"""A change that gains no more is not worth it."""
