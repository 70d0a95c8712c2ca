# SPDX-License-Identifier: GPL-2.0-only
"""Agents that look at nothing but places: static clusters, one cluster for all, and chance."""

import numpy as np

from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Move, Snapshot


class ScMwvc:
    """Static clusters (the paper's SC-MWVC): cores stay at the servers, devices join the nearest head."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Nothing to forget."""

    def act(self, snapshot: Snapshot) -> Action:
        """Leave all as it is."""
        return Action()


class AllInOne:
    """Every device in the cluster of the server that is nearest to the middle of all: a bound from below."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Nothing to forget."""

    def act(self, snapshot: Snapshot) -> Action:
        """Assign all to one."""
        middle = snapshot.device_position_m.mean(axis=0)
        nearest = int(np.hypot(*(snapshot.server_position_m - middle).T).argmin())
        return Action(cluster=np.full(snapshot.n_devices, nearest, np.int32))


class RandomMoves:
    """A random move of a random core each step: what chance reaches."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Start the generator."""
        self._rng = np.random.default_rng([seed, 7])

    def act(self, snapshot: Snapshot) -> Action:
        """Draw core and move."""
        moves = np.full(snapshot.n_servers, Move.STAY, np.int32)
        moves[self._rng.integers(snapshot.n_servers)] = self._rng.integers(len(Move))
        return Action(core_move=moves)
