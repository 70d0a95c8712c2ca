# SPDX-License-Identifier: GPL-2.0-only
"""Static clusters by METIS (the paper's SC-METIS): devices parted evenly with few links cut, once.

METIS knows devices and links, not servers: each part goes to a server so that all of them together are near,
the head is the part's device nearest to it. Ours, for the paper does not say how.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyagents.core.extras import load_extra
from pyagents.core.scenario import Checked
from pyagents.core.snapshot import Ints
from pyagents.scenarios.iot_edge.agents.model import in_mm
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot
from pyagents.scenarios.iot_edge.world import Places, links

_EXTRA = "iot"


@dataclass(frozen=True, kw_only=True)
class ScMetisConfig(Checked):
    """What METIS is asked for."""

    repair: bool = True
    """Whether devices that a part has apart from its head join the part that they have most links to; METIS
    may split parts where the graph is."""


class ScMetis:
    """Clusters are METIS's parts, by recursive bisection, for the whole run."""

    def __init__(self, config: ScMetisConfig = ScMetisConfig()) -> None:  # frozen
        self._config, self._metis = config, load_extra("pymetis", extra=_EXTRA)
        self._assign = load_extra("scipy.optimize", extra=_EXTRA).linear_sum_assignment

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget the area."""
        self._scenario, self._chosen = scenario, None

    _chosen: Ints | None

    def act(self, snapshot: Snapshot) -> Action:
        """Assign each device to the cluster of its part."""
        if self._chosen is None:
            self._chosen = self._choose(in_mm(snapshot.device_position_m), in_mm(snapshot.server_position_m))
        return Action(cluster=self._chosen)

    def _choose(self, devices_mm: Places, servers_mm: Places) -> Ints:
        near = links(devices_mm, to_mm(self._scenario.link_range_m))
        n = len(servers_mm)
        graph = [np.flatnonzero(line).tolist() for line in near]
        parts = np.zeros(len(near), np.int32)
        if n > 1:
            parts[:] = self._metis.part_graph(n, adjacency=graph, recursive=True)[1]
        apart = ((devices_mm[:, None] - servers_mm) ** 2).sum(axis=-1) ** 0.5
        cost = np.zeros((n, n))  # as it stays for an empty part: any server is as good
        for part in np.unique(parts):
            cost[part] = apart[parts == part].min(axis=0)
        which, servers = self._assign(cost)
        cluster = np.zeros(len(parts), np.int32)
        for part, server in zip(which, servers, strict=True):
            cluster[parts == part] = server
        return repair(cluster, near, apart) if self._config.repair else cluster


def repair(cluster: Ints, near: NDArray[np.bool_], apart: NDArray[np.float64]) -> Ints:
    """[N] clusters without devices that only others' join to their head, as far as links allow.

    Args:
        cluster: [N] clusters.
        near: [N, N] who has a link with whom.
        apart: [N, K] distances to servers; a head is the nearest of its cluster.
    """
    cluster, n = cluster.copy(), apart.shape[1]
    while True:
        joined = np.zeros(len(cluster), bool)
        for c in range(n):
            members = np.flatnonzero(cluster == c)
            if len(members):
                joined[members[apart[members, c].argmin()]] = True
        while True:
            reached = joined | ((near & (cluster[:, None] == cluster)) @ joined)
            if (reached == joined).all():
                break
            joined = reached
        votes = np.stack([(near & (joined & (cluster == c))).sum(axis=1) for c in range(n)], axis=1)
        movable = np.flatnonzero(~joined & (votes.sum(axis=1) > 0))
        if not len(movable):
            return cluster
        cluster[movable] = votes[movable].argmax(axis=1)
