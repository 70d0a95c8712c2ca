# SPDX-License-Identifier: GPL-2.0-only
"""`pyagents.load` reads back what was played, and hands it to pandas."""

import json
from pathlib import Path

import pytest

import pyagents
from pyagents.cli import main
from pyagents.core.families import ENVIRONMENT

SMALL = ["run", "--scenario", "queues", "--simulator", "mock", "--steps", "3"]


AGENT = """
from dataclasses import dataclass
from tests.two_queues import Fixed

@dataclass(frozen=True)
class Config:
    share: float = 0.5

class Mine(Fixed):
    def __init__(self, config: Config) -> None:
        super().__init__(config.share)
"""


@pytest.fixture(autouse=True)
def in_its_own_place(in_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, "tests.two_queues:FAMILY")
    (in_tmp / "mine.py").write_text(AGENT)
    for seed in ("1", "2"):
        agent = ["--agent", "mine.py:Mine", "--agent.share", "0.25"]
        assert main([*SMALL, *agent, "--seed", seed, "--out", f"mine/{seed}"]) == 0


def test_a_run_folder_its_entry_and_the_store_say_the_same() -> None:
    (run,) = pyagents.load("mine/1").runs
    stored = {one.key: one for one in pyagents.load("results/runs").runs}
    assert len(stored) == 2
    (entry,) = pyagents.load(Path("results/runs") / run.key[:2] / run.key).runs
    for other in (entry, stored[run.key]):
        assert other.scenario == run.scenario
        assert repr(other.rows) == repr(run.rows)
        assert other.facts["agent_config"] == run.facts["agent_config"]
        assert other.summary.keys() == run.summary.keys()
    assert run.label == "mine.py:Mine, mock, seed 1"
    assert [row["step"] for row in run.rows] == [0, 1, 2, 3]


def test_folders_of_several_runs_give_each_once() -> None:
    assert [run.facts["seed"] for run in pyagents.load("mine").runs] == [1, 2]
    Path("results/mine").symlink_to(Path("mine/1").resolve())
    assert len(pyagents.load("results").runs) == 2, "the store's, and one of them again"


def test_damaged_entries_and_trainings_are_left_out() -> None:
    first, second = (run.path for run in pyagents.load("results").runs)
    (first / "rows.csv").write_text("step\n0\n")
    other = second.parents[1] / "ff" / ("f" * 64)
    other.mkdir(parents=True)
    (other / "training.json").write_text("{}")
    assert [run.path for run in pyagents.load("results").runs] == [second]


def test_where_nothing_was_played_it_says_so() -> None:
    Path("empty").mkdir()
    with pytest.raises(ValueError, match="empty holds no run: expected is"):
        pyagents.load("empty")


def test_data_frames_have_runs_rows_and_claims() -> None:
    pytest.importorskip("pandas")
    report = Path("results/report")
    report.mkdir()
    (report / "claims.csv").write_text(
        "figure,claim,verdict,mean\nfig7,Better.,holds,0.5\nfig8,Worse.,undecided,\n"
    )
    frames = pyagents.load("results").to_pandas()
    assert list(frames.runs["seed"]) in ([1, 2], [2, 1])
    assert set(frames.runs["scenario.first_rate"]) == {0.2}
    assert set(frames.runs["agent.share"]) == {0.25}
    assert frames.runs.index.name == "run"
    assert len(frames.rows) == 2 * 4
    joined = frames.rows.join(frames.runs[["scenario.steps"]], on="run")
    assert set(joined["scenario.steps"]) == {3}
    summary = json.loads(Path("mine/1/summary.json").read_text())
    assert frames.runs.loc[summary["run_key"], "waiting"] == summary["metrics"]["waiting"]
    assert frames.claims["mean"].isna().tolist() == [False, True]
    assert frames.claims["verdict"].tolist() == ["holds", "undecided"]
    assert pyagents.load("mine").to_pandas().claims.empty
