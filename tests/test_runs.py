# SPDX-License-Identifier: GPL-2.0-only
"""Runs are played step by step, kept whole, and come out the same every time."""

import dataclasses
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.runs.execute import LOG, execute
from pyagents.runs.rollout import Meter, Row, rollout
from pyagents.runs.run import Run
from pyagents.runs.store import load_rows, load_summary, save_run, to_csv, write_whole
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.scenario import PRESETS
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], steps=6)
METER = Meter(
    row=partial(metrics.row, scenario=SCENARIO),
    history=metrics.history_steps(SCENARIO),
    summary=metrics.summary,
)
RUN = Run(scenario=SCENARIO, agent="gt-rl", agent_config=find_agent("gt-rl").config_dict(), seed=3)


# ---- Rollout ----


def test_rollout_gives_a_row_for_each_state_and_tells_of_each_at_once() -> None:
    told: list[tuple[int, Row]] = []
    agent = find_agent("gt-rl").make()
    rows = rollout(Hall(), agent, SCENARIO, 1, METER, on_step=lambda step, row: told.append((step, row)))
    assert [row["step"] for row in rows] == list(range(7))
    assert [row["time_s"] for row in rows] == pytest.approx([0.16 * (step + 1) for step in range(7)])
    assert told == list(enumerate(rows))


def test_meter_sees_no_more_history_than_it_asks_for() -> None:
    seen: list[list[float]] = []

    def row(history: Sequence[Snapshot]) -> dict[str, float]:
        seen.append([round(snapshot.time_s / 0.16) for snapshot in history])
        return {}

    meter = Meter(row=row, history=3, summary=lambda rows: {})
    rollout(Hall(), find_agent("max-rsrp").make(), dataclasses.replace(SCENARIO, steps=4), 1, meter)
    assert seen == [[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]


def test_an_error_of_the_agent_is_passed_on_as_it_is() -> None:
    class Wrong:
        def reset(self, scenario: Any, seed: int) -> None: ...

        def act(self, snapshot: Snapshot) -> Action:
            return Action(cho_target=[7])

    with pytest.raises(ValueError, match="cho_target has shape"):
        rollout(Hall(), Wrong(), SCENARIO, 1, METER)


# ---- Run ----


def test_key_follows_all_that_a_run_is() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"seed": 4},
        {"agent": "max-rsrp"},
        {"agent_config": {"epsilon": 0.5}},
        {"simulator": "other"},
        {"scenario": dataclasses.replace(SCENARIO, steps=7)},
    ]
    keys = [dataclasses.replace(RUN, **change).key for change in changes]
    assert len(set(keys)) == len(keys)
    assert dataclasses.replace(RUN).key == keys[0]


# ---- Store ----


def test_csv_numbers_read_back_to_themselves() -> None:
    rows = [{"step": 0, "x": 0.1 + 0.2, "y": math.nan}, {"step": 1, "x": 1e-17, "y": -5.0}]
    text = to_csv(rows)
    assert text == "step,x,y\n0,0.30000000000000004,nan\n1,1e-17,-5\n"


def test_stored_run_reads_back(tmp_path: Path) -> None:
    rows = [{"step": 0.0, "load_std": 0.25}, {"step": 1.0, "load_std": 1 / 3}]
    save_run(tmp_path / "a" / "run", RUN, rows, {"load_std": 0.25, "satisfied_share": math.nan})
    assert load_rows(tmp_path / "a" / "run") == rows
    summary = load_summary(tmp_path / "a" / "run")
    assert summary["run_key"] == RUN.key
    assert summary["agent_config"] == dict(RUN.agent_config)
    assert summary["metrics"] == {"load_std": 0.25, "satisfied_share": None}
    assert sorted(path.name for path in (tmp_path / "a" / "run").iterdir()) == [
        "rows.csv",
        "scenario.json",
        "summary.json",
    ]


def test_a_run_without_summary_is_not_complete(tmp_path: Path) -> None:
    save_run(tmp_path, RUN, [{"step": 0.0}], {})
    (tmp_path / "summary.json").unlink()
    with pytest.raises(ValueError, match="no complete run"):
        load_rows(tmp_path)
    with pytest.raises(ValueError, match="no complete run"):
        load_summary(tmp_path)


def test_an_old_summary_does_not_outlive_its_rows(tmp_path: Path) -> None:
    save_run(tmp_path, RUN, [{"step": 0.0}], {"load_std": 1.0})
    with pytest.raises(TypeError):
        save_run(tmp_path, RUN, [None], {})  # type: ignore[list-item]
    assert not (tmp_path / "summary.json").exists()


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.csv"
    write_whole(path, "old")

    def break_off(self: Path, text: str, **options: Any) -> int:
        self.touch()
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", break_off)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


# ---- All of it ----


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_same_run_same_bytes_other_seed_others(tmp_path: Path) -> None:
    for folder, seed in (("a", 3), ("b", 3), ("c", 4)):
        execute(dataclasses.replace(RUN, seed=seed), METER, tmp_path / folder)
    for name in ("rows.csv", "summary.json", "scenario.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "rows.csv").read_bytes() != (tmp_path / "c" / "rows.csv").read_bytes()
    assert "step 6" in (tmp_path / "a" / LOG).read_text()


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_options_reach_the_agent(tmp_path: Path) -> None:
    def handovers(min_saving: float) -> float:
        options = dict(RUN.agent_config) | {"min_saving": min_saving, "move_probability": 1.0, "epsilon": 0.0}
        run = dataclasses.replace(RUN, agent_config=options)
        return float(execute(run, METER, tmp_path).summary["handovers"])

    assert handovers(1e9) == 0
    assert handovers(0.0) > 0


def test_unknown_simulator_and_agent_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'ns4' is unknown: use one of ns3"):
        execute(dataclasses.replace(RUN, simulator="ns4"), METER, tmp_path)
    with pytest.raises(ValueError, match="'gtrl' is unknown"):
        execute(dataclasses.replace(RUN, agent="gtrl"), METER, tmp_path)
