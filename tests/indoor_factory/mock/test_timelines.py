# SPDX-License-Identifier: GPL-2.0-only
"""Handovers of one UE between two gNBs, when they happen and what they leave behind."""

import dataclasses
from typing import Literal

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.mock.layout import Layout, draw_layout
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

LINE = Scenario(
    hall_length_m=40.0,
    hall_width_m=10.0,
    n_gnbs=2,
    n_channels=2,
    n_ues=1,
    mobile_share=0.0,
    shadowing=False,
    demand_distribution="constant",
    demand_mbps=2.0,
    warmup_periods=0,
    steps=40,
)
"""gNBs at 10 m and 30 m along a line, each on a channel of its own; the UE's place is up to the test."""


def layout(scenario: Scenario, ue_x_m: float) -> Layout:
    drawn = draw_layout(scenario, np.random.default_rng(1))
    return drawn._replace(ue_position_m=np.array([[ue_x_m, 5.0, 1.5]]), has_los=np.ones_like(drawn.has_los))


def start(scenario: Scenario, ue_x_m: float) -> MockSimulator:
    simulator = MockSimulator(layout=layout(scenario, ue_x_m))
    first = simulator.reset(scenario, 1)
    assert first.serving.tolist() == [0 if ue_x_m < 20 else 1]
    return simulator


def cho(cell: int) -> Action:
    return Action(cho_target=np.array([cell], dtype=np.int32))


STAY = Action()


def play(simulator: MockSimulator, *actions: Action) -> list[Snapshot]:
    return [simulator.step(action) for action in actions]


def test_a_prepared_handover_is_done_after_time_to_trigger_and_interruption() -> None:
    # 40 ms and 40 ms of a step of 160 ms
    (now,) = play(start(LINE, 15.0), cho(1))
    assert now.serving == 1
    assert now.handovers == 1
    assert now.handover_failures == 0


@pytest.mark.parametrize(
    ("trigger_ms", "interruption_ms", "steps"),
    [(100, 50.0, 1), (128, 40.0, 2), (256, 40.0, 2), (256, 100.0, 3)],
)
def test_handovers_that_take_longer_end_in_a_later_step(
    trigger_ms: Literal[100, 128, 256], interruption_ms: float, steps: int
) -> None:
    scenario = dataclasses.replace(
        LINE, cho_time_to_trigger_ms=trigger_ms, handover_interruption_ms=interruption_ms
    )
    seen = [int(now.serving[0]) for now in play(start(scenario, 15.0), cho(1), STAY, STAY)]
    assert seen.index(1) + 1 == steps


def test_a_candidate_too_weak_is_never_entered() -> None:
    scenario = dataclasses.replace(LINE, cho_rsrp_threshold_dbm=-58.0)
    assert all(now.serving == 0 for now in play(start(scenario, 15.0), cho(1), STAY, STAY))


def test_a_new_candidate_starts_its_time_to_trigger_anew() -> None:
    scenario = dataclasses.replace(LINE, cho_time_to_trigger_ms=256)
    simulator = start(scenario, 15.0)
    seen = play(simulator, cho(1), cho(0), cho(1), STAY)
    assert [int(now.serving[0]) for now in seen] == [0, 0, 0, 1]


def test_the_serving_cell_as_candidate_means_to_stay() -> None:
    scenario = dataclasses.replace(LINE, a3_offset_db=-10.0)
    assert all(now.serving == 0 for now in play(start(scenario, 15.0), *[cho(0)] * 6))


def test_a3_moves_nobody_to_a_weaker_cell() -> None:
    assert all(now.handovers == 0 for now in play(start(LINE, 15.0), *[STAY] * 6))


def a3_gap_db(ue_x_m: float) -> float:
    """By how much the other cell is weaker than the serving one."""
    scenario = start(LINE, ue_x_m)
    rsrp = scenario.step(STAY).rsrp_dbm[0]
    return float(rsrp[0] - rsrp[1])


def offset(db: float) -> Action:
    return Action(cio_db=np.array([[0.0, db], [0.0, 0.0]]))


def test_an_individual_offset_makes_a3_move_a_ue_after_its_time_to_trigger() -> None:
    gap = a3_gap_db(19.0)
    assert gap > 0
    enough = np.ceil(gap + 3 + 1)  # beyond a3_offset_db and a3_hysteresis_db
    seen = play(start(LINE, 19.0), offset(enough), STAY, STAY)
    # 256 ms and 40 ms: in the second step
    assert [int(now.serving[0]) for now in seen] == [0, 1, 1]
    assert seen[0].cio_db[0, 1] == enough


def test_an_offset_within_the_hysteresis_moves_nobody() -> None:
    within = np.floor(a3_gap_db(19.0) + 3)
    assert all(now.handovers == 0 for now in play(start(LINE, 19.0), offset(within), *[STAY] * 5))


def test_a_condition_that_falls_into_the_hysteresis_starts_anew() -> None:
    gap = a3_gap_db(19.0)
    enough, within = np.ceil(gap + 4), np.ceil(gap + 2)
    assert gap + 2 < within < gap + 4
    seen = play(start(LINE, 19.0), offset(enough), offset(within), offset(enough), STAY)
    assert [int(now.serving[0]) for now in seen] == [0, 0, 0, 1]


def test_an_offset_taken_back_in_time_moves_nobody() -> None:
    enough = np.ceil(a3_gap_db(19.0) + 4)
    seen = play(start(LINE, 19.0), offset(enough), offset(0.0), *[STAY] * 4)
    assert all(now.handovers == 0 for now in seen)


def test_offsets_are_rounded_as_rrc_spells_them() -> None:
    (now,) = play(start(LINE, 15.0), offset(6.9))
    assert now.cio_db[0, 1] == 6.0  # steps of 2 dB beyond 6 dB
    (now,) = play(start(LINE, 15.0), offset(-2.5))
    assert now.cio_db[0, 1] == -3.0  # halves away from zero


def test_back_within_the_window_is_a_ping_pong() -> None:
    seen = play(start(LINE, 15.0), cho(1), cho(0), cho(1), cho(1), cho(1), cho(1), cho(1), cho(1), cho(0))
    assert [int(now.handovers[0]) for now in seen] == [1, 2, 3, 3, 3, 3, 3, 3, 4]
    assert [int(now.ping_pongs[0]) for now in seen] == [0, 1, 2, 2, 2, 2, 2, 2, 3]
    later = dataclasses.replace(LINE, ping_pong_window_s=0.1)
    assert play(start(later, 15.0), cho(1), cho(0))[-1].ping_pongs == 0


def test_a_ue_between_cells_gets_nothing_and_counts_nowhere() -> None:
    scenario = dataclasses.replace(LINE, handover_interruption_ms=300.0)
    simulator = start(scenario, 15.0)
    before = simulator.step(STAY)
    away = simulator.step(cho(1))
    assert before.load[0] > 0
    assert away.load.tolist() == [0, 0]
    assert away.queued_bytes > before.queued_bytes
    back = play(simulator, STAY, STAY)[-1]
    assert back.serving == 1
    assert back.load[1] > 0


def test_t304_expires_where_the_targets_channel_is_never_free() -> None:
    # The UE at 25 m goes from gNB 1 to gNB 0, whose channel gNB 2 fills for the UE next to it.
    scenario = dataclasses.replace(
        LINE, n_gnbs=3, hall_length_m=60.0, n_ues=2, demand_mbps=90.0, t304_ms=50, ed_threshold_dbm=0.0
    )
    drawn = draw_layout(scenario, np.random.default_rng(1))
    places = np.array([[25.0, 5.0, 1.5], [50.0, 5.0, 1.5]])
    crowded = drawn._replace(ue_position_m=places, has_los=np.ones_like(drawn.has_los))
    failures = []
    for seed in range(1, 13):
        simulator = MockSimulator(layout=crowded)
        simulator.reset(scenario, seed)
        target = np.array([0, 2], dtype=np.int32)
        now = simulator.step(Action(cho_target=target))
        failures.append(int(now.handover_failures[0]))
        assert now.handover_failures[1] == 0
        # Of the cells left the source is the strongest: it re-establishes there, which is no handover.
        assert now.serving[0] == (1 if failures[-1] else 0)
        assert now.handovers[0] == 1 - failures[-1]
    assert 6 <= sum(failures) <= 12


def test_loads_heard_are_those_of_the_period_before_in_sixteen_bits() -> None:
    simulator = start(LINE, 15.0)
    one = simulator.step(STAY)
    two = simulator.step(STAY)
    assert np.isfinite(two.sib_load).all()
    np.testing.assert_array_equal(two.sib_load[0], np.round(one.load * 16384) / 16384)
    np.testing.assert_allclose(two.sib_age_s, 0.16)


def test_the_first_period_has_no_sibx_yet() -> None:
    simulator = MockSimulator(layout=layout(LINE, 15.0))
    first = simulator.reset(LINE, 1)
    assert np.isnan(first.sib_load).all()
    assert np.isposinf(first.sib_age_s).all()
    assert first.sib_due.tolist() == [0, 0]
    assert simulator.step(STAY).sib_due.tolist() == [1, 1]
