# SPDX-License-Identifier: GPL-2.0-only
"""The mock beside ns-3: the comparison itself, and on the real ns-3 what it has to say."""

import csv
import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.cli.compare_simulators import make_meter
from pyagents.runs.comparison import Comparison
from pyagents.runs.execute import Result
from pyagents.runs.pool import execute_all
from pyagents.runs.run import Run
from pyagents.runs.twins import Twins, estimate_ratio
from pyagents.scenario import PRESETS, Scenario


def side(values: Mapping[str, list[float]]) -> Comparison:
    """Runs whose one metric is given, by agent and seed."""
    return Comparison(
        results=[
            Result(
                run=Run(scenario=Scenario(), agent=agent, seed=seed),
                rows=[],
                summary={"x": value},
                decisions_s=[],
            )
            for agent, metrics in values.items()
            for seed, value in enumerate(metrics, 1)
        ]
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


# ---- On the real ns-3 ----

AGENTS = ("max-rsrp", "gt-rl")
NS3_SEEDS, MOCK_SEEDS = 8, 32


def played(simulator: str, scenario: Scenario, seeds: int, folder: Path) -> Comparison:
    runs = [
        (Run(scenario=scenario, agent=agent, simulator=simulator, seed=seed), folder / f"{agent}-{seed}")
        for agent in AGENTS
        for seed in range(1, seeds + 1)
    ]
    return Comparison(results=execute_all(runs, make_meter(scenario), workers=2))


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """Fig. 7's hall with 60 UEs: loads of a third, some cells at their limit."""
    folder = tmp_path_factory.mktemp("twins")
    scenario = dataclasses.replace(PRESETS["fig7"], n_ues=60, steps=20)
    return Twins(
        truth=played("ns3", scenario, NS3_SEEDS, folder / "ns3"),
        twin=played("mock", scenario, MOCK_SEEDS, folder / "mock"),
    )


@pytest.mark.ns3
@pytest.mark.slow
@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(
    ("metric", "systematic", "spread"),
    [
        # What the mock is known to be off by (docstring of pyagents.simulators.mock), and the standard
        # deviation over seeds, both as shares of the mean, measured over 96 seeds.
        ("load_mean", 0.12, 0.25),
        ("airtime_mean", 0.05, 0.10),
        ("airtime_used_mean", 0.12, 0.12),
        ("throughput_mbps", 0.03, 0.07),
        ("satisfied_share", 0.05, 0.05),
        ("spectral_efficiency", 0.05, 0.10),
    ],
)
def test_mock_and_ns3_agree(twins: Twins, agent: str, metric: str, systematic: float, spread: float) -> None:
    noise = spread * math.sqrt(1 / NS3_SEEDS + 1 / MOCK_SEEDS)
    assert twins.ratio(metric, agent).mean == pytest.approx(1, abs=systematic + 3 * noise)


@pytest.mark.ns3
@pytest.mark.slow
@pytest.mark.parametrize(
    "metric", ["load_std", "load_max", "handovers", "satisfied_share", "throughput_mbps"]
)
def test_neither_ranks_the_agents_against_the_other(twins: Twins, metric: str) -> None:
    assert twins.verdict(metric) != "reversed"


@pytest.mark.ns3
@pytest.mark.slow
def test_handovers_are_as_many(twins: Twins) -> None:
    moved = [side.means("handovers") for side in (twins.truth, twins.twin)]
    assert moved[1]["gt-rl"].mean == pytest.approx(moved[0]["gt-rl"].mean, rel=0.35)
    assert all(means["max-rsrp"].mean < 3 for means in moved)
