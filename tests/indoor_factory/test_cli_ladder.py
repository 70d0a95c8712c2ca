# SPDX-License-Identifier: GPL-2.0-only
"""`nru ladder`: its runs, tables and picture, its refusals."""

import csv
import json
from pathlib import Path

import pytest

from pyagents.cli import main
from tests.test_cli import exit_code
from tests.test_sweep import contents

SMALL = """preset = "fig7"
sweep = "n_ues"
value = 100
figures = ["fig7", "fig8"]

[without]
n_channels = 10
n_wifi_aps = 0

[[rungs]]
label = "A channel each"
adds = "nothing"

[[rungs]]
label = "+ shared channels"
adds = "four channels"
restores = ["n_channels"]

[[rungs]]
label = "+ Wi-Fi"
adds = "access points"
restores = ["n_wifi_aps"]
"""

AGENTS = "gt-rl,adaptive-mlb,max-rsrp"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_climbs_and_is_not_climbed_again(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (in_tmp / "small.toml").write_text(SMALL)
    command = ["ladder", "small.toml", "--simulator", "mock", "--quick", "--seeds", "2", "--agents", AGENTS]
    assert main([*command, "--workers", "2"]) == 0
    out = capsys.readouterr().out
    assert "18 of 18 runs done, 0 s left" in out
    assert "Rung 1 on mock: + shared channels" in out
    assert "load variance: below DQN-MLB, Adaptive-MLB, QA-LB: undecided on 0 to 2" in out
    folder = in_tmp / "results" / "ladder"
    names = {path.name for path in folder.iterdir()}
    assert names == {"ladder.png", "ladder.pdf", "rungs.csv", "verdicts.csv", "claims.csv", "demands.json"}
    rungs = read(folder / "rungs.csv")
    assert [(row["rung"], row["agent"], row["seeds"]) for row in rungs] == [
        (number, agent, "2") for number in "012" for agent in AGENTS.split(",")
    ]
    assert all(
        float(row["load_variance_low"])
        <= float(row["load_variance_median"])
        <= float(row["load_variance_high"])
        for row in rungs
    )
    assert {row["verdict"] for row in read(folder / "verdicts.csv")} == {"undecided"}
    demands = json.loads((folder / "demands.json").read_text())
    assert demands["target"]["rung"] == 2
    assert [demand["rung"] for demand in demands["demands"]] == [0, 1]
    assert {row["demand_mbps"] for row in rungs if row["rung"] == "0"} == {
        repr(demands["demands"][0]["demand_mbps"])
    }

    first = contents(in_tmp / "results")
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "All 18 runs on mock are there." in out
    assert "make a mean load" not in out
    assert contents(in_tmp / "results") == first


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_both_simulators_climb_at_the_load_of_ns3(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (in_tmp / "small.toml").write_text(SMALL)
    command = ["ladder", "small.toml", "--quick", "--seeds", "1", "--agents", "max-rsrp", "--workers", "1"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "3 of 3 runs done" in out.partition("On ns3:")[0]
    assert "3 of 3 runs done" in out.partition("On ns3:")[2]
    folder = in_tmp / "results" / "ladder"
    demands = json.loads((folder / "demands.json").read_text())
    assert demands["target"]["simulator"] == "ns3"
    assert [(demand["rung"], demand["simulator"]) for demand in demands["demands"]] == [
        (0, "mock"),
        (0, "ns3"),
        (1, "mock"),
        (1, "ns3"),
        (2, "mock"),
    ]
    assert {(row["rung"], row["metric"]) for row in read(folder / "twins.csv")} == {
        (rung, metric) for rung in "012" for metric in ("load_variance", "satisfied_share", "throughput_mbps")
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.toml"], "ladder none.toml"),
        (["--seeds", "0"], "seeds=0 is not allowed"),
        (["--seeds", "1000"], "agents are trained on others"),
        (["--simulator", "ns2"], "ns2"),
        (["--agents", "nobody"], "nobody"),
    ],
)
def test_bad_input_ends_with_what_is_wrong(
    arguments: list[str], said: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["ladder", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err + captured.out
