# SPDX-License-Identifier: GPL-2.0-only
"""Agents are compared seed by seed; what they cost and report is kept."""

import dataclasses
import math
import time
from collections.abc import Mapping
from typing import Any

import pytest

from pyagents.runs.rollout import rollout
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.statistics.comparison import Comparison
from tests.hall import Hall

SCENARIO = dataclasses.replace(PRESETS["fig5"], steps=4)

# ---- Comparison ----


def test_means_are_over_seeds_and_differences_within_them() -> None:
    comparison = Comparison(
        summaries={"a": {2: {"x": 30.0}, 1: {"x": 2.0}}, "best": {1: {"x": 1.0}, 2: {"x": 28.5}}}
    )
    assert (comparison.agents, comparison.seeds) == (["a", "best"], [1, 2])
    assert comparison.means("x")["a"].mean == 16.0
    gap = comparison.differences("x", "best")
    assert (gap["a"].mean, gap["a"].low, gap["a"].high) == (1.25, 1.0, 1.5)
    assert (gap["best"].mean, gap["best"].high) == (0.0, 0.0)


def test_agents_with_other_seeds_are_not_compared() -> None:
    x = {"x": 1.0}
    for summaries in ({"a": {1: x}, "b": {2: x}}, {"a": {1: x, 2: x}, "b": {1: x}}):
        with pytest.raises(ValueError, match="each agent must have played each seed once"):
            Comparison(summaries=summaries)


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
    played = rollout(Hall(), Talkative(), SCENARIO, 1)
    rows = played.rows
    assert played.reported == ["count"]
    assert math.isnan(rows[0]["count"])
    assert [row["count"] for row in rows[1:]] == [0, 1, 2, 3]


def test_decisions_are_timed() -> None:
    decisions_s = rollout(Hall(), Talkative(), SCENARIO, 1).decisions_s
    assert len(decisions_s) == 4
    assert min(decisions_s) >= 0.002


def test_an_agent_without_a_report_adds_nothing() -> None:
    class Silent:
        def reset(self, scenario: Scenario, seed: int) -> None: ...

        def act(self, snapshot: Snapshot) -> Action:
            return Action()

    talked, plain = (rollout(Hall(), agent, SCENARIO, 1) for agent in (Talkative(), Silent()))
    assert plain.reported == []
    assert talked.rows[0].keys() - plain.rows[0].keys() == {"count"}


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
