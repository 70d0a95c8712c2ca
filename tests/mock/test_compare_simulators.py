# SPDX-License-Identifier: GPL-2.0-only
"""The mock beside ns-3: the comparison itself, and on the real ns-3 what it has to say."""

import csv
import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from pyagents.agents.registry import find_agent
from pyagents.cli import main
from pyagents.cli.compare_simulators import make_meter
from pyagents.runs.comparison import Comparison
from pyagents.runs.execute import Result
from pyagents.runs.pool import execute_all
from pyagents.runs.rollout import rollout
from pyagents.runs.run import Run
from pyagents.runs.twins import Twins, estimate_ratio
from pyagents.scenario import PRESETS, Scenario
from pyagents.simulators.mock import MockSimulator
from pyagents.simulators.mock.layout import layout_like
from pyagents.simulators.ns3 import Ns3Simulator
from pyagents.snapshot import Snapshot


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
SEEDS = 8
DRAWS = 6
"""Mock runs in each hall of ns-3's, with other random numbers."""


@dataclasses.dataclass(frozen=True)
class SameHalls:
    """Runs on ns-3, and for each the mock in the same hall."""

    ns3: Comparison
    mock: list[Comparison]

    def ratio(self, metric: str, agent: str) -> tuple[float, float]:
        """The mock's mean over ns-3's, and its standard error over halls."""
        truth = np.array(list(self.ns3.values(metric)[agent].values()))
        twin = np.mean([list(side.values(metric)[agent].values()) for side in self.mock], axis=0)
        error = (twin - truth).std(ddof=1) / math.sqrt(len(truth))
        return twin.mean() / truth.mean(), error / truth.mean()


@pytest.fixture(scope="module")
def halls(tmp_path_factory: pytest.TempPathFactory) -> SameHalls:
    """Fig. 7's hall with 60 UEs: loads of a third, some cells at their limit."""
    folder = tmp_path_factory.mktemp("twins")
    scenario = dataclasses.replace(PRESETS["fig7"], n_ues=60, steps=20)
    first: dict[int, Snapshot] = {}
    reset = Ns3Simulator.reset

    def note(simulator: Ns3Simulator, scenario: Scenario, seed: int) -> Snapshot:
        first[seed] = reset(simulator, scenario, seed)
        return first[seed]

    def runs(simulator: str) -> list[Run]:
        return [
            Run(scenario=scenario, agent=agent, simulator=simulator, seed=seed)
            for agent in AGENTS
            for seed in range(1, SEEDS + 1)
        ]

    meter = make_meter(scenario)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ns3Simulator, "reset", note)
        places = [(run, folder / f"{run.agent}-{run.seed}") for run in runs("ns3")]
        truth = Comparison(results=execute_all(places, meter, workers=2))

    def play(run: Run, draw: int) -> Result:
        layout = layout_like(scenario, first[run.seed], np.random.default_rng(1000 + draw))
        simulator = MockSimulator(layout=layout)
        agent = find_agent(run.agent).make()
        rows = rollout(simulator, agent, scenario, 1000 * (draw + 1) + run.seed, meter)
        return Result(run=run, rows=rows, summary=meter.summary(rows), decisions_s=[])

    mock = [Comparison(results=[play(run, draw) for run in runs("mock")]) for draw in range(DRAWS)]
    return SameHalls(ns3=truth, mock=mock)


@pytest.mark.ns3
@pytest.mark.slow
@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(
    ("metric", "systematic"),
    [  # by how much the mock may be off, as a share of the mean: docs/mock.md
        ("load_mean", 0.10),
        ("airtime_mean", 0.05),
        ("airtime_used_mean", 0.05),
        ("throughput_mbps", 0.01),
        ("satisfied_share", 0.05),
        ("spectral_efficiency", 0.05),
    ],
)
def test_in_the_same_halls_mock_and_ns3_agree(
    halls: SameHalls, agent: str, metric: str, systematic: float
) -> None:
    ratio, error = halls.ratio(metric, agent)
    assert ratio == pytest.approx(1, abs=systematic + 2.4 * error)  # two-sided 95 % of Student's t, 7 degrees


@pytest.mark.ns3
@pytest.mark.slow
@pytest.mark.parametrize(
    "metric", ["load_std", "load_max", "handovers", "satisfied_share", "throughput_mbps"]
)
def test_neither_ranks_the_agents_against_the_other(halls: SameHalls, metric: str) -> None:
    assert Twins(truth=halls.ns3, twin=halls.mock[0]).verdict(metric) != "reversed"


@pytest.mark.ns3
@pytest.mark.slow
def test_handovers_are_as_many(halls: SameHalls) -> None:
    ratio, error = halls.ratio("handovers", "gt-rl")
    assert ratio == pytest.approx(1, abs=0.2 + 2.4 * error)
    assert all(side.means("handovers")["max-rsrp"].mean < 3 for side in (halls.ns3, halls.mock[0]))
