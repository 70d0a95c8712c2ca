# SPDX-License-Identifier: GPL-2.0-only
"""A family that this package does not know of passes every command without a change to it."""

import csv
import json
import threading
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.core.families import ENVIRONMENT, find_family
from pyagents.core.tensors import load_tensors
from pyagents.simulators.remote import RemoteSimulator
from tests.test_cli import exit_code
from tests.two_queues import FAMILY, Action, Scenario

FIGURE = """
title = "Work waiting against arrivals"
preset = "queues"
sweep = "first_rate"
values = [0.1, 0.2, 0.3]
quick_values = [0.1, 0.3]
x_label = "Arrivals at the first queue"
metric = "waiting"

[[claims]]
says = "Sharing by what waits leaves less work waiting."
agent = "fair"
over = ["fixed"]
better = "lower"
"""


@pytest.fixture(autouse=True)
def in_its_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, "tests.two_queues:FAMILY")
    monkeypatch.chdir(tmp_path)


def rows_of(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_found_by_its_name() -> None:
    assert find_family("two-queues") is FAMILY


def test_run_plays_it() -> None:
    assert main(["run", "--scenario", "queues", "--simulator", "mock", "--out", "one"]) == 0
    assert [float(row["time_s"]) for row in rows_of("one/rows.csv")] == list(range(1, 52))
    assert json.loads(Path("one/summary.json").read_text())["metrics"]["waiting"] > 0


def test_flags_are_its_scenarios_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["run", "--scenario", "queues", "--simulator", "mock", "--first-rate", "1.5"]) == 2
    assert "first_rate=1.5 is not allowed" in capsys.readouterr().err


def test_compare_sets_its_agents_side_by_side() -> None:
    command = ["compare", "--scenario", "queues", "--simulator", "mock", "--seeds", "6", "--out", "both"]
    assert main(command) == 0
    means = {row["agent"]: float(row["mean"]) for row in rows_of("both/comparison.csv")}
    assert means["fair"] < means["fixed"]


def test_a_recording_is_played_back() -> None:
    assert main(["run", "--scenario", "queues", "--simulator", "mock", "--record", "--out", "kept"]) == 0
    replay = ["--simulator", "replay:kept/recording.npz", "--out", "again"]
    assert main(["run", "--scenario", "queues", *replay]) == 0
    assert Path("again/rows.csv").read_bytes() == Path("kept/rows.csv").read_bytes()


def test_it_is_served_over_the_wire(tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/wire"
    command = ["serve-mock", "--endpoint", endpoint, "--scenario", "queues", "--steps", "3"]
    served = threading.Thread(target=main, args=(command,))
    with RemoteSimulator(endpoint, timeout_s=20) as simulator:
        served.start()
        seen = [simulator.reset(Scenario(steps=3), 1)]
        while not simulator.done:
            seen.append(simulator.step(Action(share=[0.2])))
    served.join()
    assert [snapshot.time_s for snapshot in seen] == [1, 2, 3, 4]
    assert all(snapshot.waiting.shape == (2,) for snapshot in seen)


def test_a_figure_and_its_claim_are_reproduced() -> None:
    Path("mine.toml").write_text(FIGURE)
    command = ["reproduce", "mine.toml", "--quick", "--simulator", "mock", "--agents", "fair,fixed"]
    assert main([*command, "--out", "all"]) == 0
    (first, *_) = rows_of("all/report/claims.csv")
    assert first["verdict"] == "holds"
    assert "Work waiting against arrivals" in Path("all/report/index.html").read_text()
    assert Path("all/figures/mine.png").stat().st_size > 10_000


def test_its_learner_is_trained_and_gets_better() -> None:
    schedule = ["--schedule.iterations", "12", "--schedule.validate-every", "4"]
    assert main(["train", "fixed", "--family", "two-queues", "--out", "learnt", *schedule]) == 0
    arrays, facts = load_tensors(Path("learnt/weights.safetensors"))
    assert facts["kind"] == "two-queues-share"
    assert arrays["share"] < 0.4, "the second queue has three times the arrivals"
    waiting = [float(row["waiting"]) for row in rows_of("learnt/curve.csv")]
    assert waiting[-1] < waiting[0]
    assert json.loads(Path("learnt/training.json").read_text())["steps"] == 12 * 200


@pytest.mark.parametrize("command", [["--help"], ["run", "--simulator", "mock"]])
def test_a_place_without_a_family_is_told_in_one_line(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "nowhere_at_all:FAMILY")
    assert main(command) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "NRU_FAMILIES: there is no family at 'nowhere_at_all:FAMILY': ModuleNotFoundError" in line
    assert line.endswith("PYTHONPATH names its folder")


def test_an_agent_of_another_family_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--scenario", "queues", "--simulator", "mock", "--agent", "gt-rl"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "agent 'gt-rl' is unknown to the family two-queues (it is one of indoor-factory)" in line
