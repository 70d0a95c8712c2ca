# SPDX-License-Identifier: GPL-2.0-only
"""The ladder leads from the paper's equations to the preset, and its loads are matched."""

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyagents.report.page import Page
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.experiment import load_experiments
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import make_plan
from pyagents.runs.store import Store
from pyagents.runs.workers import LocalWorkers
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.ladder.calibration import (
    FIRST_SEED,
    PUBLISHED,
    TOLERANCE,
    Match,
    Matches,
    ladder_folder,
    load_matches,
    match_load,
)
from pyagents.scenarios.indoor_factory.ladder.climb import (
    Fate,
    Standing,
    agent_rows,
    find_fates,
    list_claims,
    twin_rows,
    verdict_rows,
)
from pyagents.scenarios.indoor_factory.ladder.matching import Matcher
from pyagents.scenarios.indoor_factory.ladder.rungs import SIMULATORS, Ladder, load_ladder, scale_demand
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.report import ladder
from tests.experiments.runs import outcomes_of

LADDER = load_ladder()
NUMBERS = range(len(LADDER.rungs))
FULL = 8

MATCH = Match(
    rung=1,
    simulator="mock",
    demand_mbps=3.0,
    load_mean=0.7,
    target=0.7,
    seeds=8,
    steps=25,
    scenario="abc",
    build="mock 1",
)


# ---- Rungs ----


@pytest.mark.parametrize("number", NUMBERS[1:])
def test_a_rung_differs_from_the_one_below_by_what_it_restores(number: int) -> None:
    below, here = (LADDER.scenario(n).to_dict() for n in (number - 1, number))
    changed = {name for name in here if here[name] != below[name]}
    assert changed == {*LADDER.rungs[number].restores, *LADDER.rungs[number].sets}
    full = PRESETS["fig7"].to_dict()
    assert all(here[name] == full[name] for name in LADDER.rungs[number].restores)


def test_the_rung_that_restores_last_is_the_preset_and_the_next_goes_beyond() -> None:
    assert LADDER.full == FULL
    assert LADDER.scenario(FULL) == PRESETS["fig7"]
    assert LADDER.scenario(FULL, PRESETS["fig7"].demand_mbps) == PRESETS["fig7"]
    assert LADDER.scenario(FULL + 1) == dataclasses.replace(PRESETS["fig7"], ceiling_links="drawn")


def test_the_lowest_rung_has_nothing_but_the_equations() -> None:
    lowest = LADDER.scenario(0)
    assert lowest.rate_model == "shannon"
    assert lowest.n_channels == lowest.n_gnbs
    assert (lowest.interference, lowest.sib_loss, lowest.n_wifi_aps) == (False, False, 0)
    assert (lowest.handover_interruption_ms, lowest.cho_time_to_trigger_ms) == (0, 0)
    with pytest.raises(ValueError, match="at least -156"):
        dataclasses.replace(lowest, cho_rsrp_threshold_dbm=lowest.cho_rsrp_threshold_dbm - 1)


def test_only_the_mock_plays_shannon_s_rate_and_only_ns3_packets() -> None:
    assert all(not LADDER.plays(n, "ns3") for n in NUMBERS if LADDER.scenario(n).rate_model == "shannon")
    assert [n for n in NUMBERS if not LADDER.plays(n, "mock")] == [7]
    assert LADDER.scenario(6) == LADDER.scenario(7)


def test_the_way_up_passes_to_ns3_where_packets_come_in() -> None:
    assert LADDER.path(SIMULATORS) == [*((n, "mock") for n in range(7)), (7, "ns3"), (8, "ns3"), (9, "ns3")]
    assert LADDER.path(["mock"]) == [(n, "mock") for n in (*range(7), 8, 9)]
    assert LADDER.path(["ns3"]) == [(n, "ns3") for n in (*range(1, 6), 7, 8, 9)]


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_a_scaled_demand_keeps_its_shape(factor: float) -> None:
    preset = PRESETS["fig7"]
    scaled = dataclasses.replace(preset, **scale_demand(preset, factor * preset.demand_mbps))
    assert scaled.demand_width_mbps / scaled.demand_mbps == pytest.approx(
        preset.demand_width_mbps / preset.demand_mbps
    )
    assert math.sqrt(scaled.demand_variance_mbps2) / scaled.demand_mbps == pytest.approx(
        math.sqrt(preset.demand_variance_mbps2) / preset.demand_mbps
    )
    assert scaled.queue_limit_bytes / scaled.demand_mbps == pytest.approx(
        preset.queue_limit_bytes / preset.demand_mbps
    )


def test_the_claims_are_the_papers_at_100_ues() -> None:
    assert list_claims(LADDER) == [
        "load variance: below DQN-MLB, Adaptive-MLB, QA-LB",
        "load variance: 10 % or more below DQN-MLB, Adaptive-MLB, QA-LB",
        "UEs satisfied: about 5 % above DQN-MLB",
        "UEs satisfied: 10 % or more above Adaptive-MLB, QA-LB",
        "throughput: about 5 % above DQN-MLB",
        "throughput: 10 % or more above Adaptive-MLB, QA-LB",
    ]
    for experiment in LADDER.experiments(3, 2.0):
        assert experiment.points(quick=True) == experiment.points(quick=False) == (100,)
        assert experiment.scenario(100) == LADDER.scenario(3, 2.0)


def test_a_ladder_is_no_figure() -> None:
    assert not {"ladder", "rungs"} & set(load_experiments(FAMILY))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda ladder: {"rungs": ladder.rungs[:-2]}, "n_wifi_aps is to be in without, and in restores"),
        (lambda ladder: {"without": {**ladder.without, "steps": 50}}, "steps is to be in without"),
        (
            lambda ladder: {"without": {**ladder.without, "interference": True}},
            "interference=True is what the preset has",
        ),
        (lambda ladder: {"rungs": ladder.rungs[1:]}, "the first one has nothing to restore"),
        (lambda ladder: {"rungs": (ladder.rungs[0], *ladder.rungs)}, "is the same as the one below"),
        (
            lambda ladder: {"rungs": (*ladder.rungs[:2], ladder.rungs[-1], *ladder.rungs[2:-1])},
            "sets fields below the preset, rung 9",
        ),
        (lambda ladder: {"preset": "fig99"}, "preset='fig99' is unknown"),
        (lambda ladder: {"figures": ("fig99",)}, "'fig99' is unknown"),
        (lambda ladder: {"without": {**ladder.without, "n_channels": 99}}, "n_channels=99 is not allowed"),
    ],
)
def test_a_ladder_that_does_not_lead_up_is_refused(
    change: Callable[[Ladder], dict[str, Any]], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        dataclasses.replace(LADDER, **change(LADDER))


def test_a_malformed_declaration_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[rungs]]\nlabel = "a"\nadds = "b"\nsimulators = ["ns2"]\n')
    with pytest.raises(ValueError, match=r"mine\.toml: simulators=\['ns2'\] is not allowed"):
        load_ladder(path)


# ---- Loads ----


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.6])
@pytest.mark.parametrize("factor", [0.05, 1.3, 6.0])
def test_a_load_is_matched_whatever_its_curve(exponent: float, factor: float) -> None:
    demand, load = match_load(lambda d: factor * (d / 10) ** exponent, 0.7, start=2.75)
    assert load == pytest.approx(0.7, rel=TOLERANCE)
    assert demand == pytest.approx(10 * (0.7 / factor) ** (1 / exponent), rel=0.1)


def test_a_load_that_cannot_be_had_gives_the_nearest() -> None:
    tried = []

    def measure(demand: float) -> float:
        tried.append(demand)
        return min(0.5, demand)

    demand, load = match_load(measure, 0.7, start=0.1, tries=6)
    assert len(tried) <= 6
    assert load == 0.5
    assert demand in tried


def test_a_load_that_rises_in_one_step_is_closed_in_on() -> None:
    demand, _ = match_load(lambda d: 0.1 if d < 3 else 4.0, 0.7, start=1.0, tries=20)
    assert demand == pytest.approx(3.0, rel=0.05)


def test_matches_come_back_from_a_file(tmp_path: Path) -> None:
    matches = Matches(target=dataclasses.replace(MATCH, rung=8)).with_match(MATCH)
    matches.save(tmp_path / "demands.json")
    assert load_matches(tmp_path / "demands.json") == matches
    assert load_matches(tmp_path / "none.json") == Matches()
    (tmp_path / "bad.json").write_text('{"target": {}}')
    with pytest.raises(ValueError, match=r"bad\.json: demands is missing"):
        load_matches(tmp_path / "bad.json")
    (tmp_path / "bad.json").write_text('{"target": {"rung": 8}, "demands": []}')
    with pytest.raises(ValueError, match=r"bad\.json: simulator is missing"):
        load_matches(tmp_path / "bad.json")


def test_a_match_serves_only_the_same_rung_and_no_surer_one() -> None:
    matches = Matches().with_match(MATCH)
    assert matches.find(MATCH) == MATCH
    assert matches.find(dataclasses.replace(MATCH, seeds=4, build="mock 2")) == MATCH
    changes: tuple[dict[str, Any], ...] = (
        {"seeds": 9},
        {"steps": 50},
        {"scenario": "ab0"},
        {"rung": 2},
        {"target": 0.8},
    )
    for change in changes:
        assert matches.find(dataclasses.replace(MATCH, **change)) is None


def test_published_demands_belong_to_the_rungs() -> None:
    published = load_matches(ladder_folder() / PUBLISHED)
    for match in published.demands:
        assert match.scenario == LADDER.scenario(match.rung).key
        assert published.target is not None
        assert match.target == published.target.load_mean


def test_loads_on_the_mock_meet_the_target(tmp_path: Path) -> None:
    places = [(1, "mock"), (2, "mock"), (8, "mock")]
    lines: list[str] = []

    def match_all(known: list[Matches]) -> Matches:
        with LocalWorkers(1) as workers:
            matcher = Matcher(
                ladder=LADDER,
                results=Store(tmp_path / "runs"),
                workers=workers,
                failed=tmp_path / "failed",
                tell=lines.append,
                quick=True,
            )
            return matcher.match_all(places, known, keep=lambda matches: None)

    matches = match_all([])
    assert matches.target is not None
    assert matches.at(8, "mock") == matches.target
    assert matches.target.demand_mbps == PRESETS["fig7"].demand_mbps
    for number in (1, 2):
        match = matches.at(number, "mock")
        assert match.load_mean == pytest.approx(matches.target.load_mean, rel=TOLERANCE)
        assert match.is_met
        store = Store(tmp_path / "runs")
        records = [store.get(path.name) for path in store.folder.glob("??/*")]
        loads = [
            record.summary["load_mean"]
            for record in records
            if record is not None
            and record.facts["scenario"] == LADDER.scenario(number, match.demand_mbps, steps=25).to_dict()
        ]
        assert sum(loads) / len(loads) == pytest.approx(match.load_mean)
    seeds = {record.facts["seed"] for record in records if record is not None}
    assert min(seeds) == FIRST_SEED
    lines.clear()
    assert match_all([matches]) == matches
    assert not lines


# ---- Claims ----


def fate(*answers: str) -> Fate:
    places = [(number, "mock") for number in range(len(answers))]
    return Fate(name="x", answers=dict(zip(places, answers, strict=True)), path=places)


def test_a_claim_breaks_where_it_holds_no_longer() -> None:
    assert fate("holds", "holds", "undecided", "does not hold").broken_at == 2
    assert fate("holds", "holds").broken_at is None
    assert fate("does not hold", "holds", "does not hold").broken_at is None
    told = fate("holds", "holds", "undecided", "does not hold", "does not hold").tell()
    assert told == "holds on 0 to 1; undecided on 2; does not hold on 3 to 4"


def test_verdicts_on_a_rung_are_those_of_the_figures(tmp_path: Path) -> None:
    agents = (
        Contender(name="gt-rl", label="GT-RL"),
        Contender(name="dqn-mlb", label="DQN-MLB"),
        Contender(name="adaptive-mlb", label="Adaptive-MLB"),
        Contender(name="qa-lb", label="QA-LB"),
    )
    standings = [
        Standing(
            rung=number,
            match=dataclasses.replace(MATCH, rung=number),
            outcomes=outcomes_of(
                LADDER.experiments(number, 2.0),
                tmp_path / str(number),
                lambda agent, _, seed: (1.05 if agent == "gt-rl" else 1.0) + seed / 1e4,
                agents=agents,
            ),
        )
        for number in (0, 1)
    ]
    fates = find_fates(LADDER, standings)
    assert [f.answers[0, "mock"] for f in fates] == [
        "does not hold",
        "does not hold",
        "does not hold",  # 5 % to all digits with no spread: the interval is narrower than the margin
        "does not hold",
        "does not hold",
        "does not hold",
    ]
    assert {(row["rung"], row["agent"]) for row in agent_rows(LADDER, standings)} == {
        (number, agent.name) for number in (0, 1) for agent in agents
    }
    rows = verdict_rows(LADDER, standings)
    assert len(rows) == 2 * (3 + 3 + 1 + 2 + 1 + 2)
    assert rows[0]["mean"] == pytest.approx(-0.05, abs=1e-3)


def test_simulators_of_a_rung_are_held_against_each_other(tmp_path: Path) -> None:
    def standing(simulator: str, sign: int) -> Standing:
        outcomes = outcomes_of(
            LADDER.experiments(1, 2.0),
            tmp_path / simulator,
            lambda agent, _, seed: 1 + 0.1 * sign * (agent == "gt-rl") + seed / 1e4,
        )
        outcomes.plan.__dict__["simulator"] = simulator
        return Standing(rung=1, match=MATCH, outcomes=outcomes)

    for sign, said in ((1, "same"), (-1, "reversed")):
        rows = twin_rows(LADDER, [standing("mock", sign), standing("ns3", 1)])
        assert [row["order"] for row in rows] == [said] * 3
        assert rows[0]["on_ns3"] == "gt-rl > qa-lb"
    assert twin_rows(LADDER, [standing("mock", 1)]) == []


def test_the_report_has_a_section_only_where_the_ladder_was_climbed(tmp_path: Path) -> None:
    plan = make_plan(LADDER.experiments(0), [], seeds=1, simulator="mock", quick=True)
    outcomes = Outcomes(plan, Store(tmp_path / "runs"))
    page = Page(outcomes=outcomes, drawings=[], failures=[], folder=tmp_path)
    assert ladder(page) == ""
    (tmp_path / "ladder").mkdir()
    (tmp_path / "ladder" / "ladder.png").write_bytes(b"png")
    (tmp_path / "ladder" / "claims.csv").write_text("claim,way,broken_by\na < b,holds on 0,+ interference\n")
    section = ladder(page)
    for part in ("a &lt; b", "+ interference", "data:image/png"):
        assert part in section
