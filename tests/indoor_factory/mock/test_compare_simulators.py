# SPDX-License-Identifier: GPL-2.0-only
"""The mock beside ns-3: the comparison itself, and on the real ns-3 what it has to say."""

import csv
import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.cli.console import Console
from pyagents.core.agent_spec import find_agent
from pyagents.runs.run import Run
from pyagents.runs.store import Store
from pyagents.scenarios.indoor_factory.cli.compare_simulators import list_all, play
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.same_halls import mean_of, play_in_halls_of, play_like, ratio
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.statistics.comparison import Comparison
from pyagents.statistics.interval import estimate_ratio, paired_ratio
from pyagents.statistics.twins import Twins


def side(values: Mapping[str, list[float]]) -> Comparison:
    """Runs whose one metric is given, by agent and seed."""
    return Comparison(
        summaries={
            agent: {seed: {"x": value} for seed, value in enumerate(metrics, 1)}
            for agent, metrics in values.items()
        }
    )


HIGH, LOW = [1.0, 1.1, 0.9, 1.05, 0.95], [0.5, 0.6, 0.4, 0.55, 0.45]


def test_the_same_order_is_the_same() -> None:
    twins = Twins(truth=side({"a": HIGH, "b": LOW}), twin=side({"a": [2 * x for x in HIGH], "b": LOW}))
    assert twins.verdict("x") == "same"
    assert twins.order("x") == (["a", "b"], ["a", "b"])


def test_the_opposite_is_reversed_only_if_both_are_sure() -> None:
    sure = Twins(truth=side({"a": HIGH, "b": LOW}), twin=side({"a": LOW, "b": HIGH}))
    assert sure.verdict("x") == "reversed"
    noisy = [0.1, 2.0, 0.3, 1.9, 0.2]
    unsure = Twins(truth=side({"a": HIGH, "b": LOW}), twin=side({"a": noisy, "b": HIGH}))
    assert unsure.order("x")[1] == ["b", "a"]
    assert unsure.verdict("x") == "open"


def test_ratio_and_spread() -> None:
    twins = Twins(truth=side({"a": HIGH}), twin=side({"a": LOW}))
    ratio = twins.ratio("x", "a")
    assert ratio.mean == pytest.approx(0.5)
    assert 0.4 < ratio.low < 0.5 < ratio.high < 0.6
    assert twins.spreads("x", "a") == pytest.approx((0.0791, 0.0791), abs=1e-3)


def test_ratios_that_cannot_be_are_no_numbers() -> None:
    assert math.isnan(estimate_ratio([1.0], []).mean)
    assert math.isnan(estimate_ratio([1.0, 2.0], [0.0, 0.0]).mean)
    assert math.isnan(estimate_ratio([2.0], [1.0]).low)
    assert estimate_ratio([1.0, math.nan, 3.0], [1.0, 1.0]).mean == 2


def test_other_agents_are_no_twins() -> None:
    with pytest.raises(ValueError, match="not twins"):
        Twins(truth=side({"a": HIGH}), twin=side({"b": HIGH}))


def test_command_prints_and_leaves_tables(
    hall_instead_of_ns3: Path, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--scenarios=fig5", "--n-ues=6,8", "--seeds=2", "--steps=3", "--workers=1", "--out=here"]
    assert main(["compare-simulators", *flags]) == 0
    printed = capsys.readouterr().out
    assert "fig5-6-ues, max-rsrp" in printed
    assert "by load_std: ns3" in printed
    with (in_tmp / "here" / "simulators.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["scenario"] for row in rows} == {"fig5-6-ues", "fig5-8-ues"}
    load = next(row for row in rows if row["metric"] == "load_mean")
    assert float(load["ratio"]) == pytest.approx(float(load["mock_mean"]) / float(load["ns3_mean"]))
    with (in_tmp / "here" / "ranking.csv").open() as file:
        assert {row["verdict"] for row in csv.DictReader(file)} <= {"same", "open", "reversed"}


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--seeds=0", "seeds=0 is not allowed"),
        ("--scenarios=fig99", "'fig99' is unknown"),
        ("--agents=nobody", "'nobody' is unknown"),
        ("--agents=gt-rl,gt-rl", "is there twice"),
        ("--n-ues=0", "n_ues=0 is not allowed"),
    ],
)
def test_bad_input_is_named(flag: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare-simulators", flag]) == 2
    assert message in capsys.readouterr().err


def test_a_paired_ratio_forgets_what_both_sides_share() -> None:
    halls = [1.0, 2.0, 4.0, 8.0]
    paired = paired_ratio([1.1 * hall for hall in halls], halls)
    assert paired.mean == pytest.approx(1.1)
    assert paired.error == pytest.approx(0, abs=1e-12)
    assert paired_ratio([1.0, 3.0], [2.0, 2.0]).error == pytest.approx(0.5)


def test_a_paired_ratio_leaves_out_halls_that_lack_a_value() -> None:
    assert paired_ratio([1.0, math.nan, 3.0], [1.0, 1.0, math.nan]).count == 1
    assert math.isnan(paired_ratio([1.0], [2.0]).error)
    assert math.isnan(paired_ratio([1.0, 2.0], [0.0, 0.0]).mean)


def test_means_over_draws_are_of_those_that_have_a_value() -> None:
    means = mean_of([{"x": 1.0, "y": math.nan}, {"x": 2.0, "y": 3.0}, {"x": 3.0, "y": math.nan}])
    assert means == {"x": 2.0, "y": 3.0}


def test_the_mock_plays_in_the_halls_of_ns3_and_differs_by_draw_and_hall() -> None:
    scenario = Scenario(n_gnbs=6, n_channels=1, n_ues=20, steps=3)
    runs = [Run(scenario=scenario, agent="max-rsrp", seed=seed) for seed in (1, 2)]
    hall = MockSimulator().reset(scenario, 5)  # stands for what ns-3 shows
    rows = [play_like(hall, run, draw)[-1] for run in runs for draw in (0, 1)]
    assert len({row["airtime_mean"] for row in rows}) == 4
    assert play_like(hall, runs[0], 0)[-1] == rows[0]


def test_command_sets_the_mock_into_the_same_halls(
    hall_instead_of_ns3: Path, in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--scenarios=fig5", "--n-ues=6", "--seeds=2", "--steps=3", "--workers=1", "--out=here"]
    assert main(["compare-simulators", "--same-halls", *flags]) == 0
    assert "standard error over halls" in capsys.readouterr().out
    with (in_tmp / "here" / "simulators.csv").open() as file:
        rows = list(csv.DictReader(file))
    load = next(row for row in rows if row["metric"] == "load_mean")
    assert float(load["ratio"]) == pytest.approx(float(load["mock_mean"]) / float(load["ns3_mean"]))
    assert float(load["ratio_error"]) >= 0


# ---- On the real ns-3 ----

AGENTS = ("max-rsrp", "gt-rl")
SEEDS = 8


@pytest.fixture(scope="module", params=[60, 100])
def halls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Fig. 7's hall: with 60 UEs loads of a third, some cells at their limit; with 100 many."""
    scenario = dataclasses.replace(PRESETS["fig7"], n_ues=request.param, steps=20)
    runs = list_all(scenario, [find_agent(agent) for agent in AGENTS], ["ns3"], SEEDS)
    sides = play({"fig7": runs}, Store(tmp_path_factory.mktemp("twins")), 2, Console())
    return Twins(truth=sides["fig7", "ns3"], twin=play_in_halls_of(runs))


@pytest.mark.ns3
@pytest.mark.slow
@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(
    ("metric", "systematic"),
    [  # by how much the mock may be off, as a share of the mean: docs/mock.md
        ("load_mean", 0.10),
        ("airtime_mean", 0.05),
        ("airtime_used_mean", 0.10),
        ("throughput_mbps", 0.02),
        ("satisfied_share", 0.05),
        ("spectral_efficiency", 0.05),
    ],
)
def test_in_the_same_halls_mock_and_ns3_agree(
    halls: Twins, agent: str, metric: str, systematic: float
) -> None:
    paired = ratio(halls, metric, agent)
    # 2.4: two-sided 95 % of Student's t, 7 degrees
    assert paired.mean == pytest.approx(1, abs=systematic + 2.4 * paired.error)


@pytest.mark.ns3
@pytest.mark.slow
@pytest.mark.parametrize(
    "metric", ["load_std", "load_max", "handovers", "satisfied_share", "throughput_mbps"]
)
def test_neither_ranks_the_agents_against_the_other(halls: Twins, metric: str) -> None:
    assert halls.verdict(metric) != "reversed"


@pytest.mark.ns3
@pytest.mark.slow
def test_handovers_are_as_many(halls: Twins) -> None:
    paired = ratio(halls, "handovers", "gt-rl")
    assert paired.mean == pytest.approx(1, abs=0.2 + 2.4 * paired.error)
    assert all(side.means("handovers")["max-rsrp"].mean < 3 for side in (halls.truth, halls.twin))
