# SPDX-License-Identifier: GPL-2.0-only
"""The declarations are complete, and say the paper's conditions."""

import dataclasses
from pathlib import Path

import pytest

from pyagents import metrics
from pyagents.agents.registry import AGENTS
from pyagents.reproduction.experiment import load_contenders, load_experiment, load_experiments
from pyagents.reproduction.plan import make_plan
from pyagents.scenario import PRESETS

EXPERIMENTS = load_experiments()
ROW = (
    "time_s",
    "handovers_per_ue",
    "load_mean",
    "load_variance",
    "load_std",
    "load_max",
    "load_jain",
    "throughput_mbps",
    "demand_mbps",
    "satisfied_share",
    "sib_age_mean_s",
    "sib_loss_share",
    "airtime_mean",
    "airtime_used_mean",
    "handovers",
    "handover_failures",
    "ping_pongs",
    "offered_bytes",
    "delivered_bytes",
    "dropped_bytes",
    "queued_bytes",
)
LABELS = {contender.name for contender in load_contenders()}


def test_every_figure_of_the_papers_evaluation_is_declared() -> None:
    numbers = {experiment.number for experiment in EXPERIMENTS.values()}
    assert set(range(5, 16)) <= numbers
    assert all(experiment.claims for experiment in EXPERIMENTS.values() if experiment.number)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_metrics_points_and_agents_exist(name: str) -> None:
    experiment = EXPERIMENTS[name]
    row = dict.fromkeys(ROW, 0.0)
    assert experiment.metric in (row if not experiment.sweep else metrics.summary([row, row]))
    assert set(experiment.quick_values) <= set(experiment.values)
    for claim in experiment.claims:
        assert {claim.agent, *claim.over} <= LABELS
        assert set(claim.at) <= set(experiment.values)
        assert set(claim.at) <= set(experiment.quick_values or experiment.values)


def test_conditions_are_the_papers() -> None:
    assert EXPERIMENTS["fig7"].values == (20, 40, 60, 80, 100)
    assert EXPERIMENTS["fig12"].values == (0.1, 0.2, 0.3, 0.4)
    assert EXPERIMENTS["fig15"].values == (6, 7, 8, 9, 10)
    assert EXPERIMENTS["fig7"].scenario(100) == EXPERIMENTS["fig10"].scenario(0.1) == PRESETS["fig7"]
    assert EXPERIMENTS["fig13"].scenario(10) == dataclasses.replace(PRESETS["fig7"], gnb_layout="random")
    assert EXPERIMENTS["fig6"].scenario(None) == PRESETS["fig6"]


def test_figures_with_the_same_conditions_share_their_runs() -> None:
    agents = [contender for contender in load_contenders() if contender.name in ("gt-rl", "max-rsrp")]
    chosen = [EXPERIMENTS[name] for name in ("fig7", "fig8", "fig9", "fig10")]
    plan = make_plan(chosen, agents, seeds=2, simulator="mock", quick=False)
    keys = {run.key for run in plan.runs.values()}
    assert len(plan.runs) == (3 * 5 + 4) * 2 * 2
    assert len(keys) == (5 + 4 - 1) * 2 * 2


def test_an_agent_that_is_not_there_is_left_out_with_the_reason() -> None:
    absent = dataclasses.replace(load_contenders()[0], name="not-yet", label="Not yet")
    plan = make_plan([EXPERIMENTS["fig5"]], [absent], seeds=1, simulator="mock", quick=True)
    assert plan.contenders == []
    assert "'not-yet' is unknown" in plan.left_out[absent]
    assert plan.labels == {"not-yet": "Not yet"}


def test_training_seeds_and_evaluation_seeds_do_not_meet() -> None:
    plan = make_plan([EXPERIMENTS["fig5"]], [], seeds=99, simulator="mock", quick=True)
    assert max(plan.seeds) < 1000


def test_who_is_compared_is_known_or_on_its_way() -> None:
    assert {"gt-rl", "adaptive-mlb", "qa-lb", "max-rsrp", "gt-rl-letter"} <= LABELS & set(AGENTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number = 1", "title is missing"),
        ('subtitle = "a"', "unknown subtitle"),
        ('preset = "fig9"', "preset='fig9' is unknown"),
        ('sweep = "n_ues"', "sweep and values go together"),
        ('sweep = "n_uess"\nvalues = [1]', "did you mean n_ues"),
        ('[[claims]]\nsays = "a"\nagent = "gt-rl"\nbetter = "lower"', "lacks over"),
        ('[[claims]]\nsays = "a"\nagent = "gt-rl"\nbetter = "more"\nover = ["a"]', "better='more'"),
        ("x_factor = true", "x_factor=True"),
        ("= 1", "Invalid"),
    ],
)
def test_a_wrong_declaration_names_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    whole = {
        "title": '"t"',
        "preset": '"fig5"',
        "metric": '"load_std"',
        "x_label": '"x"',
        "y_label": '"y"',
    }
    if text == "number = 1":
        del whole["title"]
    lines = [f"{name} = {value}" for name, value in whole.items() if not text.startswith(name)]
    path = tmp_path / "mine.toml"
    path.write_text("\n".join([*lines, text]))
    with pytest.raises(ValueError, match=r"mine\.toml") as caught:
        load_experiment(path)
    assert said in str(caught.value)
