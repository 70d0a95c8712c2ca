# SPDX-License-Identifier: GPL-2.0-only
"""`nru bench ns3` measures the program that is there, and reports all of it."""

import dataclasses
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from pyagents.cli import main
from pyagents.scenarios.indoor_factory.bench import ns3 as bench
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.toolchain.ns3 import CHOICE_VARIABLE

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.skipif(os.environ.get(CHOICE_VARIABLE) == "none", reason=f"{CHOICE_VARIABLE}=none"),
    pytest.mark.timeout(1200),  # the first may have to build
]

SMALL = Scenario(n_gnbs=2, n_ues=4)


@pytest.fixture
def small_halls(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {"small": SMALL, "larger": dataclasses.replace(SMALL, n_ues=40)}
    monkeypatch.setattr(bench, "CASES", cases)


def test_cases_are_those_that_the_speed_is_promised_for() -> None:
    first, wifi, *_, last = bench.CASES.values()
    assert (first.n_gnbs, first.n_ues, first.demand_mbps, first.n_wifi_aps) == (10, 100, 2.75, 0)
    assert (wifi.n_wifi_aps, wifi.wifi_stations_per_ap, wifi.wifi_demand_mbps) == (4, 2, 5.0)
    assert (last.n_gnbs, last.n_ues) == (20, 400)


@pytest.mark.usefixtures("small_halls")
def test_json_has_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "ns3", "--steps", "8", "--repetitions", "2", "--json"]) == 0
    small, larger = json.loads(capsys.readouterr().out)
    assert (small["case"], larger["case"]) == ("small", "larger")
    assert small["simulated_s"] == pytest.approx(larger["simulated_s"])
    assert small["simulated_s"] >= 8 * SMALL.step_s
    assert 0 < small["speed"] <= 1.1 * small["speed_cpu"]
    assert small["events_per_simulated_s"] > 2 / 0.02  # at least a discovery burst of each gNB
    assert 5 < small["memory_mib"] < 500
    assert small["relative_cost"] == 1.0
    assert larger["relative_cost"] > 1.0


@pytest.mark.usefixtures("small_halls")
def test_table_has_a_line_a_hall(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "ns3", "--steps", "3", "--repetitions", "1"]) == 0
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines()][-2:] == ["small", "larger"]


def test_halls_that_grow_stay_as_dense(capsys: pytest.CaptureFixture[str]) -> None:
    halls = list(bench.growth(1000, wifi=True).values())
    assert [hall.n_gnbs for hall in halls] == [10, 20, 50, 100, 200, 500, 1000]
    assert {hall.n_ues / hall.n_gnbs for hall in halls} == {10}
    assert [hall.n_wifi_aps for hall in halls] == [4, 8, 20, 40, 80, 200, 400]
    for hall in halls:
        assert hall.hall_length_m * hall.hall_width_m / hall.n_gnbs == pytest.approx(600)
    assert main(["bench", "ns3", "--growth", "--largest", "9"]) == 2
    assert "largest=9 is not allowed" in capsys.readouterr().err


def test_growth_is_a_table_and_a_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture = tmp_path / "growth.png"
    flags = ["--growth", "--largest", "20", "--steps", "3", "--repetitions", "1", "--json"]
    assert main(["bench", "ns3", *flags, "--plot", str(picture)]) == 0
    small, large = json.loads(capsys.readouterr().out)
    assert (small["size"], large["size"]) == (110, 220)
    assert large["beside_linear"] == pytest.approx(large["relative_cost"] / 2)
    assert large["state_kb"] > 2 * small["state_kb"] > 0
    with Image.open(picture) as image:
        assert image.size[0] > 600


def test_bad_flags_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "ns3", "--steps", "0"]) == 2
    assert "steps=0 is not allowed" in capsys.readouterr().err
