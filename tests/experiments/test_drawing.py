# SPDX-License-Identifier: GPL-2.0-only
"""Variants are drawn as categories, and tables are written with differences."""

import csv
import dataclasses
from pathlib import Path

import pytest

from pyagents.report.ranking import ranked
from pyagents.reproduction.drawing import draw, draw_all, find_curves
from pyagents.reproduction.experiment import Contender, Value, load_experiments
from pyagents.reproduction.tabulate import tabulate
from tests.experiments.runs import AGENTS, outcomes_of

EXPERIMENTS = load_experiments()


def test_variants_are_categories_that_no_line_joins(tmp_path: Path) -> None:
    hidden = EXPERIMENTS["hidden"]

    def value(agent: str, x: Value, seed: int) -> float:
        return {"in line of sight": 1.0, "drawn as for UEs": 2.0}[str(x)] + 0.01 * seed

    outcomes = outcomes_of([hidden], tmp_path / "runs", value, seeds=3)
    curves = find_curves(hidden, AGENTS, outcomes)
    assert curves[0].places == ["in line of sight", "drawn as for UEs"]
    axes = draw(hidden, curves, outcomes).axes[0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == curves[0].places
    assert {line.get_linestyle() for line in axes.get_lines()} == {"None"}

    (drawing,) = draw_all(outcomes, tmp_path / "figures")
    assert drawing.png.is_file()
    with drawing.png.with_suffix(".csv").open() as file:
        rows = {(row["agent"], row["x"]): float(row["mean"]) for row in csv.DictReader(file)}
    assert rows["GT-RL", "in line of sight"] == pytest.approx(1.02)
    assert rows["QA-LB", "drawn as for UEs"] == pytest.approx(2.02)


def test_tables_tell_each_agent_and_by_how_much_it_is_above_another(tmp_path: Path) -> None:
    ablations = dataclasses.replace(EXPERIMENTS["ablations"], columns=("load_variance", "satisfied_share"))
    reading = Contender(name="gt-rl:must-move", label="must move", role="aside", only=("ablations",))

    def value(agent: str, x: Value, seed: int) -> float:
        return (1.5 if agent == reading.name else 1.0) + seed

    agents = (AGENTS[0], reading)
    outcomes = outcomes_of([ablations], tmp_path / "runs", value, seeds=4, agents=agents)
    method, other = tabulate(ablations, outcomes)
    assert (method.contender, other.contender) == agents
    assert not method.differences
    assert list(other.means) == ["load_variance", "satisfied_share"]
    difference = other.differences["load_variance"]
    assert (difference.mean, difference.low, difference.high) == (0.5, 0.5, 0.5)  # paired over seeds

    assert draw_all(outcomes, tmp_path / "figures") == []
    with (tmp_path / "figures" / "ablations.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["agent"], row["metric"], row["mean"], row["difference_mean"]) for row in rows] == [
        ("GT-RL", "load_variance", "3.5", ""),
        ("GT-RL", "satisfied_share", "3.5", ""),
        ("must move", "load_variance", "4", "0.5"),
        ("must move", "satisfied_share", "4", "0.5"),
    ]


def test_ranks_are_over_the_papers_conditions_alone(tmp_path: Path) -> None:
    chosen = [EXPERIMENTS[name] for name in ("fig5", "sensitivity")]
    outcomes = outcomes_of([], tmp_path, lambda agent, x, seed: 0.0)
    outcomes.plan = dataclasses.replace(outcomes.plan, experiments=chosen)
    assert [(experiment.name, value) for experiment, value in ranked(outcomes)] == [("fig5", None)]
    outcomes.plan = dataclasses.replace(outcomes.plan, experiments=chosen[1:])
    assert [value for _, value in ranked(outcomes)] == list(EXPERIMENTS["sensitivity"].variants)
