# SPDX-License-Identifier: GPL-2.0-only
"""What is drawn from a scenario and a seed: where devices and servers are, and where vehicles go.

Each has a generator of its own, so that another number of devices leaves servers and vehicles where they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.scenarios.iot_edge.routes import draw_routes
from pyagents.scenarios.iot_edge.scenario import Scenario, to_mm

Places = NDArray[np.int64]
"""[..., 2] x and y, mm."""

_DEVICES, _SERVERS, _VEHICLES = 1, 2, 3
_MOST_DRAWS = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """All that a run does not decide."""

    devices_mm: Places
    """[N, 2] places of devices."""
    servers_mm: Places
    """[K, 2] places of servers."""
    vehicles_mm: Places
    """[steps + 1, V, 2] places of vehicles, one a step."""


def draw_world(scenario: Scenario, seed: int) -> World:
    """Draw the world of a run: the same for equal scenarios and seeds.

    Args:
        scenario: situation.
        seed: number of the random run, 1 or above.

    Raises:
        ValueError: the seed is below 1.
        ImpossibleScenarioError: devices cannot be joined, or the trace is too short.
    """
    if seed < 1:
        raise ValueError(f"seed={seed} is not allowed: must be at least 1")
    layout = scenario.layout_seed or seed
    return World(
        devices_mm=_draw_devices(scenario, np.random.default_rng([layout, _DEVICES])),
        servers_mm=_draw_places(scenario, np.random.default_rng([layout, _SERVERS]), scenario.n_servers),
        vehicles_mm=draw_routes(scenario, np.random.default_rng([seed, _VEHICLES])),
    )


def links(devices_mm: Places, range_mm: int) -> NDArray[np.bool_]:
    """[N, N] whether two devices have a link; none has one with itself."""
    apart = devices_mm[:, None] - devices_mm[None, :]
    near: NDArray[np.bool_] = (apart**2).sum(axis=-1) <= range_mm**2
    np.fill_diagonal(near, False)
    return near


def is_joined(near: NDArray[np.bool_]) -> bool:
    """Whether links, [N, N], join all devices, over others where need be."""
    reached, newest = np.zeros(len(near), bool), np.zeros(len(near), bool)
    newest[0] = True
    while newest.any():
        reached |= newest
        newest = near[newest].any(axis=0) & ~reached
    return bool(reached.all())


def program_values(scenario: Scenario, seed: int) -> Mapping[str, object]:
    """What the ns-3 program is told, by name; docs/iot-edge.md lists it.

    Raises:
        ImpossibleScenarioError: see `draw_world`.
    """
    world, fields = draw_world(scenario, seed), scenario.to_dict()
    return {name: fields[name] for name in _TOLD} | {
        "sensing_message_bytes": scenario.sensing_message_bytes,
        "devices": _spell(world.devices_mm),
        "servers": _spell(world.servers_mm),
        "vehicles": _spell(world.vehicles_mm),
    }


_TOLD = (
    "steps",
    "period_s",
    "area_length_m",
    "area_width_m",
    "n_vehicles",
    "link_range_m",
    "interference_range_m",
    "sensing_range_m",
    "message_bytes",
    "core_step_m",
    "moves_per_step",
    "weight_factor",
    "weight_levels",
    "distance_to",
    "phy",
    "wifi_rate_mbps",
    "queue_limit_bytes",
    "retry_limit",
)


def _spell(places_mm: Places) -> str:
    return ":".join(f"{x},{y}" for x, y in places_mm.reshape(-1, 2).tolist())


def _draw_places(scenario: Scenario, rng: np.random.Generator, n: int) -> Places:
    """[n, 2] anywhere in the area."""
    most = [to_mm(scenario.area_length_m), to_mm(scenario.area_width_m)]
    return rng.integers(0, most, (n, 2), endpoint=True)


def _draw_devices(scenario: Scenario, rng: np.random.Generator) -> Places:
    range_mm = to_mm(scenario.link_range_m)
    for _ in range(_MOST_DRAWS):
        drawn = _draw_places(scenario, rng, scenario.n_devices)
        if scenario.connect == "as-drawn" or is_joined(links(drawn, range_mm)):
            return drawn
    raise ImpossibleScenarioError(
        f"connect='redraw': {_MOST_DRAWS} draws of n_devices={scenario.n_devices} left some without a link; "
        f"link_range_m={scenario.link_range_m:g} is too short"
    )
