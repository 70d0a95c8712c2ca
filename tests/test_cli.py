# SPDX-License-Identifier: GPL-2.0-only
"""The command line: what it prints, what it leaves, how it ends."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pyagents.cli import COMMANDS, main
from pyagents.cli.console import Console
from pyagents.cli.errors import explain, find_exit_code
from pyagents.cli.progress import RunProgress, sparkline
from pyagents.core.families import find_scenario_of
from pyagents.core.field_docs import field_docs
from pyagents.core.files import to_csv
from pyagents.runs.run import Run
from pyagents.runs.task import Task
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from tests.conftest import ROOT

SHORT = ["--scenario", "fig5", "--steps", "3"]


def load_rows(folder: Path) -> list[dict[str, float]]:
    with (folder / "rows.csv").open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def load_summary(folder: Path) -> Any:
    return json.loads((folder / "summary.json").read_text())


def exit_code(arguments: list[str]) -> object:
    """What the process would end with."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code


# ---- Help and bad input ----


def test_help_starts_fast_and_names_every_command() -> None:
    help_command = [sys.executable, "-m", "pyagents.cli", "--help"]
    times = []
    for _ in range(3):  # of processor time, and the best counts: other tests may keep the machine busy
        start = os.times()
        done = subprocess.run(help_command, cwd=ROOT, capture_output=True, check=True)
        end = os.times()
        times.append(sum(end[2:4]) - sum(start[2:4]))
    assert min(times) < 0.5
    for command in COMMANDS:
        assert f"  {command} " in done.stdout.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([command, "--help"]) == 0
    assert f"nru {command}" in capsys.readouterr().out


def test_every_scenario_field_and_agent_option_is_a_documented_flag(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(["run", "--help-scenario", "--scenario", "fig5"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    docs = field_docs(Scenario)
    for name, value in PRESETS["fig5"].to_dict().items():
        flag = f"--no-{name}" if value is True else f"--{name}" if value is False else f"--{name} {value}"
        assert flag.replace("_", "-").replace("None", "none") in text.replace("_", "-")
        assert docs[name]
    assert "[from 1 to 1008]" in text
    assert exit_code(["run", "--agent", "gt-rl", "--help"]) == 0
    assert "--agent.min-saving" in capsys.readouterr().out


def test_help_of_a_run_is_short_and_names_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["run", "--help"]) == 0
    text = capsys.readouterr().out
    assert len(text.splitlines()) < 66  # as the oldest tyro breaks its lines
    for group in ("results options", "remote options", "fields options"):
        assert group in text
    text = " ".join(text.split())
    for named in ("--help-scenario", "--agent NAME --help", *PRESETS, *FAMILY.agents):
        assert named in text
    assert "--n-gnbs" not in text


def test_headings_of_the_scenario_begin_at_fields_in_order() -> None:
    fields = list(Scenario().to_dict())
    places = [fields.index(first) for first in FAMILY.sections.values()]
    assert places == sorted(places)
    assert places[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "did you mean run?"),
        (["run", "--n-gnbs", "0"], "n_gnbs=0 is not allowed"),
        (["run", "--n-gnbs", "six"], "n-gnbs"),
        (["run", "--n-gnb", "6"], "--n-gnbs"),
        (["run", "--demand-mbps", "2", "--demand-distribution", "uniform"], "demand_width_mbps"),
        (["run", "--scenario", "fig9"], "fig5, fig6, fig7"),
        (["run", "--scenario", "gone.toml"], "gone.toml"),
        (["run", "--agent", "gtrl"], "gt-rl, gt-rl-letter"),
        (["run", "--agent", "max-rsrp", "--agent.epsilon", "0.1"], "agent.epsilon"),
        (["run", "--agent.epsilon", "2"], "epsilon=2.0 is not allowed"),
        (["run", "--simulator", "ns4"], "use one of ns3"),
        (["run", "--seed", "0"], "seed=0"),
        (
            ["run", "--seed", "4294967296"],
            "must be at least 1 and at most 4294967295",
        ),
        (["run", "--out", "/proc/nowhere"], "cannot write to /proc/nowhere"),
        (["demo", "--seed", "0"], "seed=0"),
        (["demo", "--steps", "0"], "steps=0"),
        (["doctor", "--nonsense"], "nonsense"),
    ],
)
def test_bad_input_is_said_without_traceback_and_ends_with_2(
    arguments: list[str], said: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err + captured.out
    assert "Traceback" not in captured.err
    assert not list(in_tmp.iterdir())


# ---- Runs ----


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_run_plays_stores_and_says_where(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["run", *SHORT, "--seed", "2", "--out", "mine", "--n-ues", "12", "--agent.epsilon", "0.25"]) == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "mine"
    assert any("step 3/3" in line for line in lines)
    assert any(line.startswith("load deviation") for line in lines)
    summary = load_summary(in_tmp / "mine")
    assert (summary["agent"], summary["seed"], summary["agent_config"]["epsilon"]) == ("gt-rl", 2, 0.25)
    stored = find_scenario_of(Scenario, str(in_tmp / "mine" / "scenario.json"))
    assert (stored.n_gnbs, stored.n_ues, stored.steps) == (6, 12, 3)
    assert summary["scenario_key"] == stored.key
    assert len(load_rows(in_tmp / "mine")) == 4


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_run_without_out_names_its_folder_after_what_it_is(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = []
    for seed in ("1", "2"):
        assert main(["run", "--agent", "max-rsrp", *SHORT, "--seed", seed]) == 0
        folders.append(Path(capsys.readouterr().out.splitlines()[-1]))
    assert folders[0].name.startswith("max-rsrp-seed1-")
    assert len(set(folders)) == 2
    assert all((in_tmp / folder / "summary.json").is_file() for folder in folders)


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_scenario_file_is_overridden_by_flags(in_tmp: Path) -> None:
    (in_tmp / "hall.toml").write_text("n_gnbs = 4\nn_ues = 20\nsteps = 2\n")
    assert main(["run", "--scenario", "hall.toml", "--n-ues", "8", "--no-shadowing", "--out", "x"]) == 0
    stored = find_scenario_of(Scenario, str(in_tmp / "x" / "scenario.json"))
    assert (stored.n_gnbs, stored.n_ues, stored.steps, stored.shadowing) == (4, 8, 2, False)


@pytest.mark.usefixtures("hall_instead_of_ns3")
@pytest.mark.parametrize("fault", ["die", "nonsense"])
def test_failed_run_shows_log_without_traceback_and_ends_with_1(
    fault: str, in_tmp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HALL_FAULT", f"2:{fault}")
    assert main(["run", *SHORT, "--out", "x"]) == 1
    error = capsys.readouterr().err
    assert "Traceback" not in error
    assert "gt-rl, seed 1: " in error
    assert f"about to {fault}" in error
    (log,) = (in_tmp / "results").rglob("*.*")
    assert f"All that it said: {log.relative_to(in_tmp)}" in error
    assert f"about to {fault}" in log.read_text()
    assert not (in_tmp / "x").exists()


@pytest.mark.usefixtures("hall_instead_of_ns3")
@pytest.mark.parametrize("command", [["run", "--agent"], ["compare", "--seeds", "1", "--agents"]])
def test_an_agents_own_error_is_told_with_its_own_lines(
    command: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_tmp / "bad.py").write_text(
        "class Bad:\n    def reset(self, scenario, seed): ...\n    def act(self, snapshot): return 1 / 0\n"
    )
    assert main([*command, "bad.py:Bad", "--simulator", "mock", *SHORT]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == (
        f"nru {command[0]}: bad.py:Bad, seed 1: agent Bad, act at step 1: ZeroDivisionError: division by zero"
    )
    assert told[1] == f'  File "{in_tmp}/bad.py", line 3, in act'
    assert len(told) <= 5


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nothing_like_it", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("class Bad(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("class Bad: ...", "class Bad lacks the method reset and act"),
        (
            "class Bad:\n    def __init__(self, alpha): ...\n    def reset(self, scenario, seed): ...\n"
            "    def act(self, snapshot): ...",
            "agent Bad, __init__: TypeError: Bad.__init__() missing 1 required positional argument: 'alpha'",
        ),
    ],
)
def test_an_agent_that_cannot_be_made_is_told(
    source: str, said: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_tmp / "bad.py").write_text(source + "\n")
    assert main(["run", "--agent", "bad.py:Bad", "--simulator", "mock", *SHORT]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "pyagents" not in told
    assert len(told.splitlines()) <= 4
    assert [path.name for path in in_tmp.iterdir() if path.name != "__pycache__"] == ["bad.py"]


def test_a_run_that_is_in_the_store_is_not_played_again(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "--agent", "max-rsrp", "--simulator", "mock", *SHORT]
    assert main([*command, "--out", "a"]) == 0
    assert "step 3/3" in capsys.readouterr().out
    assert main([*command, "--out", "b"]) == 0
    assert "step 3/3" not in capsys.readouterr().out
    assert (in_tmp / "a" / "rows.csv").read_bytes() == (in_tmp / "b" / "rows.csv").read_bytes()
    assert main([*command, "--out", "b", "--no-resume"]) == 0
    assert "step 3/3" in capsys.readouterr().out
    assert main([*command, "--out", "c", "--record"]) == 0, "the store has no recording yet"
    assert (in_tmp / "c" / "recording.npz").is_file()


def test_a_folder_that_holds_another_run_is_not_overwritten(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "--agent", "max-rsrp", "--simulator", "mock", *SHORT, "--out", "x"]
    assert main(command) == 0
    before = (in_tmp / "x" / "summary.json").read_bytes()
    assert main([*command, "--seed", "2"]) == 2
    assert "x holds another run (max-rsrp, seed 1, key " in capsys.readouterr().err
    assert (in_tmp / "x" / "summary.json").read_bytes() == before


def test_a_replay_by_another_agent_says_whose_states_these_are(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--simulator", "mock", *SHORT, "--record", "--out", "a"]) == 0
    replay = ["run", "--scenario", "a/scenario.json", "--simulator", "replay:a/recording.npz"]
    assert main([*replay, "--agent", "random", "--out", "b"]) == 0
    assert "A replay, not a score: these are the states that gt-rl brought about" in capsys.readouterr().out
    assert load_summary(in_tmp / "b")["replay"] == {"agent": "gt-rl", "departs_at_step": 1}


def test_scenarios_shows_presets_and_how_they_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("indoor-factory: ") for line in lines)
    first, *_ = (line for line in lines if line.startswith("where presets differ"))
    assert first.split()[3:] == list(PRESETS)
    (ues,) = (line for line in lines if line.startswith("n_ues "))
    assert ues.split()[1:] == [str(preset.n_ues) for preset in PRESETS.values()]
    assert not any(line.startswith("carrier_ghz ") for line in lines), "in which they do not differ"


# ---- Demo ----


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_demo_leaves_picture_rows_and_the_table_that_it_prints(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--steps", "8"]) == 0
    out = capsys.readouterr().out
    folder = in_tmp / "results" / "demo"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "balance.png",
        "gt-rl/SHA256SUMS",
        "gt-rl/rows.csv",
        "gt-rl/scenario.json",
        "gt-rl/simulator.log",
        "gt-rl/summary.json",
        "mappo/SHA256SUMS",
        "mappo/rows.csv",
        "mappo/scenario.json",
        "mappo/simulator.log",
        "mappo/summary.json",
        "max-rsrp/SHA256SUMS",
        "max-rsrp/rows.csv",
        "max-rsrp/scenario.json",
        "max-rsrp/simulator.log",
        "max-rsrp/summary.json",
        "summary.md",
    ]
    table = (folder / "summary.md").read_text()
    for line in table.splitlines():
        if line.startswith("| load deviation"):
            name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert any(
                name in printed and all(cell in printed for cell in cells) for printed in out.splitlines()
            )
    first = [to_csv(load_rows(folder / agent)[:1]) for agent in ("gt-rl", "max-rsrp", "mappo")]
    assert first[0] == first[1] == first[2], "all start from the same situation"
    scenario = json.loads((folder / "gt-rl" / "scenario.json").read_text())
    assert scenario == {"family": "indoor-factory"} | PRESETS["fig7"].to_dict() | {"steps": 8}


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_another_demo_takes_the_place_of_the_first_unless_its_folder_was_named(
    in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [[], ["--out", "x"]]
    for out in folders:
        assert main(["demo", "--steps", "2", *out]) == 0
    assert main(["demo", "--steps", "2", "--seed", "3"]) == 0
    assert load_summary(in_tmp / "results" / "demo" / "gt-rl")["seed"] == 3
    assert main(["demo", "--steps", "2", "--seed", "3", "--out", "x"]) == 2
    assert "x/gt-rl holds another run" in capsys.readouterr().err


@pytest.mark.usefixtures("hall_instead_of_ns3", "in_tmp")
def test_demo_fails_as_a_run_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HALL_FAULT", "3:die")
    assert main(["demo", "--steps", "8"]) == 1
    assert "SIGKILL" in capsys.readouterr().err


# ---- Progress ----


def task_of(agent: str, steps: int) -> Task:
    return Task(run=Run(scenario=Scenario(steps=steps), agent=agent))


def test_progress_on_a_terminal_shows_steps_time_left_and_deviation() -> None:
    console = Console(force_terminal=True, width=120, record=True)
    task = task_of("a", 4)
    with RunProgress([task, task_of("longer", 4)], console) as progress:
        for step, value in enumerate([0.4, 0.3, 0.2]):
            progress.note(task, step, {"load_std": value})
    text = console.export_text()
    assert "2/4" in text
    assert "0.200" in text
    assert "█" in text


def test_progress_elsewhere_prints_a_line_now_and_then() -> None:
    console = Console(width=120, record=True, force_terminal=False)
    task = task_of("a", 50)
    with RunProgress([task], console) as progress:
        for step in range(51):
            progress.note(task, step, {"load_std": 0.5})
    lines = console.export_text().splitlines()
    assert len(lines) == 6
    assert lines[1].startswith("a  step 10/50  load deviation 0.500, ")
    assert lines[1].endswith("s left")


def test_sparkline_scales_from_zero_and_keeps_its_width() -> None:
    assert sparkline([0.0, 0.5, 1.0], 1.0).strip() == "▁▅█"
    assert len(sparkline([0.1] * 100, 1.0)) == len(sparkline([0.1], 1.0))
    assert sparkline([0.0], 0.0).strip() == "▁"
    assert sparkline([*[0.0] * 30, 1.0], 1.0).endswith("█")


@pytest.mark.parametrize("simulator", ["mock", pytest.param("ns3", marks=pytest.mark.ns3)])
def test_a_hall_that_cannot_be_built_is_bad_input(
    simulator: str, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hall = ["--gnb-layout", "random", "--n-gnbs", "3", "--coverage-radius-m", "10"]
    assert main(["run", "--agent", "max-rsrp", "--simulator", simulator, *hall, "--out", str(in_tmp)]) == 2
    error = capsys.readouterr().err
    assert re.search("coverage.radius.*10.*no random layout of 3 gNBs covers", error)
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "out of memory"),
        (MemoryError("8 TiB"), "out of memory: 8 TiB"),
        (ImportError("x.so: failed to map segment"), "out of memory: x.so: failed to map segment"),
    ],
)
def test_too_little_memory_is_said_in_a_line(error: Exception, said: str) -> None:
    assert (find_exit_code(error), explain(error)) == (1, said)
    assert find_exit_code(ImportError("no such module")) is None
