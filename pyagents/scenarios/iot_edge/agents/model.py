# SPDX-License-Identifier: GPL-2.0-only
"""What agents expect of a step: the plan that an action leads to, and the reward that the paper gives it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.iot_edge.balance import cluster_sums, evenness, reward
from pyagents.scenarios.iot_edge.mock.planning import Layout, Plan, lay_out, plan
from pyagents.scenarios.iot_edge.moves import list_moves, move_cores
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from pyagents.scenarios.iot_edge.snapshot import Move, Snapshot
from pyagents.scenarios.iot_edge.world import Places

Judge = Callable[[Plan], Floats]


def in_mm(places_m: Floats) -> Places:
    """Places of a Snapshot as whole millimetres, as they were."""
    made: Places = np.rint(places_m * 1000).astype(np.int64)
    return made


class Model:
    """The rules of docs/iot-edge.md for the area that a Snapshot shows.

    Args:
        scenario: of the area.
        snapshot: any one of it.
    """

    def __init__(self, scenario: Scenario, snapshot: Snapshot) -> None:
        self.scenario = scenario
        self.devices_mm = in_mm(snapshot.device_position_m)
        self.layout: Layout = lay_out(scenario, [self.devices_mm])
        self.moves = np.concatenate(
            [np.full((1, scenario.n_servers), Move.STAY, np.int32), list_moves(scenario.n_servers)]
        )

    def message_bytes(self, vehicles_mm: Places) -> Floats:
        """[N] sizes of messages with vehicles at these places, [V, 2]."""
        apart = ((self.devices_mm[:, None] - vehicles_mm) ** 2).sum(axis=-1)
        near = (apart <= to_mm(self.scenario.sensing_range_m) ** 2).any(axis=1)
        return np.where(near, self.scenario.sensing_message_bytes, self.scenario.message_bytes).astype(float)

    def plan(self, cores_mm: Places, level: Ints, assigned: Ints) -> Plan:
        """Plan B times: [B, K, 2], [B, K], [B, N]."""
        which: NDArray[np.int64] = np.zeros(len(level), np.int64)
        return plan(self.layout, which, cores_mm, level, assigned)

    def plan_moves(self, snapshot: Snapshot) -> Plan:
        """The plans of all `moves`, of which the first leaves all as it is."""
        n = len(self.moves)
        cores_mm, level = move_cores(
            self.scenario,
            np.broadcast_to(in_mm(snapshot.core_position_m), (n, self.scenario.n_servers, 2)),
            np.broadcast_to(snapshot.weight_level, (n, self.scenario.n_servers)),
            self.moves,
        )
        return self.plan(cores_mm, level, np.repeat(snapshot.assigned[None], n, axis=0))

    def judge(self, planned: Plan, message_bytes: Floats) -> Floats:
        """[B] the reward of plans, and a thousandth of how even hops and bytes are, which parts equals.

        Args:
            planned: B plans.
            message_bytes: [N] sizes of messages.
        """
        k, reached = self.scenario.n_servers, planned.hops > 0
        gamma = evenness(cluster_sums(planned.cluster, planned.hops, k))
        delta = evenness(cluster_sums(planned.cluster, reached * message_bytes, k))
        score: Floats = reward(gamma, delta) + 1e-3 * (gamma + delta)
        return score

    @property
    def n(self) -> int:
        """N."""
        return self.scenario.n_devices
