# SPDX-License-Identifier: GPL-2.0-only
"""Clusters by free choice: the ones fixed before, and those that an oracle finds for each step.

A search by single changes: of all ways to put one device that has a neighbour in another cluster into that
cluster, the one that raises the score most, until none does. No change may leave more devices unreachable
than static clusters do: else loads are made even by leaving devices out.
"""

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.iot_edge.agents.model import Model, in_mm
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot
from pyagents.scenarios.iot_edge.world import draw_world, links

N_DRAWN = 512
"""Random places of cores that a search looks at first."""

N_STARTS = 4
"""The best of these that it starts from."""

_LEAST_GAIN = 1e-9


class Search:
    """Looks for even clusters of an area, with cores where they are in a Snapshot.

    Args:
        scenario: of the area.
        snapshot: the first one of a run, with static clusters.
        seed: of the random places to start from.
    """

    def __init__(self, scenario: Scenario, snapshot: Snapshot, seed: int) -> None:
        self.model = model = Model(scenario, snapshot)
        self._cores_mm = in_mm(snapshot.core_position_m)
        self._near = links(model.devices_mm, to_mm(scenario.link_range_m))
        self._most_unreachable = int((snapshot.hops == 0).sum())
        rng = np.random.default_rng([seed, 11])
        most = [to_mm(scenario.area_length_m), to_mm(scenario.area_width_m)]
        shape = N_DRAWN, scenario.n_servers
        drawn = model.plan(
            rng.integers(0, most, (*shape, 2), endpoint=True),
            np.zeros(shape, np.int32),
            np.full((N_DRAWN, model.n), -1, np.int32),
        )
        self.starts = np.concatenate([snapshot.cluster[None], drawn.cluster])

    def find(self, message_bytes: Floats, start: Ints | None = None) -> Ints:
        """[N] the most even clusters that are found.

        Args:
            message_bytes: [N] sizes of messages.
            start: [N] clusters to start from alone; None: from the best random ones, and the static ones.
        """
        if start is not None:
            return self._improve(start, message_bytes)[1]
        scores = self._judge(self.starts, message_bytes)
        best = np.argsort(-scores, kind="stable")[:N_STARTS]
        found = [self._improve(self.starts[k], message_bytes) for k in best]
        return max(found, key=lambda one: one[0])[1]

    def score(self, cluster: Ints, message_bytes: Floats) -> float:
        """How even one choice of clusters, [N], is; -inf: it leaves too many devices unreachable."""
        return float(self._judge(cluster[None], message_bytes)[0])

    def _judge(self, tried: Ints, message_bytes: Floats) -> Floats:
        """[B] the score of clusters, [B, N]."""
        n_servers = self.model.scenario.n_servers
        cores_mm = np.repeat(self._cores_mm[None], len(tried), axis=0)
        planned = self.model.plan(cores_mm, np.zeros((len(tried), n_servers), np.int32), tried)
        unreachable = (planned.hops == 0).sum(axis=1)
        scores = self.model.judge(planned, message_bytes)
        return np.where(unreachable <= self._most_unreachable, scores, -np.inf)

    def _improve(self, start: Ints, message_bytes: Floats) -> tuple[float, Ints]:
        """Score and clusters, [N], that single changes do not better."""
        now, score = start.astype(np.int32), self.score(start, message_bytes)
        servers = np.arange(self.model.scenario.n_servers)
        while True:
            beside = (self._near[:, :, None] & (now[:, None] == servers)).any(axis=1)
            device, to = np.nonzero(beside & (now[:, None] != servers))
            if not len(device):
                return score, now
            tried = np.repeat(now[None], len(device), axis=0)
            tried[np.arange(len(device)), device] = to
            scores = self._judge(tried, message_bytes)
            best = int(scores.argmax())
            if scores[best] < score + _LEAST_GAIN or scores[best] == -np.inf:
                return score, now
            now, score = tried[best], float(scores[best])


class StaticBest:
    """Clusters that are as even as the search makes them without a vehicle: chosen once, then fixed."""

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget the area."""
        self._scenario, self._seed, self._chosen = scenario, seed, None

    _chosen: Ints | None

    def act(self, snapshot: Snapshot) -> Action:
        """Assign each device to its cluster."""
        if self._chosen is None:
            search = Search(self._scenario, snapshot, self._seed)
            self._chosen = search.find(np.full(search.model.n, float(self._scenario.message_bytes)))
        return Action(cluster=self._chosen)


class Oracle:
    """Clusters that the search finds for each step, with vehicles where they are going to be.

    What others are held against. It draws the world as the simulator does, so it knows the future of that
    seed alone. A search, and no proof: the best there is may be better.
    """

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Learn the future."""
        self._scenario, self._seed, self._search = scenario, seed, None
        self._vehicles_mm = draw_world(scenario, seed).vehicles_mm

    _search: Search | None

    def act(self, snapshot: Snapshot) -> Action:
        """Search anew, and from the clusters of now; take the better."""
        if self._search is None:
            self._search = Search(self._scenario, snapshot, self._seed)
        step = min(round(snapshot.time_s / self._scenario.period_s), self._scenario.steps)
        search = self._search
        sizes = search.model.message_bytes(self._vehicles_mm[step])
        found = [search.find(sizes), search.find(sizes, start=snapshot.cluster)]
        return Action(cluster=max(found, key=lambda one: search.score(one, sizes)))
