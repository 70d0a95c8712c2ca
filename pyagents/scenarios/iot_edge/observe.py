# SPDX-License-Identifier: GPL-2.0-only
"""What the controller knows as one vector: for environments, and for agents that learn."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.scenarios.iot_edge.scenario import Scenario

FAR_HOPS = 10
"""Hops that count as 1."""


def n_features(scenario: Scenario) -> int:
    """Length of the vector that `observe` makes."""
    n, k, v = scenario.n_devices, scenario.n_servers, scenario.n_vehicles
    return 2 * (n + 2 * k + v) + k + n * k + 3 * n


def observe(snapshot: Any, scenario: Scenario) -> NDArray[np.float32]:
    """[..., F] all that the next step follows from but the vehicles' ways, -1 to 1.

    | part | shape | from | values |
    |---|---|---|---|
    | devices, servers, cores, vehicles | [N + 2 K + V, 2] | `..._position_m` | over the area, -1 to 1 |
    | levels | [K] | `weight_level` | over the scenario's bound |
    | clusters | [N, K] | `cluster` | one-hot |
    | assigned | [N] | `assigned` | 1: it is |
    | hops | [N] | `hops` | over 10, at most 1; 0: unreachable |
    | sizes | [N] | `message_bytes` | over that with a vehicle in sight |
    """
    area = np.array([scenario.area_length_m, scenario.area_width_m])

    def placed(places_m: Floats) -> Floats:
        scaled: Floats = places_m / area * 2 - 1
        return scaled

    parts = [
        placed(snapshot.device_position_m),
        placed(snapshot.server_position_m),
        placed(snapshot.core_position_m),
        placed(snapshot.vehicle_position_m),
        snapshot.weight_level / max(scenario.weight_levels, 1),
        snapshot.cluster[..., None] == np.arange(scenario.n_servers),
        snapshot.assigned >= 0,
        np.minimum(snapshot.hops / FAR_HOPS, 1.0),
        snapshot.message_bytes / scenario.sensing_message_bytes,
    ]
    batch = snapshot.cluster.shape[:-1]
    return np.concatenate([part.astype(np.float32).reshape(*batch, -1) for part in parts], axis=-1)
