# SPDX-License-Identifier: GPL-2.0-only
"""Variants are drawn as categories, and tables are written with differences."""

import csv
import dataclasses
import math
from pathlib import Path

import pytest

from pyagents.figures.curve import curve_look
from pyagents.report.conditions import Conditions
from pyagents.report.page import Page, write_report
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.drawing import draw, draw_all, find_curves
from pyagents.reproduction.experiment import Value, load_experiments
from pyagents.reproduction.outcomes import Played
from pyagents.reproduction.plan import make_plan
from pyagents.reproduction.tabulate import tabulate
from pyagents.scenarios.indoor_factory.family import FAMILY
from tests.experiments.runs import AGENTS, outcomes_of

EXPERIMENTS = load_experiments(FAMILY)


def test_variants_are_categories_that_no_line_joins(tmp_path: Path) -> None:
    hidden = EXPERIMENTS["hidden"]

    def value(agent: str, x: Value, seed: int) -> float:
        return {"in line of sight": 1.0, "drawn as for UEs": 2.0}[str(x)] + 0.01 * seed

    outcomes = outcomes_of([hidden], tmp_path / "runs", value, seeds=3)
    (played,) = outcomes.played
    curves = find_curves(played, AGENTS, outcomes.plan)
    assert curves[0].places == ["in line of sight", "drawn as for UEs"]
    axes = draw(played, curves, outcomes.plan).axes[0]
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
    method, other = tabulate(outcomes.played[0])
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
    for experiments, wanted in (
        (chosen, [("fig5", None)]),
        (chosen[1:], [("sensitivity", name) for name in EXPERIMENTS["sensitivity"].variants]),
    ):
        outcomes = outcomes_of(experiments, tmp_path, lambda agent, x, seed: 0.0, seeds=1)
        ranked = Conditions(outcomes).ranked
        assert [(place.experiment.name, place.shown[0][1]) for place in ranked] == wanted


def test_somebodys_own_agent_has_a_look_of_its_own() -> None:
    others = [Contender(name=name, label=name) for name in FAMILY.agents]
    agents = [*others, Contender(name="mine.py:Mine", label="Mine", role="yours")]
    plan = make_plan([EXPERIMENTS["fig7"]], [], seeds=1, simulator="mock", quick=False)
    plan = dataclasses.replace(plan, contenders=agents)
    played = Played(experiment=EXPERIMENTS["fig7"], points=[], contenders=agents, known={})
    *looks, mine = map(curve_look, find_curves(played, agents, plan))
    assert mine["color"] not in {look["color"] for look in looks}
    assert mine["marker"] not in {look["marker"] for look in looks}


def test_a_figure_without_a_number_is_not_drawn(tmp_path: Path) -> None:
    delay = EXPERIMENTS["delay"]
    outcomes = outcomes_of([delay], tmp_path / "runs", lambda agent, x, seed: math.nan, seeds=1)
    assert draw_all(outcomes, tmp_path / "figures") == []
    assert not list((tmp_path / "figures").iterdir())
    page = Page(outcomes=outcomes, drawings=[], failures=[], folder=tmp_path)
    assert f"Without a number: {delay.title}." in write_report(page).read_text()
