# SPDX-License-Identifier: GPL-2.0-only
"""Who senses a vehicle, and what devices send for it, where nothing is lost on a route."""

from dataclasses import dataclass

import numpy as np

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.iot_edge.mock.planning import Plan
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm
from pyagents.scenarios.iot_edge.world import Places
from pyagents.simulators.compiled import compiled


@dataclass(frozen=True, kw_only=True, eq=False)
class Traffic:
    """What B areas send in a step. See `Snapshot` for the fields."""

    sensing: Ints
    """[B, N]."""
    message_bytes: Floats
    """[B, N]."""
    sent_messages: Floats
    """[B, N]."""
    sent_bytes: Floats
    """[B, N]."""
    dropped_bytes: Floats
    """[B, N]."""
    received_messages: Floats
    """[B, K]."""
    received_bytes: Floats
    """[B, K]."""


def carry(scenario: Scenario, devices_mm: Places, vehicles_mm: Places, planned: Plan) -> Traffic:
    """Send a message of each device on its route.

    Args:
        scenario: of all areas.
        devices_mm: [B, N, 2] places of devices.
        vehicles_mm: [B, V, 2] places of vehicles.
        planned: the routes.
    """
    of_devices, of_servers = planned.cluster.shape, planned.head.shape
    made = Traffic(
        sensing=np.empty(of_devices, np.int32),
        message_bytes=np.empty(of_devices),
        sent_messages=np.zeros(of_devices),
        sent_bytes=np.zeros(of_devices),
        dropped_bytes=np.zeros(of_devices),
        received_messages=np.zeros(of_servers),
        received_bytes=np.zeros(of_servers),
    )
    _carry(
        devices_mm,
        vehicles_mm,
        to_mm(scenario.sensing_range_m),
        float(scenario.message_bytes),
        float(scenario.sensing_message_bytes),
        planned.cluster,
        planned.parent,
        planned.hops,
        planned.order,
        made.sensing,
        made.message_bytes,
        made.sent_messages,
        made.sent_bytes,
        made.dropped_bytes,
        made.received_messages,
        made.received_bytes,
    )
    return made


@compiled
def _carry(
    devices_mm: Places,
    vehicles_mm: Places,
    range_mm: int,
    plain_bytes: float,
    sensing_bytes: float,
    cluster: Ints,
    parent: Ints,
    hops: Ints,
    order: Ints,
    sensing: Ints,
    message_bytes: Floats,
    sent_messages: Floats,
    sent_bytes: Floats,
    dropped_bytes: Floats,
    received_messages: Floats,
    received_bytes: Floats,
) -> None:
    n_areas, n_devices = cluster.shape
    for b in range(n_areas):
        for i in range(n_devices):
            senses = False
            for v in range(vehicles_mm.shape[1]):
                dx = devices_mm[b, i, 0] - vehicles_mm[b, v, 0]
                dy = devices_mm[b, i, 1] - vehicles_mm[b, v, 1]
                senses |= dx * dx + dy * dy <= range_mm * range_mm
            sensing[b, i] = 1 if senses else 0
            message_bytes[b, i] = sensing_bytes if senses else plain_bytes
            if hops[b, i] == 0:
                dropped_bytes[b, i] = message_bytes[b, i]
        for place in range(n_devices - 1, -1, -1):
            i = order[b, place]
            if i < 0:
                continue
            sent_messages[b, i] += 1
            sent_bytes[b, i] += message_bytes[b, i]
            if parent[b, i] >= 0:
                sent_messages[b, parent[b, i]] += sent_messages[b, i]
                sent_bytes[b, parent[b, i]] += sent_bytes[b, i]
            else:
                received_messages[b, cluster[b, i]] = sent_messages[b, i]
                received_bytes[b, cluster[b, i]] = sent_bytes[b, i]
