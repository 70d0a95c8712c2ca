# SPDX-License-Identifier: GPL-2.0-only
"""Runs are played step by step, kept whole, and come out the same every time."""

import dataclasses
import hashlib
import json
import math
import multiprocessing
import platform
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.core.families import find_family
from pyagents.core.files import BusyFolderError, locked, to_csv, write_whole
from pyagents.core.mistake import AgentMistakeError
from pyagents.core.processor import processor_kind
from pyagents.core.scenario import Scenario as AnyScenario
from pyagents.runs.export import OtherRunError, export
from pyagents.runs.record import LOG, RECORDING, decode, encode
from pyagents.runs.rollout import Rollout, Row, rollout
from pyagents.runs.run import Run
from pyagents.runs.sums import SUMS, find_changed
from pyagents.runs.task import Task, perform
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], steps=6)
RUN = Run(scenario=SCENARIO, agent="gt-rl", agent_config=find_agent("gt-rl").config_dict(), seed=3)


# ---- Rollout ----


def test_rollout_gives_a_row_for_each_state_and_tells_of_each_at_once() -> None:
    told: list[tuple[int, Row]] = []
    agent = find_agent("gt-rl").make()
    played = rollout(Hall(), agent, SCENARIO, 1, on_step=lambda step, row: told.append((step, row)))
    rows = played.rows
    assert [row["step"] for row in rows] == list(range(7))
    assert [row["time_s"] for row in rows] == pytest.approx([0.16 * (step + 1) for step in range(7)])
    assert told == list(enumerate(rows))


def test_metrics_see_no_more_history_than_they_ask_for() -> None:
    seen: list[list[float]] = []

    def row(history: Sequence[Snapshot], scenario: Scenario) -> dict[str, float]:
        seen.append([round(snapshot.time_s / 0.16) for snapshot in history])
        return {}

    metrics = dataclasses.replace(FAMILY.metrics, row=row, history_steps=lambda scenario: 3)
    scenario = dataclasses.replace(SCENARIO, steps=4)
    rollout(Hall(), find_agent("max-rsrp").make(), scenario, 1, metrics)
    assert seen == [[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]


# ---- Mistakes of agents ----


class Wrong:
    """Answers with what it is told to."""

    answer: Any = None

    def reset(self, scenario: AnyScenario, seed: int) -> None: ...

    def act(self, snapshot: Snapshot) -> Any:
        return self.answer() if callable(self.answer) else self.answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "agent Wrong, act at step 1: returned None; expected is a pyagents.scenarios.indoor_factory"),
        ([7], "returned a list; expected is a pyagents.scenarios.indoor_factory.snapshot.Action"),
        (Action(cho_target=[7]), r"returned an action whose cho_target has shape \(1,\), expected \(40,\)"),
        (Action(channel=np.full(6, 9)), r"returned an action whose channel\[0\] is 9, allowed is -1 to 3"),
        (lambda: 1 / 0, "agent Wrong, act at step 1: ZeroDivisionError: division by zero"),
    ],
)
def test_a_mistake_of_an_agent_is_told_with_step_and_what_was_expected(answer: Any, said: str) -> None:
    agent = Wrong()
    agent.answer = answer
    with pytest.raises(AgentMistakeError, match=said) as error:
        rollout(Hall(), agent, SCENARIO, 1)
    lines = str(error.value).splitlines()
    assert any(f'File "{__file__}"' in line for line in lines[1:])
    assert "rollout.py" not in str(error.value)


def test_a_mistake_in_reset_is_told_before_the_first_step() -> None:
    class Unready(Wrong):
        def reset(self, scenario: AnyScenario, seed: int) -> None:
            raise KeyError("weights")

    with pytest.raises(AgentMistakeError, match="Unready, reset: KeyError: 'weights'"):
        rollout(Hall(), Unready(), SCENARIO, 1)


# ---- Run ----


def test_key_follows_all_that_a_run_is() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"seed": 4},
        {"agent": "max-rsrp"},
        {"agent_config": {"epsilon": 0.5}},
        {"simulator": "other"},
        {"scenario": dataclasses.replace(SCENARIO, steps=7)},
        {"judged_by": "pyagents.scenarios.indoor_factory.efficiency:METRICS"},
    ]
    keys = [dataclasses.replace(RUN, **change).key for change in changes]
    assert len(set(keys)) == len(keys)
    assert dataclasses.replace(RUN).key == keys[0]


def test_a_run_is_of_the_family_of_its_scenario() -> None:
    assert RUN.family is find_family("indoor-factory")
    assert RUN.to_dict()["family"] == "indoor-factory"


# ---- Files ----


def test_csv_numbers_read_back_to_themselves() -> None:
    rows = [{"step": 0, "x": 0.1 + 0.2, "y": math.nan}, {"step": 1, "x": 1e-17, "y": -5.0}]
    text = to_csv(rows)
    assert text == "step,x,y\n0,0.30000000000000004,nan\n1,1e-17,-5\n"


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.csv"
    write_whole(path, "old")

    def break_off(self: Path, content: bytes) -> int:
        self.touch()
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", break_off)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_locked_for_one_process_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(BusyFolderError, match="another process writes"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


# ---- Export ----

ROWS: list[Row] = [{"step": 0.0, "load_std": 0.25}, {"step": 1.0, "load_std": 1 / 3}]


def files_of(run: Run = RUN) -> dict[str, bytes]:
    summary = {"load_std": 0.25, "satisfied_share": math.nan}
    metrics = dataclasses.replace(FAMILY.metrics, summary=lambda rows: summary)
    return encode(run, Rollout(rows=ROWS), metrics=metrics)


def test_an_exported_run_reads_back(tmp_path: Path) -> None:
    export(RUN, files_of(), tmp_path / "a" / "run")
    names = sorted(path.name for path in (tmp_path / "a" / "run").iterdir())
    assert names == ["SHA256SUMS", "rows.csv", "scenario.json", "summary.json"]
    assert (tmp_path / "a" / "run" / "rows.csv").read_text() == to_csv(ROWS)
    summary = json.loads((tmp_path / "a" / "run" / "summary.json").read_text())
    assert summary["run_key"] == RUN.key
    assert summary["family"] == "indoor-factory"
    assert summary["agent_config"] == dict(RUN.agent_config)
    assert summary["metrics"] == {"load_std": 0.25, "satisfied_share": None}
    written = (tmp_path / "a" / "run" / "rows.csv").read_bytes()
    assert summary["rows_sha256"] == hashlib.sha256(written).hexdigest()


def test_a_folder_that_holds_another_run_is_left_as_it_is(tmp_path: Path) -> None:
    export(RUN, files_of(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    export(RUN, files_of(), tmp_path)  # the same may come again
    other = dataclasses.replace(RUN, seed=4)
    with pytest.raises(OtherRunError, match=r"holds another run \(gt-rl, seed 3, key"):
        export(other, files_of(other), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_old_summary_does_not_outlive_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(RUN, files_of(), tmp_path)
    monkeypatch.setattr("pyagents.runs.export.write_whole", lambda path, content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(RUN, files_of(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_run_that_takes_the_place_of_another_leaves_nothing_of_it(tmp_path: Path) -> None:
    export(RUN, files_of() | {RECORDING: b"of the first", LOG: b"of the first"}, tmp_path)
    other = dataclasses.replace(RUN, seed=4)
    export(other, files_of(other), tmp_path, replace=True)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["SHA256SUMS", "rows.csv", "scenario.json", "summary.json"]
    check_sums(tmp_path)


def check_sums(folder: Path) -> None:
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != SUMS}
    assert not find_changed(files, (folder / SUMS).read_bytes())
    assert len((folder / SUMS).read_bytes().splitlines()) == len(files)


def test_two_at_once_leave_the_files_of_one(tmp_path: Path) -> None:
    """Forty pairs of different runs that may take each other's place."""
    other = dataclasses.replace(RUN, seed=4)
    pairs = [(RUN, files_of() | {LOG: b"a" * 5000}), (other, files_of(other) | {RECORDING: b"b" * 5000})]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for number in range(40):
            folder = tmp_path / str(number)
            saves = [pool.submit(export, run, files, folder, replace=True) for run, files in pairs]
            assert [save.result() for save in saves] == [None, None]
            check_sums(folder)
            assert len(list(folder.iterdir())) == 5


# ---- All of it ----


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_same_run_same_bytes_other_seed_others() -> None:
    a, b, c = (perform(Task(run=dataclasses.replace(RUN, seed=seed))).files for seed in (3, 3, 4))
    for name in ("rows.csv", "run.json"):
        assert a[name] == b[name]
        assert a[name] != c[name]
    assert b"step 6" in a[LOG]


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_a_record_names_the_kind_of_processor(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(
        "processor\t: 0\nmodel name\t: Some CPU: 9\nflags\t\t: sse4_2 avx2\n\nflags\t\t: fpu\n"
    )
    assert processor_kind(cpuinfo) == f"{platform.machine()}-v3, Some CPU: 9"
    assert processor_kind(tmp_path / "none") == platform.machine()
    facts = json.loads(perform(Task(run=RUN)).files["run.json"])
    assert facts["processor"] == processor_kind()


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_options_reach_the_agent() -> None:
    def handovers(min_saving: float) -> float:
        options = dict(RUN.agent_config) | {"min_saving": min_saving, "move_probability": 1.0, "epsilon": 0.0}
        run = dataclasses.replace(RUN, agent_config=options)
        return decode(run.key, perform(Task(run=run)).files).summary["handovers"]

    assert handovers(1e9) == 0
    assert handovers(0.0) > 0


def test_unknown_simulator_and_agent_are_named() -> None:
    said = perform(Task(run=dataclasses.replace(RUN, simulator="ns4"))).error
    assert "'ns4' is unknown (did you mean ns3?): use one of ns3" in said
    assert "'gtrl' is unknown" in perform(Task(run=dataclasses.replace(RUN, agent="gtrl"))).error


def test_a_run_may_be_judged_by_other_metrics() -> None:
    place = "pyagents.scenarios.indoor_factory.efficiency:METRICS"
    run = dataclasses.replace(RUN, simulator="mock", judged_by=place)
    record = decode(run.key, perform(Task(run=run)).files)
    assert record.summary["spectral_efficiency"] > 0
    plain = dataclasses.replace(run, judged_by="")
    assert decode(plain.key, perform(Task(run=plain)).files).summary.items() <= record.summary.items()


def test_a_replay_says_whose_states_these_are(tmp_path: Path) -> None:
    run = dataclasses.replace(RUN, simulator="mock")
    recorded = perform(Task(run=run, record=True)).files
    (tmp_path / "a.npz").write_bytes(recorded[RECORDING])
    same, other = (
        decode(again.key, perform(Task(run=again)).files)
        for agent, config in (("gt-rl", run.agent_config), ("random", {}))
        for again in [
            dataclasses.replace(
                run, agent=agent, agent_config=config, simulator=f"replay:{tmp_path / 'a.npz'}"
            )
        ]
    )
    assert same.table == recorded["rows.csv"]
    assert same.facts["replay"] == {"agent": "gt-rl", "departs_at_step": None}
    assert other.facts["replay"] == {"agent": "gt-rl", "departs_at_step": 1}
    assert "replay" not in decode(run.key, recorded).facts
