# SPDX-License-Identifier: GPL-2.0-only
"""`nru reproduce`: its runs, its report, its refusals."""

import csv
import dataclasses
import errno
import os
import shutil
import time
from pathlib import Path

import pytest

import pyagents.reproduction.experiment
from pyagents.cli import main
from pyagents.cli.console import Console
from pyagents.cli.reproduce_progress import ReproduceProgress
from pyagents.core.files import locked
from pyagents.reproduction.contender import find_contenders
from pyagents.reproduction.experiment import find_experiments
from pyagents.runs.task import Outcome
from pyagents.runs.workers import LocalWorkers
from pyagents.scenarios.indoor_factory.family import FAMILY
from tests.conftest import ROOT
from tests.test_cli import exit_code
from tests.test_sweep import AGENTS, contents, task

SMALL = """title = "Small"
preset = "fig5"
fixed = { n_wifi_aps = 0, steps = 10 }
sweep = "n_ues"
values = [6, 8]
metric = "load_variance"
x_label = "UEs"
y_label = "Variance of gNB load"

[[claims]]
says = "GT-RL is the most even."
agent = "gt-rl"
over = ["max-rsrp"]
"""


@pytest.fixture
def small(in_tmp: Path) -> list[str]:
    (in_tmp / "small.toml").write_text(SMALL)
    return ["reproduce", "small.toml", "--simulator", "mock", "--agents", "gt-rl,max-rsrp", "--seeds", "2"]


def test_plays_what_is_missing_and_reports(
    small: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*small, "--workers", "2"]) == 0
    out = capsys.readouterr().out
    assert "0 of 8 runs done" in out
    assert "8 of 8 runs done, 0 s left | gt-rl 4/4; max-rsrp 4/4" in out
    assert out.splitlines()[-1] == "results/report/index.html"
    names = {path.name for path in (in_tmp / "results" / "figures").iterdir()}
    assert names == {"small.png", "small.pdf", "small.csv"}
    with (in_tmp / "results" / "figures" / "small.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["agent"], row["x"], row["seeds"]) for row in rows] == [
        ("GT-RL", "6", "2"),
        ("GT-RL", "8", "2"),
        ("No balancing", "6", "2"),
        ("No balancing", "8", "2"),
    ]
    first = contents(in_tmp / "results")

    start = time.monotonic()
    assert main(small) == 0
    assert "All 8 runs are there." in capsys.readouterr().out
    assert time.monotonic() - start < 30
    assert contents(in_tmp / "results") == first

    assert main([*small, "--no-resume"]) == 0
    assert "8 of 8 runs done, 0 s left" in capsys.readouterr().out
    assert contents(in_tmp / "results") == first

    assert main([*small, "--workers", "1", "--out", "other"]) == 0
    assert contents(in_tmp / "other") == first


def test_until_decided_plays_further_what_undecided_claims_need_and_nothing_else(
    small: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_tmp / "small.toml").write_text(SMALL + "at_least = 0.97\nat = [8]\n")
    small[small.index("gt-rl,max-rsrp")] = "gt-rl,max-rsrp,random"
    small = [*small[:-1], "6", "--until-decided", "--most", "13"]
    assert main([*small, "--workers", "2"]) == 0
    out = capsys.readouterr().out
    last = "50 of 50 runs done, 0 s left; 0 of 1 claims decided | gt-rl 19/19; max-rsrp 19/19; random 12/12"
    assert last in out
    assert out.splitlines()[-3] == "0 of 1 claims decided"
    with (in_tmp / "results" / "figures" / "small.csv").open() as file:
        seeds = {(row["agent"], row["x"]): row["seeds"] for row in csv.DictReader(file)}
    further = {("GT-RL", "8"), ("No balancing", "8")}
    assert seeds == {place: "13" if place in further else "6" for place in seeds}
    page = (in_tmp / "results" / "report" / "index.html").read_text()
    assert "stretched so that they hold however often one looks on the way to 200 seeds" in page
    assert "--seeds 6 --until-decided --most 13" in page

    first = contents(in_tmp / "results")
    assert main(small) == 0
    assert "All 50 runs are there; 0 of 1 claims decided." in capsys.readouterr().out
    assert contents(in_tmp / "results") == first
    assert main([*small, "--workers", "1", "--out", "other"]) == 0
    assert contents(in_tmp / "other") == first


def test_a_run_that_fails_is_reported_and_the_rest_goes_on(
    small: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_tmp / "mine.py").write_text(
        "class Mine:\n"
        "    def reset(self, scenario, seed):\n"
        "        if seed == 2: raise RuntimeError('not this one')\n"
        "    def act(self, snapshot):\n"
        "        from pyagents.scenarios.indoor_factory.snapshot import Action\n"
        "        return Action()\n"
    )
    small[small.index("gt-rl,max-rsrp")] = "mine.py:Mine,max-rsrp"
    assert main([*small, "--workers", "2"]) == 1
    out = capsys.readouterr().out
    assert "not this one" in out
    assert "2 failed" in out
    assert "Given up: Mine, small at 6, seed 2; see results/failed/" in out
    assert len(list((in_tmp / "results" / "failed").iterdir())) == 6
    page = (in_tmp / "results" / "report" / "index.html").read_text()
    assert "2 runs of 8 are missing" in page
    assert "Given up: Mine, small at 6, seed 2" in page


@pytest.mark.ns3
def test_plays_on_ns3_and_names_its_build(small: list[str], in_tmp: Path) -> None:
    small[small.index("mock")] = "ns3"
    assert main([*small[:-1], "1", "--workers", "2"]) == 0
    page = (in_tmp / "results" / "report" / "index.html").read_text()
    assert "steps on ns-3 3." in page
    assert "Not made with ns-3" not in page
    first = contents(in_tmp / "results" / "runs")
    assert len(first) == 2 * 4
    assert main([*small[:-1], "1", "--no-resume", "--workers", "1"]) == 0
    assert contents(in_tmp / "results" / "runs") == first


def test_a_full_disk_and_a_second_sweep_are_said_plainly(
    small: list[str], in_tmp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_tmp / "results").mkdir()
    with locked(in_tmp / "results"):
        assert main(small) == 1
    assert "another process writes to results" in capsys.readouterr().err

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(small) == 1
    error = capsys.readouterr().err
    assert "cannot write to results/runs: No space left on device" in error
    assert "Runs that ended are kept" in error
    assert not any((in_tmp / "results" / "runs").glob("??/*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fig4"], "'fig4' is unknown, and no .toml file: did you mean fig"),
        (["somewhere/fig5"], "'somewhere/fig5' is unknown"),
        (["--family", "nowhere"], "family 'nowhere' is unknown: use one of indoor-factory"),
        (["gone.toml"], "gone.toml"),
        (["--seeds", "0"], "seeds=0"),
        (["--seeds", "1000"], "at most 999"),
        (["--most", "50"], "most=50 goes with --until-decided"),
        (["--until-decided", "--most", "201"], "most=201 is not allowed: from 10, the seeds of all, to 200"),
        (["--until-decided", "--most", "5"], "most=5 is not allowed"),
        (["--workers", "0"], "workers=0"),
        (["--simulator", "ns4"], "ns4"),
        (["--agents", "gtrl"], "'gtrl' is unknown"),
        (["--out", "/proc/nowhere"], "cannot write to /proc/nowhere"),
    ],
)
@pytest.mark.usefixtures("in_tmp")
def test_bad_input_ends_with_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["reproduce", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err + captured.out


def test_agents_replace_or_join_the_declared_ones() -> None:
    declared = [contender.name for contender in find_contenders("", FAMILY)]
    assert [c.label for c in find_contenders("max-rsrp", FAMILY)] == ["No balancing"]
    joined = find_contenders(f"+{AGENTS}:Slow", FAMILY)
    assert [c.name for c in joined] == [*declared, f"{AGENTS}:Slow"]
    assert (joined[-1].label, joined[-1].role) == ("Slow", "yours")
    assert [c.role for c in find_contenders("gt-rl,random", FAMILY)] == ["paper", "beyond"]


def test_figures_come_in_the_order_of_their_numbers() -> None:
    assert [e.name for e in find_experiments(["fig13", "fig7"], None)] == ["fig7", "fig13"]
    assert len(find_experiments([], None)) >= 11
    (mine,) = find_experiments([str(ROOT / "experiments" / "indoor-factory" / "fig5.toml")], None)
    assert [mine] == find_experiments(["fig5"], FAMILY) == find_experiments(["indoor-factory/fig5"], None)


def test_a_figure_of_several_families_is_the_firsts_unless_named_with_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "experiments" / "indoor-factory" / "fig5.toml", tmp_path)
    second = dataclasses.replace(FAMILY, name="second", experiments=str(tmp_path))
    monkeypatch.setattr(pyagents.reproduction.experiment, "families", lambda: iter([FAMILY, second]))
    assert [e.family.name for e in find_experiments(["fig5"], None)] == ["indoor-factory"]
    assert [e.name for e in find_experiments(["second/fig5"], None)] == ["fig5"]
    with pytest.raises(ValueError, match="figures of indoor-factory and second: reproduce one family"):
        find_experiments(["fig5"], second)  # its preset is of the first family


def test_progress_on_a_terminal_counts_by_agent() -> None:
    console = Console(force_terminal=True, width=120, record=True)
    tasks = [task(1), task(2), task(1, "gt-rl")]
    with ReproduceProgress(tasks, tasks[1:], LocalWorkers(2), console) as progress:
        progress.note(Outcome(task=tasks[1], files={}, seconds=2.0), True)
        progress.note(Outcome(task=tasks[2], files={}, error="RuntimeError: no"), False)
        progress.note(Outcome(task=tasks[2], files={}, error="RuntimeError: no"), True)
    text = console.export_text()
    assert "2 of 3 runs done, 1 failed, 0 s left" in text
    assert "failed, to be tried again: gt-rl, seed 1: RuntimeError: no" in text
    assert "failed, given up" in text
    (line,) = [line for line in text.splitlines()[-4:] if line.startswith("max-rsrp")]
    assert line.split() == ["max-rsrp", "2", "2", "0", "-"]
