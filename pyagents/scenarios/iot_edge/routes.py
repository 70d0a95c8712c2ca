# SPDX-License-Identifier: GPL-2.0-only
"""Where vehicles are, a place a step: by chance, or along a trace."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.core.snapshot import Floats
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.warehouse import make_trace


def draw_routes(scenario: Scenario, rng: np.random.Generator) -> NDArray[np.int64]:
    """[steps + 1, V, 2] places of vehicles, mm.

    Raises:
        ImpossibleScenarioError: the trace is shorter than the run, or leaves the area.
    """
    area = np.array([scenario.area_length_m, scenario.area_width_m])
    match scenario.route:
        case "between":
            routes = [_between(scenario, rng, area) for _ in range(scenario.n_vehicles)]
        case "direction":
            routes = [_direction(scenario, rng, area) for _ in range(scenario.n_vehicles)]
        case "reflection":
            routes = [_reflection(scenario, rng, area) for _ in range(scenario.n_vehicles)]
        case _:
            trace = whole_trace(scenario)
            routes = [_window(scenario, rng, trace) for _ in range(scenario.n_vehicles)]
    places_m = np.clip(np.stack(routes, axis=1), 0.0, area)
    return np.floor(places_m * 1000 + 0.5).astype(np.int64)


def whole_trace(scenario: Scenario) -> Floats:
    """[seconds, 2] the trace that runs of a scenario are windows of, m.

    Raises:
        ImpossibleScenarioError: a file's leaves the area.
        ValueError: a file is malformed.
    """
    if scenario.route == "warehouse":
        return make_trace(
            scenario.area_length_m,
            scenario.area_width_m,
            scenario.vehicle_speed_mps,
            scenario.trace_s,
            scenario.trace_seed,
        )
    trace = read_trace(scenario.trace)
    most = np.array([scenario.area_length_m, scenario.area_width_m])
    if (trace < 0).any() or (trace > most).any():
        raise ImpossibleScenarioError(
            f"trace={scenario.trace}: leaves the area of {most[0]:g} m x {most[1]:g} m: "
            "area_length_m and area_width_m have to hold it"
        )
    return trace


@cache
def read_trace(trace: str) -> Floats:
    """[seconds, 2] the x and y, m, of a CSV file without a heading: see `Scenario.trace`.

    Raises:
        ValueError: a line is not two numbers; names it.
    """
    path, places = Path(trace.partition("#")[0]), list[tuple[float, float]]()
    with path.open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(csv.reader(file), 1):
            try:
                x, y = map(float, line)
            except ValueError as error:
                raise ValueError(f"trace {path}, line {number}: {','.join(line)!r} is not x,y") from error
            places.append((x, y))
    found = np.array(places).reshape(-1, 2)
    if len(found) == 0 or not np.isfinite(found).all():
        raise ValueError(f"trace {path}: must be finite places x,y, at least one")
    found.setflags(write=False)
    return found


def _between(scenario: Scenario, rng: np.random.Generator, area: Floats) -> Floats:
    """Back and forth between two random places."""
    start, end = rng.random((2, 2)) * area
    length = float(np.hypot(*(end - start)))
    gone = np.arange(scenario.steps + 1) * (scenario.vehicle_speed_mps * scenario.period_s)
    share = 1 - np.abs(1 - gone % (2 * length) / length) if length > 0 else np.zeros(len(gone))
    route: Floats = start + share[:, None] * (end - start)
    return route


def _direction(scenario: Scenario, rng: np.random.Generator, area: Floats) -> Floats:
    """From a random place in a new random direction each step, mirrored at walls."""
    place, step_m = rng.random(2) * area, scenario.vehicle_speed_mps * scenario.period_s
    angles = rng.random(scenario.steps) * 2 * np.pi
    ways = step_m * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return _fold(np.concatenate([place[None], place + ways.cumsum(axis=0)]), area)


def _reflection(scenario: Scenario, rng: np.random.Generator, area: Floats) -> Floats:
    """From a random place straight on; at a wall back as from a mirror, but for a random deviation.

    A deviation that would lead out again is left out.
    """
    step_m = scenario.vehicle_speed_mps * scenario.period_s
    place, angle = rng.random(2) * area, rng.random() * 2 * np.pi
    way, route = np.array([np.cos(angle), np.sin(angle)]), [place]
    for _ in range(scenario.steps):
        ahead = place + step_m * way
        place = _fold(ahead, area)
        over = (ahead < 0) | (ahead > area)
        if over.any():
            inward = np.where(ahead < 0, 1.0, -1.0)
            way = np.where(over, inward * np.abs(way), way)
            turned = _turn(way, np.radians(rng.uniform(-1, 1) * scenario.reflection_spread_deg))
            if (turned * inward > 0)[over].all():
                way = turned
        route.append(place)
    return np.stack(route)


def _turn(way: Floats, angle: float) -> Floats:
    return np.array(
        [
            way[0] * np.cos(angle) - way[1] * np.sin(angle),
            way[0] * np.sin(angle) + way[1] * np.cos(angle),
        ]
    )


def _fold(places: Floats, area: Floats) -> Floats:
    """Places mirrored at walls until they are inside."""
    folded: Floats = area - np.abs(area - places % (2 * area))
    return folded


def _window(scenario: Scenario, rng: np.random.Generator, trace: Floats) -> Floats:
    """A random window of the scenario's part of a trace; between its seconds on straight lines."""
    first, end = int(scenario.trace_from * len(trace)), int(scenario.trace_to * len(trace))
    seconds = np.arange(scenario.steps + 1) * scenario.period_s
    latest = end - 1 - int(np.ceil(seconds[-1]))
    if latest < first:
        raise ImpossibleScenarioError(
            f"trace_from={scenario.trace_from:g} to trace_to={scenario.trace_to:g} of {len(trace)} s "
            f"is shorter than steps={scenario.steps} of {scenario.period_s:g} s"
        )
    at = int(rng.integers(first, latest, endpoint=True)) + seconds
    axis = np.arange(len(trace))
    return np.stack([np.interp(at, axis, trace[:, 0]), np.interp(at, axis, trace[:, 1])], axis=1)
