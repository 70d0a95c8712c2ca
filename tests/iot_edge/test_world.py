# SPDX-License-Identifier: GPL-2.0-only
"""What is drawn: places, ways of vehicles, traces; what the program on ns-3 is told of them."""

import dataclasses
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from pyagents.core.simulator import ImpossibleScenarioError
from pyagents.scenarios.iot_edge.routes import whole_trace
from pyagents.scenarios.iot_edge.scenario import PRESETS, Route, Scenario
from pyagents.scenarios.iot_edge.warehouse import make_trace
from pyagents.scenarios.iot_edge.world import draw_world, is_joined, links
from pyagents.simulators.ns3 import scenario_flags

ROUTES = [route for route in get_args(Route) if route != "trace"]


def test_more_devices_leave_all_else_where_it_is() -> None:
    few, many = draw_world(Scenario(n_devices=20), 7), draw_world(Scenario(n_devices=80), 7)
    assert np.array_equal(few.devices_mm, many.devices_mm[:20])
    assert np.array_equal(few.servers_mm, many.servers_mm)
    assert np.array_equal(few.vehicles_mm, many.vehicles_mm)


def test_a_layout_of_its_own_stays_for_all_seeds() -> None:
    scenario = Scenario(layout_seed=3)
    one, two, theirs = draw_world(scenario, 1), draw_world(scenario, 2), draw_world(Scenario(), 3)
    assert np.array_equal(one.devices_mm, two.devices_mm)
    assert np.array_equal(one.servers_mm, theirs.servers_mm)
    assert not np.array_equal(one.vehicles_mm, two.vehicles_mm)


def test_redrawn_devices_are_joined() -> None:
    drawn = draw_world(Scenario(n_devices=20, link_range_m=5.0, connect="redraw"), 1)
    assert is_joined(links(drawn.devices_mm, 5000))
    assert not is_joined(links(np.array([[0, 0], [1000, 0], [9000, 0]]), 3000))


def test_what_cannot_be_joined_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyagents.scenarios.iot_edge.world._MOST_DRAWS", 20)
    with pytest.raises(ImpossibleScenarioError, match="link_range_m=3 is too short"):
        draw_world(Scenario(n_devices=20, connect="redraw"), 1)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_vehicles_stay_inside_and_keep_their_speed(route: Route, seed: int) -> None:
    scenario = Scenario(route=route, n_vehicles=3, steps=200, area_width_m=9.0)
    places = draw_world(scenario, seed).vehicles_mm
    assert places.shape == (201, 3, 2)
    assert places.min() >= 0
    assert (places <= [15_000, 9_000]).all()
    step_m = np.hypot(*np.moveaxis(np.diff(places, axis=0), -1, 0)) / 1000
    assert step_m.max() <= 1.002  # of whole millimetres
    assert step_m.mean() > 0.2


def test_a_reflection_without_spread_is_a_mirror() -> None:
    places = draw_world(Scenario(route="reflection", reflection_spread_deg=0.0, steps=300), 5).vehicles_mm[
        :, 0
    ]
    ways = np.abs(np.diff(places, axis=0))
    inside = ((places[:-1] > 1000) & (places[:-1] < 14_000)).all(axis=1)
    assert np.ptp(ways[inside], axis=0).max() <= 1


def test_the_warehouse_is_driven_along_aisles_with_stops() -> None:
    trace = make_trace(15.0, 15.0, 1.0, 28_800, 1)
    moved = np.abs(np.diff(trace, axis=0))
    assert (moved.sum(axis=1) == 0).mean() > 0.3  # somebody loads
    straight = (moved.min(axis=1) < 1e-9).mean()
    assert straight > 0.9  # turns take less than a second
    assert len(np.unique(np.round(trace), axis=0)) > 50
    assert np.array_equal(trace, make_trace.__wrapped__(15.0, 15.0, 1.0, 28_800, 1))
    assert not np.array_equal(trace, make_trace(15.0, 15.0, 1.0, 28_800, 2))


@pytest.mark.parametrize("area", [(1.0, 1.0), (3.0, 3.0), (2.0, 40.0), (100.0, 100.0)])
def test_a_warehouse_of_any_size_has_a_trace(area: tuple[float, float]) -> None:
    trace = make_trace(*area, 1.0, 120, 1)
    assert (trace >= 0).all()
    assert (trace <= area).all()


def test_runs_are_windows_of_the_second_half_of_the_trace() -> None:
    scenario = PRESETS["edge11"]
    trace = np.floor(whole_trace(scenario) * 1000 + 0.5)
    for seed in range(1, 6):
        run = draw_world(scenario, seed).vehicles_mm[:, 0]
        starts = np.flatnonzero((trace == run[0]).all(axis=1))
        assert any(
            start >= 14_400 and np.array_equal(trace[start : start + len(run)], run) for start in starts
        )


def test_the_content_of_a_trace_is_part_of_the_key(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("1.5,2\n" * 200)
    first = Scenario(route="trace", trace=str(path))
    assert Scenario.from_dict(first.to_dict()) == first
    assert draw_world(first, 1).vehicles_mm[0, 0].tolist() == [1500, 2000]
    path.write_text("2.5,2\n" * 200)
    second = Scenario(route="trace", trace=str(path))
    assert second.key != first.key
    assert draw_world(second, 1).vehicles_mm[0, 0].tolist() == [2500, 2000]
    with pytest.raises(ValueError, match=r"the content of .* is another"):
        Scenario.from_dict(first.to_dict())


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("1,2\n3\n", ValueError, "line 2: '3' is not x,y"),
        ("", ValueError, "at least one"),
        ("1,16\n" * 90, ImpossibleScenarioError, "leaves the area of 15 m x 15 m"),
        ("1,1\n" * 40, ImpossibleScenarioError, "is shorter than steps=50"),
    ],
)
def test_a_bad_trace_is_named(tmp_path: Path, content: str, error: type[Exception], message: str) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(content)
    with pytest.raises(error, match=message):
        draw_world(Scenario(route="trace", trace=str(path)), 1)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"route": "trace"}, "trace='' is not allowed with route='trace'"),
        ({"trace": "x.csv"}, "trace='x.csv' is not allowed with route='between'"),
        ({"route": "trace", "trace": "none.csv"}, "No such file"),
        ({"trace_from": 0.6, "trace_to": 0.5}, "trace_from=0.6 is not allowed"),
        ({"interference_range_m": 2.0}, "interference_range_m=2 is not allowed: must be at least"),
    ],
)
def test_contradictions_are_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Scenario.from_dict(fields)


def test_the_program_is_told_the_world() -> None:
    scenario = dataclasses.replace(PRESETS["edge14"], n_devices=2, n_servers=1, steps=1)
    flags = dict(flag.removeprefix("--").split("=") for flag in scenario_flags(scenario, 9))
    world = draw_world(scenario, 9)
    (x, y), (u, v) = world.devices_mm.tolist()
    assert flags["devices"] == f"{x},{y}:{u},{v}"
    assert flags["vehicles"].count(":") == 1  # step 0 and step 1
    assert flags["sensingMessageBytes"] == "3000"
    assert flags["simSeed"] == "9"
    assert "trace" not in flags
