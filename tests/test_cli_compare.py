# SPDX-License-Identifier: GPL-2.0-only
"""`nru compare`: its table, its files, its refusals."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.cli.compare import find_agents
from pyagents.cli.console import Console
from pyagents.cli.progress import SweepProgress
from pyagents.core.hints import how_to_install
from pyagents.runs.run import Run
from pyagents.runs.store import Store
from pyagents.runs.task import Task
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import Scenario
from tests.conftest import ROOT
from tests.test_cli import exit_code

SMALL = ["compare", "--scenario", "fig5", "--n-ues", "12", "--steps", "8", "--seeds", "3"]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_compares_over_the_same_seeds_and_says_where(
    in_tmp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*SMALL, "--agents", "max-rsrp, optimum,least-loaded", "--out", "mine"]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[-3:] == ["mine/comparison.csv", "mine/runs.csv", "mine/decision-times.csv"]
    assert sum("runs done" in line for line in lines) == 9
    assert "9 of 9 runs done, 0 s left" in out
    assert "optimum reports solver_gap: " in out

    runs = read(in_tmp / "mine" / "runs.csv")
    assert [(row["agent"], row["seed"]) for row in runs] == [
        (agent, str(seed)) for agent in ("max-rsrp", "optimum", "least-loaded") for seed in (1, 2, 3)
    ]
    table = {(row["agent"], row["metric"]): row for row in read(in_tmp / "mine" / "comparison.csv")}
    for agent in ("max-rsrp", "optimum", "least-loaded"):
        values = [float(row["load_variance"]) for row in runs if row["agent"] == agent]
        line = table[agent, "load_variance"]
        assert float(line["mean"]) == pytest.approx(sum(values) / 3)
        assert float(line["low"]) <= float(line["mean"]) <= float(line["high"])
        rounding = 1e-12 * max(values)  # the mean of a value drawn three times need not be that value
        assert min(values) - rounding <= float(line["low"])
        assert float(line["high"]) <= max(values) + rounding
        printed = next(text for text in lines if text.startswith(agent))
        interval = next(text for text in lines[lines.index(printed) :] if " to " in text)
        assert f"{float(line['mean']):.4f}" in printed
        assert f"{float(line['low']):.4f} to {float(line['high']):.4f}" in interval
    assert float(table["optimum", "load_variance_above_optimum"]["mean"]) == 0
    assert table["max-rsrp", "ping_pong_share"]["mean"] == "nan"

    store = Store(in_tmp / "results" / "runs")
    for row in runs:
        record = store.load(row["run_key"])
        assert (record.facts["agent"], str(record.facts["seed"])) == (row["agent"], row["seed"])


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_any_number_of_workers_leaves_the_same_bytes(in_tmp: Path) -> None:
    for workers in ("1", "3"):
        chosen = ["--agents", "gt-rl,random,qa-lb", "--workers", workers, "--out", workers]
        assert main([*SMALL, *chosen]) == 0
    for path in sorted((in_tmp / "1").rglob("*")):
        if path.suffix in (".csv", ".json") and path.name != "decision-times.csv":
            assert path.read_bytes() == (in_tmp / "3" / path.relative_to(in_tmp / "1")).read_bytes()


def test_killed_and_started_again_it_plays_only_what_is_missing(in_tmp: Path) -> None:
    chosen = ["--simulator", "mock", "--agents", "max-rsrp,random,gt-rl", "--steps", "400", "--workers", "2"]
    command = [sys.executable, "-m", "pyagents.cli", *SMALL, *chosen]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    records = in_tmp / "results" / "runs"

    def kept() -> set[str]:
        return {path.name for path in records.glob("??/*")}

    with subprocess.Popen([*command, "--out", "a"], env=env, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while len(kept()) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    before = kept()
    assert 2 <= len(before) < 9
    written = {path: path.stat().st_mtime_ns for path in records.glob("??/*/run.json")}
    done = subprocess.run([*command, "--out", "a"], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"{len(before)} of 9 runs are in the store." in done.stdout
    assert done.stdout.count(" runs done, ") == 9 - len(before)
    assert {path: path.stat().st_mtime_ns for path in written} == written
    again = ["--store", "other", "--workers", "1", "--out", "b"]
    assert main([*SMALL, *chosen, *again]) == 0
    for name in ("comparison.csv", "runs.csv"):
        assert (in_tmp / "a" / name).read_bytes() == (in_tmp / "b" / name).read_bytes()


def test_tables_of_another_comparison_are_not_overwritten(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = [*SMALL[:-2], "--simulator", "mock", "--agents", "max-rsrp", "--out", "x"]
    assert main([*one, "--seeds", "1"]) == 0
    assert main([*one, "--seeds", "1"]) == 0, "the same may come again"
    assert main([*one, "--seeds", "2"]) == 2
    assert "x holds another comparison" in capsys.readouterr().err


@pytest.mark.usefixtures("hall_instead_of_ns3", "in_tmp")
def test_one_seed_has_no_interval_and_no_optimum_no_gap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *SMALL[1:-2], "--seeds", "1", "--agents", "max-rsrp"]) == 0
    out = capsys.readouterr().out
    assert " to " not in out.split("Means over")[0]
    assert "above optimum" not in out


def test_all_is_every_agent_and_without_its_library_every_other(monkeypatch: pytest.MonkeyPatch) -> None:
    specs, notes = find_agents("all", FAMILY)
    assert [spec.name for spec in specs] == list(FAMILY.agents)
    assert notes == []
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    specs, notes = find_agents("all", FAMILY)
    assert "optimum" not in [spec.name for spec in specs]
    assert len(specs) == len(FAMILY.agents) - 1
    assert notes == [
        f"Without optimum: scipy is not installed: install the extra 'optimum', {how_to_install('optimum')}"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agents", "gt-rl,gtrl"], "'gtrl' is unknown"),
        (["--agents", "gt-rl,gt-rl"], "gt-rl is there twice"),
        (["--seeds", "0"], "seeds=0"),
        (["--workers", "0"], "workers=0"),
        (["--simulator", "ns4"], "ns4"),
        (["--simulator", "replay:a.npz"], "a replay shows the recorded agent's states"),
        (["--scenario", "fig9"], "fig9"),
        (["--n-ues", "0"], "n_ues=0"),
        (["--out", "/proc/nowhere"], "cannot write to /proc/nowhere"),
    ],
)
def test_bad_input_ends_with_2(
    arguments: list[str], said: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["compare", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err + captured.out
    assert not list(in_tmp.iterdir())


def test_a_named_agent_without_its_library_is_bad_input(
    in_tmp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    assert exit_code(["compare", "--agents", "optimum"]) == 2
    assert "install the extra 'optimum'" in capsys.readouterr().err
    assert exit_code(["run", "--agent", "optimum"]) == 2
    assert "install the extra 'optimum'" in capsys.readouterr().err
    assert not list(in_tmp.iterdir())


@pytest.mark.usefixtures("hall_instead_of_ns3", "in_tmp")
def test_a_failed_run_ends_the_comparison(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HALL_FAULT", "3:die")
    assert main([*SMALL, "--agents", "max-rsrp"]) == 1
    error = capsys.readouterr().err
    assert "SIGKILL" in error
    assert "Traceback" not in error


def test_progress_on_a_terminal_counts_runs_and_time_left() -> None:
    console = Console(force_terminal=True, width=120, record=True)
    tasks = [Task(run=Run(scenario=Scenario(steps=4), agent="one", seed=seed)) for seed in (1, 2, 3)]
    with SweepProgress(tasks, console) as progress:
        for step in range(5):
            progress.note(tasks[0], step, {})
    text = console.export_text()
    assert "1 of 3 runs" in text
    assert "one, seed 1" in text
