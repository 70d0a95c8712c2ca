# SPDX-License-Identifier: GPL-2.0-only
"""The mock beside ns-3: the comparison itself, and on the real ns-3 what it has to say."""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.runs.comparison import Comparison
from pyagents.runs.execute import Result
from pyagents.runs.run import Run
from pyagents.runs.twins import Twins, estimate_ratio
from pyagents.scenario import Scenario


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
