# SPDX-License-Identifier: GPL-2.0-only
"""The mock as a Simulator: deterministic, conserving, one hall of a batch being a hall alone."""

import dataclasses
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

import pyagents
from pyagents.scenarios.indoor_factory.agents.gt_rl import GtRl
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.mock import BatchedMock, MockSimulator
from pyagents.scenarios.indoor_factory.mock.batch import HALL_KEY, hall_rng
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import MAX_LOAD, Action, Snapshot
from pyagents.simulators.registry import make_simulator

SMALL = Scenario(n_gnbs=4, n_ues=20, steps=6)
HALLS = {
    "plain": SMALL,
    "still": dataclasses.replace(SMALL, mobile_share=0.0),
    "all walk": dataclasses.replace(SMALL, mobile_share=1.0, ue_speed_mps=20.0),
    "one channel": dataclasses.replace(SMALL, n_channels=1, n_gnbs=7, demand_mbps=6.0),
    "random, gamma": dataclasses.replace(SMALL, gnb_layout="random", demand_distribution="gamma"),
    "Wi-Fi, selection": dataclasses.replace(
        SMALL, n_wifi_aps=3, wifi_on_s=0.3, wifi_off_s=0.3, channel_selection="occupancy", steps=12
    ),
    "one of each": Scenario(n_gnbs=1, n_ues=1, n_channels=1, steps=4),
    "factory": dataclasses.replace(SMALL, propagation="inf-dl", ue_height_m=1.0),
    "load condition": dataclasses.replace(SMALL, cho_lb_en=True),
    "odd periods": dataclasses.replace(SMALL, sib_period_ms=80, discovery_period_ms=30),
    "slots": dataclasses.replace(SMALL, start_alignment="slot", sib_access="type1"),
    "overload": dataclasses.replace(SMALL, demand_mbps=40.0),
    "drawn links": dataclasses.replace(SMALL, ceiling_links="drawn", los_state="drawn", mobile_share=0.5),
    "Shannon, alone": dataclasses.replace(
        SMALL, rate_model="shannon", interference=False, sib_loss=False, n_wifi_aps=1
    ),
    "expected rates": dataclasses.replace(SMALL, rate_knowledge="expected", n_channels=1, n_gnbs=7),
}


def bytes_of(snapshot: Snapshot) -> bytes:
    return b"".join(np.ascontiguousarray(getattr(snapshot, name)).tobytes() for name in Snapshot.facts())


def random_actions(scenario: Scenario, seed: int) -> Iterator[Action]:
    """All three knobs, now and then."""
    rng = np.random.default_rng(seed)
    g, u = scenario.n_gnbs, scenario.n_ues
    while True:
        yield Action(
            cho_target=rng.integers(-1, g, u, dtype=np.int32) if rng.random() < 0.7 else None,
            cio_db=rng.uniform(-24, 24, (g, g)) if rng.random() < 0.5 else None,
            channel=rng.integers(-1, scenario.n_channels, g, dtype=np.int32) if rng.random() < 0.4 else None,
        )


def play(scenario: Scenario, seed: int, actions_seed: int = 0) -> list[Snapshot]:
    simulator, actions = MockSimulator(), random_actions(scenario, actions_seed)
    seen = [simulator.reset(scenario, seed)]
    while not simulator.done:
        seen.append(simulator.step(next(actions)))
    return seen


@pytest.fixture(params=HALLS)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return HALLS[request.param]


def test_same_seed_same_bytes_other_seed_other_bytes(scenario: Scenario) -> None:
    one, again, other = (play(scenario, seed) for seed in (5, 5, 6))
    assert [bytes_of(now) for now in one] == [bytes_of(now) for now in again]
    assert bytes_of(one[-1]) != bytes_of(other[-1])


def test_reset_forgets(scenario: Scenario) -> None:
    simulator = MockSimulator()
    first = bytes_of(simulator.reset(scenario, 3))
    simulator.step(next(random_actions(scenario, 1)))
    assert bytes_of(simulator.reset(scenario, 3)) == first


def test_bytes_are_conserved_and_shares_are_shares(scenario: Scenario) -> None:
    for now in play(scenario, 1):
        offered = now.delivered_bytes + now.dropped_bytes + now.queued_bytes
        np.testing.assert_array_equal(now.offered_bytes, offered)
        for values in (now.delivered_bytes, now.dropped_bytes, now.queued_bytes):
            assert (values >= 0).all()
            assert (values == np.floor(values)).all()
        assert (now.queued_bytes <= scenario.queue_limit_bytes).all()
        for share in (now.airtime, now.airtime_used):
            assert ((share > 0) & (share <= 1)).all()
        assert ((now.load >= 0) & (now.load <= MAX_LOAD)).all()
        assert (now.sib_sent <= now.sib_due).all()
        assert (now.sib_heard <= now.sib_sent).all()
        assert ((now.serving >= 0) & (now.serving < scenario.n_gnbs)).all()


def test_counters_only_grow(scenario: Scenario) -> None:
    seen = play(scenario, 2)
    for name in ("handovers", "ping_pongs", "offered_bytes", "delivered_bytes", "dropped_bytes", "sib_heard"):
        values = np.array([getattr(now, name) for now in seen])
        assert (np.diff(values, axis=0) >= 0).all(), name


def test_wifi_delivers_no_more_than_it_is_given() -> None:
    scenario = HALLS["Wi-Fi, selection"]
    seen = play(scenario, 1)
    for name in ("wifi_offered_bytes", "wifi_delivered_bytes"):
        assert (np.diff([getattr(now, name) for now in seen]) >= 0).all()
    assert 0 < seen[-1].wifi_delivered_bytes <= seen[-1].wifi_offered_bytes
    assert MockSimulator().reset(SMALL, 1).wifi_offered_bytes == 0


def test_gnbs_receive_each_other_as_the_hall_has_it() -> None:
    scenario = dataclasses.replace(SMALL, shadowing=False)
    now = MockSimulator().reset(scenario, 1)
    apart_m = np.linalg.norm(now.gnb_position_m[0] - now.gnb_position_m[1])
    loss_db = 32.4 + 17.3 * np.log10(apart_m) + 20 * np.log10(5.2)  # in line of sight
    assert now.gnb_rsrp_dbm[0, 1] == pytest.approx(23 - loss_db - 10 * np.log10(12 * 51), abs=0.01)
    assert np.isnan(np.diag(now.gnb_rsrp_dbm)).all()
    np.testing.assert_array_equal(now.gnb_rsrp_dbm, now.gnb_rsrp_dbm.T)


def test_rsrp_is_that_of_a_resource_element() -> None:
    """The threshold of candidates compares with the RSRP that is shown."""
    for margin_db, serving in ((-0.01, 1), (0.01, 0)):
        scenario = dataclasses.replace(SMALL, mobile_share=0.0, n_channels=4)
        first = MockSimulator().reset(scenario, 1)
        ue = int(np.flatnonzero(first.serving == 0)[0])
        scenario = dataclasses.replace(
            scenario, cho_rsrp_threshold_dbm=float(first.rsrp_dbm[ue, 1]) + margin_db
        )
        simulator, target = MockSimulator(), first.serving.copy()
        simulator.reset(scenario, 1)
        target[ue] = 1
        assert simulator.step(Action(cho_target=target)).serving[ue] == serving


def test_a_halls_numbers_are_not_its_agents() -> None:
    for seed in (1, 2, 12345):
        hall, agent = hall_rng(seed), np.random.default_rng(seed)
        drawn = hall.random(1000)
        assert not np.isin(drawn, agent.random(10_000)).any()
        assert not np.isin(drawn, np.random.default_rng([seed, HALL_KEY]).random(10_000)).any()
    assert hall_rng(1).random() != hall_rng(2).random()


def test_ues_stay_in_the_hall(scenario: Scenario) -> None:
    for now in play(scenario, 1):
        assert (now.ue_position_m >= 0).all()
        assert (now.ue_position_m <= [scenario.hall_length_m, scenario.hall_width_m, 3]).all()


@pytest.mark.parametrize("size", [2, 5])
def test_a_hall_of_a_batch_is_a_hall_alone(scenario: Scenario, size: int) -> None:
    seeds = list(range(11, 11 + size))
    alone = [play(scenario, seed, actions_seed=seed) for seed in seeds]
    batch, each = BatchedMock(), [random_actions(scenario, seed) for seed in seeds]
    steps = [batch.reset(scenario, seeds)]
    while not batch.done:
        steps.append(batch.step(stacked([next(actions) for actions in each], scenario, batch)))
    for hall, snapshots in enumerate(alone):
        for k, expected in enumerate(snapshots):
            assert bytes_of(steps[k].at(hall)) == bytes_of(expected), (hall, k)


def stacked(actions: list[Action], scenario: Scenario, batch: BatchedMock) -> Action:
    """One Action of many: where a hall leaves a knob, it is asked for what it has."""
    rrc, cells, stay = batch.state.rrc.named, batch.state.cells, np.full(scenario.n_gnbs, -1, dtype=np.int32)
    target = [rrc.cho_target[k] if a.cho_target is None else a.cho_target for k, a in enumerate(actions)]
    cio = [cells.cio_db[k] if a.cio_db is None else a.cio_db for k, a in enumerate(actions)]
    channel = [stay if a.channel is None else a.channel for a in actions]
    return Action(
        cho_target=np.stack(target).astype(np.int32),
        cio_db=np.stack(cio),
        channel=np.stack(channel).astype(np.int32),
    )


def test_interchangeable_by_name() -> None:
    assert isinstance(make_simulator("mock", None, FAMILY), MockSimulator)


def test_time_and_warm_up_are_those_of_ns3() -> None:
    simulator = MockSimulator()
    first = simulator.reset(PRESETS["fig5"], 1)
    assert first.time_s == pytest.approx(7 * 0.16)
    assert first.sib_due.tolist() == [6] * 6
    assert simulator.step(Action()).time_s == pytest.approx(8 * 0.16)


def test_steps_are_as_many_as_asked_for() -> None:
    assert len(play(SMALL, 1)) == SMALL.steps + 1


def test_misuse_is_refused() -> None:
    simulator = MockSimulator()
    with pytest.raises(RuntimeError, match="step before reset"):
        simulator.step(Action())
    with pytest.raises(ValueError, match="seed=0 is not allowed"):
        simulator.reset(SMALL, 0)
    simulator.reset(SMALL, 1)
    with pytest.raises(ValueError, match=r"cho_target\[0\] is 9"):
        simulator.step(Action(cho_target=np.full(20, 9, dtype=np.int32)))
    with pytest.raises(ValueError, match=r"cho_target has shape \(3,\)"):
        simulator.step(Action(cho_target=np.zeros(3, dtype=np.int32)))
    for _ in range(SMALL.steps):
        simulator.step(Action())
    assert simulator.done
    with pytest.raises(RuntimeError, match="step after the last one"):
        simulator.step(Action())
    simulator.close()
    simulator.close()
    with pytest.raises(RuntimeError, match="step before reset"):
        simulator.step(Action())
    with pytest.raises(ValueError, match="at least one hall"):
        BatchedMock().reset(SMALL, [])


def test_an_action_says_the_same_in_any_form() -> None:
    target = [1, -1] * 10
    seen = []
    for form in (target, np.array(target), np.array(target, dtype=np.int32)):
        simulator = MockSimulator()
        simulator.reset(SMALL, 1)
        seen.append(bytes_of(simulator.step(Action(cho_target=form))))
    assert seen[0] == seen[1] == seen[2]


def test_a_snapshot_stays_as_it_was() -> None:
    simulator, actions = MockSimulator(), random_actions(SMALL, 4)
    first = simulator.reset(SMALL, 1)
    before = bytes_of(first)
    for _ in range(4):
        simulator.step(next(actions))
    assert bytes_of(first) == before


def test_a_gnb_that_changes_channel_meets_others_there() -> None:
    scenario = Scenario(
        n_gnbs=2,
        n_channels=2,
        n_ues=40,
        hall_length_m=20.0,
        hall_width_m=20.0,
        averaging_window_ms=320.0,
    )
    simulator = MockSimulator()
    alone = simulator.reset(scenario, 1)
    assert alone.channel.tolist() == [0, 1]
    together = simulator.step(Action(channel=np.array([-1, 0], dtype=np.int32)))
    assert together.channel.tolist() == [0, 0]
    # Who came forgets what it was left elsewhere; who was there takes the mean over the window.
    assert together.airtime[1] < alone.airtime[1] - 0.2
    later = simulator.step(Action())
    assert (later.airtime < alone.airtime - 0.2).all()
    assert together.airtime[0] == pytest.approx((alone.airtime[0] + later.airtime[0]) / 2, abs=0.1)
    assert later.airtime[0] < together.airtime[0] < alone.airtime[0]


def test_wifi_takes_airtime() -> None:
    quiet = Scenario(
        n_gnbs=2,
        n_channels=1,
        n_ues=4,
        hall_length_m=20.0,
        hall_width_m=20.0,
        n_wifi_aps=1,
        wifi_channels="0",
        wifi_stations_per_ap=0,
    )
    busy = dataclasses.replace(quiet, wifi_stations_per_ap=1, wifi_demand_mbps=20.0)
    without, with_traffic = (MockSimulator().reset(scenario, 1) for scenario in (quiet, busy))
    assert (with_traffic.airtime < without.airtime - 0.2).all()


def test_selection_leaves_a_crowded_channel() -> None:
    scenario = Scenario(
        n_gnbs=2,
        n_channels=3,
        n_ues=30,
        hall_length_m=20.0,
        hall_width_m=20.0,
        steps=20,
        warmup_periods=0,
        channel_selection="occupancy",
        n_wifi_aps=2,
        wifi_channels="0",
        wifi_demand_mbps=40.0,
    )
    simulator = MockSimulator()
    now = simulator.reset(scenario, 1)
    assert now.channel.tolist() == [0, 1]
    while not simulator.done:
        now = simulator.step(Action())
    assert now.channel.tolist() == [2, 1]


def test_gt_rl_evens_out_the_load() -> None:
    scenario = dataclasses.replace(PRESETS["fig5"], steps=30, n_wifi_aps=0)
    first, settled = [], []
    for seed in range(1, 9):
        agent, simulator = GtRl(), MockSimulator()
        agent.reset(scenario, seed)
        now = simulator.reset(scenario, seed)
        loads = [now.load]
        while not simulator.done:
            now = simulator.step(agent.act(now))
            loads.append(now.load)
        first.append(loads[0].std())
        settled.append(np.median([load.std() for load in loads[-10:]]))
    assert np.mean(settled) < 0.5 * np.mean(first)


def lines_of(function: Callable[[], object]) -> int:
    """How many lines of the project's Python it runs; an iteration of a loop on one line counts as a line."""
    own = str(Path(pyagents.__file__).parent)
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        nonlocal count
        count += event == "line"
        return note if frame.f_code.co_filename.startswith(own) else None

    before = sys.gettrace()
    sys.settrace(note)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def test_loops_in_python_are_counted() -> None:
    """Placing halls has one: each has a generator of its own."""
    few = lines_of(lambda: BatchedMock().reset(SMALL, [1, 2]))
    assert lines_of(lambda: BatchedMock().reset(SMALL, range(1, 10))) >= few + 7


@pytest.mark.parametrize("agent_moves", [False, True])
def test_no_python_loop_over_ues_cells_or_halls(agent_moves: bool) -> None:
    def lines(n_ues: int, n_gnbs: int, halls: int) -> int:
        scenario = Scenario(n_gnbs=n_gnbs, n_ues=n_ues, mobile_share=0.5, steps=30, warmup_periods=0)
        batch = BatchedMock()
        now = batch.reset(scenario, range(1, halls + 1))
        target = (now.serving + 1) % n_gnbs if agent_moves else now.serving
        for _ in range(2):
            batch.step(Action(cho_target=target))
        return lines_of(lambda: batch.step(Action(cho_target=(target + agent_moves) % n_gnbs)))

    few = lines(20, 4, 2)
    assert lines(1000, 4, 2) == few
    assert lines(20, 400, 2) == few
    assert lines(20, 4, 400) == few


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (
            Action(cho_target=np.zeros((2, 7), dtype=np.int32)),
            r"cho_target has shape \(2, 7\), expected \(2, 8\)",
        ),
        (Action(cho_target=np.zeros((2, 9), dtype=np.int32)), r"shape \(2, 9\)"),
        (Action(cho_target=np.zeros((1, 8), dtype=np.int32)), r"shape \(1, 8\)"),
        (
            Action(cho_target=np.full((2, 8), 3, dtype=np.int32)),
            r"cho_target\[0, 0\] is 3, allowed is -1 to 2",
        ),
        (Action(cho_target=np.full((2, 8), -2, dtype=np.int32)), r"cho_target\[0, 0\] is -2"),
        (Action(cho_target=np.full((2, 8), 1.7)), "cho_target has type float64, expected int32"),
        (Action(cio_db=np.zeros((2, 1, 3))), r"cio_db has shape \(2, 1, 3\)"),
        (Action(cio_db=np.full((2, 3, 3), np.nan)), r"cio_db\[0, 0, 0\] is nan"),
        (Action(channel=np.full((2, 3), 4, dtype=np.int32)), r"channel\[0, 0\] is 4"),
    ],
)
def test_malformed_actions_of_a_batch_are_refused(action: Action, said: str) -> None:
    batch = BatchedMock()
    batch.reset(Scenario(n_gnbs=3, n_ues=8, steps=3), [1, 2])
    with pytest.raises(ValueError, match=said):
        batch.step(action)
    batch.step(Action())  # as if nothing had been asked for
