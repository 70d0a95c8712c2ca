# SPDX-License-Identifier: GPL-2.0-only
"""Agents are compared seed by seed, and many runs come out as one by one."""

import dataclasses
import math
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pyagents.runs.comparison import Comparison
from pyagents.runs.execute import Result
from pyagents.runs.pool import execute_all
from pyagents.runs.rollout import Meter, Row, rollout
from pyagents.runs.run import Run
from pyagents.runs.timed import TimedAgent
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.scenario import PRESETS, Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.wire import WireError
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], steps=4)
METER = Meter(
    row=partial(metrics.row, scenario=SCENARIO),
    history=metrics.history_steps(SCENARIO),
    summary=metrics.summary,
)


def result(agent: str, seed: int, **summary: float) -> Result:
    return Result(
        run=Run(scenario=SCENARIO, agent=agent, seed=seed), rows=[], summary=summary, decisions_s=[0.001]
    )


# ---- Comparison ----


def test_means_are_over_seeds_and_differences_within_them() -> None:
    comparison = Comparison(
        results=[
            result("a", 2, x=30.0),
            result("best", 1, x=1.0),
            result("a", 1, x=2.0),
            result("best", 2, x=28.5),
        ]
    )
    assert (comparison.agents, comparison.seeds) == (["a", "best"], [1, 2])
    assert comparison.means("x")["a"].mean == 16.0
    gap = comparison.differences("x", "best")
    assert (gap["a"].mean, gap["a"].low, gap["a"].high) == (1.25, 1.0, 1.5)
    assert (gap["best"].mean, gap["best"].high) == (0.0, 0.0)
    assert [(row["agent"], row["seed"], row["x"]) for row in comparison.rows()] == [
        ("a", 1, 2.0),
        ("a", 2, 30.0),
        ("best", 1, 1.0),
        ("best", 2, 28.5),
    ]


def test_agents_with_other_seeds_are_not_compared() -> None:
    for results in (
        [result("a", 1), result("b", 2)],
        [result("a", 1), result("a", 1)],
        [result("a", 1), result("a", 2), result("b", 1)],
    ):
        with pytest.raises(ValueError, match="each agent must have played each seed once"):
            Comparison(results=results)


# ---- Many runs ----


def runs(folder: Path, seeds: int = 3) -> list[tuple[Run, Path]]:
    return [
        (Run(scenario=SCENARIO, agent=agent, seed=seed), folder / agent / str(seed))
        for seed in range(1, seeds + 1)
        for agent in ("max-rsrp", "random")
    ]


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_results_come_in_the_order_of_the_runs_whatever_the_number_of_workers(tmp_path: Path) -> None:
    alone = execute_all(runs(tmp_path / "1"), METER, workers=1)
    together = execute_all(runs(tmp_path / "4"), METER, workers=4)
    assert [r.run for r in together] == [run for run, _ in runs(tmp_path)]
    assert [r.rows for r in together] == [r.rows for r in alone]
    assert all(len(r.decisions_s) == SCENARIO.steps for r in together)


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_one_failure_ends_all_and_is_the_one_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_FAULT", "2:die")
    with pytest.raises(WireError, match="SIGKILL"):
        execute_all(runs(tmp_path), METER, workers=2)
    assert not list(tmp_path.rglob("summary.json"))
    assert len(list(tmp_path.rglob("simulator.log"))) <= 4, "those that waited never started"


@pytest.mark.usefixtures("hall_instead_of_ns3")
def test_a_stop_from_outside_ends_all(tmp_path: Path) -> None:
    class EnoughError(Exception):
        pass

    def enough(run: Run, step: int, row: Row) -> None:
        if run.seed == 1 and step == 1:
            raise EnoughError

    with pytest.raises(EnoughError):
        execute_all(runs(tmp_path), METER, workers=2, on_step=enough)


# ---- What agents cost and report ----


class Talkative:
    def __init__(self) -> None:
        self.count = math.nan

    def reset(self, scenario: Scenario, seed: int) -> None:
        self.count = math.nan

    def act(self, snapshot: Snapshot) -> Action:
        self.count = 0.0 if math.isnan(self.count) else self.count + 1
        deadline = time.thread_time() + 0.002
        while time.thread_time() < deadline:
            pass
        return Action()

    def report(self) -> Mapping[str, float]:
        return {"count": self.count}


def test_reports_join_the_row_after_the_decision() -> None:
    rows = rollout(Hall(), Talkative(), SCENARIO, 1, METER)
    assert math.isnan(rows[0]["count"])
    assert [row["count"] for row in rows[1:]] == [0, 1, 2, 3]


def test_decisions_are_timed_and_otherwise_left_as_they_are() -> None:
    agent = TimedAgent(Talkative())
    rows = rollout(Hall(), agent, SCENARIO, 1, METER)
    assert [row["count"] for row in rows[1:]] == [0, 1, 2, 3]
    assert len(agent.decisions_s) == 4
    assert min(agent.decisions_s) >= 0.002
    agent.reset(SCENARIO, 1)
    assert agent.decisions_s == []


def test_an_agent_without_a_report_adds_nothing() -> None:
    class Silent:
        def reset(self, scenario: Scenario, seed: int) -> None: ...

        def act(self, snapshot: Snapshot) -> Action:
            return Action()

    plain = rollout(Hall(), Silent(), SCENARIO, 1, METER)
    timed = rollout(Hall(), TimedAgent(Silent()), SCENARIO, 1, METER)
    assert timed[0].keys() == plain[0].keys()


# ---- Metrics of handovers ----


def test_handovers_count_per_ue_and_minute_of_the_run() -> None:
    def row(time_s: float, handovers: float, ping_pongs: float) -> dict[str, Any]:
        snapshot = Hall().reset(SCENARIO, 1)
        values = metrics.row([snapshot], SCENARIO)
        return values | {
            "time_s": time_s,
            "handovers": handovers,
            "handovers_per_ue": handovers / 40,
            "ping_pongs": ping_pongs,
        }

    summary = metrics.summary([row(1.0, 4, 0), row(4.0, 30, 5), row(7.0, 44, 11)])
    assert summary["handovers_per_ue_minute"] == pytest.approx(40 / 40 * 10)
    assert summary["ping_pong_share"] == 0.25
    assert math.isnan(metrics.summary([row(1.0, 0, 0), row(2.0, 0, 0)])["ping_pong_share"])
