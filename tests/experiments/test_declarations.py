# SPDX-License-Identifier: GPL-2.0-only
"""The declarations are complete, and say the paper's conditions."""

import dataclasses
from pathlib import Path

import pytest

from pyagents.reproduction.checks import load_checks
from pyagents.reproduction.contender import load_contenders
from pyagents.reproduction.experiment import load_experiment, load_experiments
from pyagents.reproduction.plan import make_plan
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.agents.gt_rl import READINGS
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from tests.hall import Hall

EXPERIMENTS = load_experiments(FAMILY)
LABELS = {contender.name for contender in load_contenders(FAMILY)}


def summary_metrics() -> set[str]:
    scenario = PRESETS["fig5"]
    row = metrics.row([Hall().reset(scenario, 1)], scenario)
    return set(metrics.summary([row, row]))


def test_every_figure_of_the_papers_evaluation_is_declared() -> None:
    numbers = {experiment.number for experiment in EXPERIMENTS.values()}
    assert set(range(5, 16)) <= numbers
    assert all(experiment.claims for experiment in EXPERIMENTS.values() if experiment.number)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_metrics_points_and_agents_exist(name: str) -> None:
    experiment = EXPERIMENTS[name]
    along_steps = not (experiment.sweep or experiment.variants)
    known = {"load_std"} if along_steps and not experiment.columns else summary_metrics()
    assert {experiment.metric, *experiment.columns} <= known
    assert set(experiment.quick_values) <= set(experiment.points(quick=False))
    assert experiment.beside in {"", *LABELS}
    for claim in experiment.claims:
        assert {claim.agent, *claim.over} <= LABELS
        assert set(claim.at) <= set(experiment.values)
        assert set(claim.at) <= set(experiment.quick_values or experiment.values)


def test_conditions_are_the_papers() -> None:
    assert EXPERIMENTS["fig7"].values == (20, 40, 60, 80, 100)
    assert EXPERIMENTS["fig12"].values == (0.1, 0.2, 0.3, 0.4)
    assert EXPERIMENTS["fig15"].values == (6, 7, 8, 9, 10)
    assert EXPERIMENTS["fig7"].scenario(100) == PRESETS["fig7"]
    assert EXPERIMENTS["fig10"].scenario(0.1) == dataclasses.replace(PRESETS["fig7"], steps=375)
    assert EXPERIMENTS["fig13"].scenario(10) == dataclasses.replace(PRESETS["fig7"], gnb_layout="random")
    assert EXPERIMENTS["fig6"].scenario(None) == PRESETS["fig6"]


def test_figures_with_the_same_conditions_share_their_runs() -> None:
    agents = [contender for contender in load_contenders(FAMILY) if contender.name in ("gt-rl", "max-rsrp")]
    chosen = [EXPERIMENTS[name] for name in ("fig7", "fig8", "fig9", "fig10")]
    plan = make_plan(chosen, agents, seeds=2, simulator="mock", quick=False)
    keys = {run.key for run in plan.runs.values()}
    assert len(plan.runs) == (3 * 5 + 4) * 2 * 2
    assert len(keys) == (5 + 4) * 2 * 2


def test_an_experiment_may_have_fewer_seeds() -> None:
    agents = load_contenders(FAMILY)[:1]
    plan = make_plan(
        [EXPERIMENTS["fig5"], EXPERIMENTS["fig10"]], agents, seeds=12, simulator="mock", quick=True
    )
    played = {name: {seed for e, _, _, seed in plan.runs if e == name} for name in ("fig5", "fig10")}
    assert played == {"fig5": set(range(1, 13)), "fig10": set(range(1, 11))}


def test_experiments_that_share_the_conditions_of_figure_7_cost_nothing() -> None:
    agents = [contender for contender in load_contenders(FAMILY) if contender.name == "gt-rl"]

    def keys(*names: str) -> set[str]:
        chosen = [EXPERIMENTS[name] for name in names]
        return {
            r.key for r in make_plan(chosen, agents, seeds=1, simulator="mock", quick=False).runs.values()
        }

    assert keys("fig7") == keys("fig7", "delay", "wifi", "ablations")
    assert len(keys("fig7", "hidden", "hidden_satisfied")) == 5 + 1
    assert len(keys("fig7", "sensitivity", "sensitivity_satisfied")) == 5 + 5


def test_variants_set_fields_together() -> None:
    sensitivity = EXPERIMENTS["sensitivity"]
    assert sensitivity.points(quick=False)[0] == "as chosen"
    assert sensitivity.scenario("as chosen") == PRESETS["fig7"]
    assert sensitivity.scenario("5QI 2", most_steps=9) == dataclasses.replace(
        PRESETS["fig7"], access_priority_class=2, packet_delay_budget_ms=150.0, steps=9
    )
    for variant, fields in sensitivity.variants.items():
        changed = sensitivity.scenario(variant).to_dict()
        start = PRESETS["fig7"].to_dict()
        assert {name for name in start if start[name] != changed[name]} == set(fields), variant


def test_readings_of_gt_rl_play_in_their_table_alone() -> None:
    readings = {f"gt-rl:{name}" for name in READINGS}
    everybody = load_contenders(FAMILY)
    assert {c.name for c in everybody if c.takes_part("ablations")} >= readings
    assert not readings & {c.name for c in everybody if c.takes_part("fig7")}


def test_an_agent_that_is_not_there_is_left_out_with_the_reason() -> None:
    absent = dataclasses.replace(load_contenders(FAMILY)[0], name="not-yet", label="Not yet")
    plan = make_plan([EXPERIMENTS["fig5"]], [absent], seeds=1, simulator="mock", quick=True)
    assert plan.contenders == []
    assert "'not-yet' is unknown" in plan.left_out[absent]
    assert plan.labels == {"not-yet": "Not yet"}


def test_training_seeds_and_evaluation_seeds_do_not_meet() -> None:
    plan = make_plan([EXPERIMENTS["fig5"]], [], seeds=999, simulator="mock", quick=True)
    assert max(plan.seeds) < 1000


def test_who_is_compared_is_known_or_on_its_way() -> None:
    assert {"gt-rl", "adaptive-mlb", "qa-lb", "max-rsrp", "gt-rl-letter"} <= LABELS & set(FAMILY.agents)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number = 1", "title is missing"),
        ('subtitle = "a"', "unknown subtitle"),
        ('preset = "fig9"', "preset='fig9' is unknown"),
        ('sweep = "n_ues"', "sweep and values go together"),
        ('sweep = "n_uess"\nvalues = [1]', "did you mean n_ues"),
        ('[[claims]]\nsays = "a"\nagent = "gt-rl"', "lacks over"),
        ('name = "../elsewhere"', "name='../elsewhere' is not allowed"),
        ('metric = "load_sdt"', "metric='load_sdt' is unknown: did you mean load_std"),
        ('metric = "demand_mbps"\n[[claims]]\nsays = "a"\nagent = "b"\nover = ["c"]', "lacks better"),
        ('[[claims]]\nsays = "a"\nagent = "gt-rl"\nbetter = "more"\nover = ["a"]', "better='more'"),
        ('sweep = "n_ues"\nvalues = [1]\nvariants = { a = {} }', "exclude each other"),
        ("variants = { a = { n_uess = 1 } }", "did you mean n_ues"),
        ('variants = { a = {} }\nquick_values = ["b"]', "variant 'b' is unknown: one of a"),
        ("seeds = -1", "seeds=-1"),
        (
            '[[claims]]\nsays = "a"\nagent = "gt-rl"\nbetter = "lower"\nkind = "trend"\nsign = 1',
            "sweep is missing",
        ),
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[balances]]", "unknown balances; known are same_conditions"),
        ('[[shares]]\nsays = "a"', "shares: missing a required argument: 'columns'"),
        ('[[shares]]\nsays = "a"\ncolums = ["b"]', "shares: missing a required argument: 'columns'"),
    ],
)
def test_a_wrong_check_names_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text(text)
    with pytest.raises(ValueError, match=rf"checks\.toml: {said}"):
        load_checks(dataclasses.replace(FAMILY, experiments=str(tmp_path)))
