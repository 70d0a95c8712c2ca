# SPDX-License-Identifier: GPL-2.0-only
"""GT-RL's equations against numbers worked out by hand, and its readings against each other."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyagents.scenarios.indoor_factory.agents.gt_rl import (
    LETTER,
    GtRl,
    GtRlConfig,
    cell_cost,
    epsilon_at,
    greedy_target,
    heard_airtime,
    load_gap,
    mixed_strategy,
    own_share,
    proportional_share,
    reward,
    sample_target,
)
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.snapshot import Party, Snapshot
from tests.hall import Hall

ALL = np.ones((1, 3), dtype=bool)
AT_0 = np.array([0], dtype=np.int32)


def row(*values: float) -> Any:
    return np.array([values], dtype=np.float64)


# ---- Eq (4) ----


def test_cost_is_the_inverse_of_headroom() -> None:
    np.testing.assert_allclose(cell_cost(row(0.0, 0.5, 0.75), ALL, 1e-3), row(1, 2, 4))


def test_cost_is_infinite_outside_the_candidates() -> None:
    cost = cell_cost(row(0.5, 0.5, np.nan), np.array([[True, False, False]]), 1e-3)
    np.testing.assert_array_equal(cost, row(2, np.inf, np.inf))


def test_overload_costs_most_when_clamped_and_less_than_nothing_as_printed() -> None:
    load = row(0.9, 1.0, 1.5)
    np.testing.assert_allclose(cell_cost(load, ALL, 1e-3), row(10, 1000, 1000))
    np.testing.assert_allclose(cell_cost(load, ALL, 0.0), row(10, np.inf, -2))


# ---- Eq (6) ----

loads = st.lists(st.floats(0, 3), min_size=2, max_size=8)


@given(loads, st.data())
def test_mixed_strategy_is_a_distribution_over_the_candidates(load: list[float], data: st.DataObject) -> None:
    mask = data.draw(st.lists(st.booleans(), min_size=len(load), max_size=len(load)))
    candidates = np.array([mask])
    for floor in (1e-3, 0.0):
        strategy = mixed_strategy(np.array([load]), candidates, floor)
        assert strategy.min() >= 0
        assert not strategy[~candidates].any()
        assert strategy.sum() == pytest.approx(1.0 if any(mask) else 0.0)


@given(loads)
def test_mixed_strategy_prefers_the_less_loaded(load: list[float]) -> None:
    strategy = mixed_strategy(np.array([load]), np.ones((1, len(load)), dtype=bool), 1e-3)[0]
    order = np.argsort(load)
    assert (np.diff(strategy[order]) <= 1e-12).all()


def test_mixed_strategy_by_hand() -> None:
    np.testing.assert_allclose(mixed_strategy(row(0.2, 0.6, 0.2), ALL, 1e-3), row(0.4, 0.2, 0.4))
    np.testing.assert_allclose(mixed_strategy(row(0.5, 1.2, 0.5), ALL, 0.0), row(0.5, 0, 0.5))
    np.testing.assert_allclose(mixed_strategy(row(2, 3, 4), ALL, 0.0), row(1 / 3, 1 / 3, 1 / 3))


def test_samples_follow_the_strategy() -> None:
    strategy = np.repeat(row(0.1, 0.6, 0.3), 20_000, axis=0)
    rng = np.random.default_rng(0)
    drawn = sample_target(strategy, np.zeros(20_000, dtype=np.int32), rng.random(20_000))
    np.testing.assert_allclose(np.bincount(drawn) / 20_000, [0.1, 0.6, 0.3], atol=0.015)


def test_sample_stays_where_there_is_no_candidate() -> None:
    assert sample_target(row(0, 0, 0), np.array([2], dtype=np.int32), np.array([0.5])).tolist() == [2]


# ---- Eq (7) and the greedy branch ----


def test_reward_is_the_saving_or_as_printed_its_opposite() -> None:
    cost = row(4, 2, 10)
    np.testing.assert_allclose(reward(cost, AT_0, "saving"), row(0, 2, -6))
    np.testing.assert_allclose(reward(cost, AT_0, "letter"), row(0, -2, 6))


def test_leaving_an_infeasible_cell_saves_without_bound_and_swapping_two_nothing() -> None:
    saving = reward(row(np.inf, 2, np.inf), AT_0, "saving")
    np.testing.assert_array_equal(saving, row(0, np.inf, 0))
    np.testing.assert_array_equal(reward(row(2, np.inf, 3), AT_0, "saving"), row(0, -np.inf, -1))


def test_the_letter_moves_to_the_worst_cell_and_the_saving_to_the_best() -> None:
    cost = row(4, 2, 10)
    assert greedy_target(reward(cost, AT_0, "saving"), ALL, AT_0, 0.0).tolist() == [1]
    assert greedy_target(reward(cost, AT_0, "letter"), ALL, AT_0, -np.inf).tolist() == [2]


def test_staying_needs_no_reward_and_moving_more_than_the_threshold() -> None:
    gain = reward(row(2.0, 1.95, 3.0), AT_0, "saving")
    assert greedy_target(gain, ALL, AT_0, 0.1).tolist() == [0]
    assert greedy_target(gain, ALL, AT_0, 0.0).tolist() == [1]
    worst = reward(row(1.0, 2.0, 3.0), AT_0, "saving")
    assert greedy_target(worst, ALL, AT_0, 0.0).tolist() == [0]
    assert greedy_target(worst, ALL, AT_0, -np.inf).tolist() == [1], "as printed, everybody moves"


def test_greedy_never_leaves_the_candidates() -> None:
    gain = reward(row(4, 1, 2), AT_0, "saving")
    assert greedy_target(gain, np.array([[True, False, True]]), AT_0, 0.0).tolist() == [2]
    assert greedy_target(gain, np.array([[True, False, False]]), AT_0, -np.inf).tolist() == [0]


# ---- What the mover brings along ----


def test_own_share_is_demand_over_rate_and_airtime() -> None:
    snapshot = make_snapshot(load=[0.5, 0.5, 0.0], channel=[0, 0, 1])
    full = snapshot.demand_bps[:, None] / snapshot.rate_bps
    assert not own_share(snapshot, "none").any()
    np.testing.assert_allclose(own_share(snapshot, "full"), full)
    np.testing.assert_allclose(own_share(snapshot, "shared"), full / np.array([2 / 3, 2 / 3, 1]), rtol=1e-4)


@given(loads, st.integers(1, 4), st.floats(0, 1))
def test_heard_airtime_leaves_each_a_fair_share_and_never_more_than_all(
    load: list[float], n_channels: int, silence: float
) -> None:
    heard = np.array([load])
    heard[0, : round(silence * len(load))] = np.nan
    channel = (np.arange(len(load)) % n_channels).astype(np.int32)
    airtime = heard_airtime(heard, channel)[0]
    assert ((airtime > 1 / len(load) - 1e-6) & (airtime <= 1)).all()
    alone = np.array([(channel == c).sum() == 1 for c in channel])
    np.testing.assert_allclose(airtime[alone], 1)


def test_saturated_cells_split_their_channel() -> None:
    airtime = heard_airtime(row(2, 2, 0.1), np.array([0, 0, 1], np.int32))
    np.testing.assert_allclose(airtime, row(0.5, 0.5, 1), rtol=1e-5)


# ---- Pace and schedule ----


def test_proportional_share_fills_the_least_loaded_cell_to_the_mean_whatever_the_rates() -> None:
    """Sixty UEs on cells 0 to 2 that all want cell 3 and would be one to ten times the load there."""
    rng = np.random.default_rng(4)
    serving = np.repeat(np.arange(3, dtype=np.int32), 20)
    burden = np.full((60, 4), 0.01) + 0.03 * rng.random((60, 4))
    burden[:, 3] = burden.min(axis=1) * rng.uniform(1, 10, 60)
    rows = np.arange(60)
    load = np.append(np.bincount(serving, weights=burden[rows, serving]), 0.1)
    heard, wanted = np.repeat(load[None], 60, axis=0), np.full(60, 3, dtype=np.int32)
    gap = load_gap(heard, np.ones((60, 4), dtype=bool), serving, wanted)
    share = proportional_share(gap, burden, serving, wanted)
    assert ((share > 0) & (share < 1)).all()
    assert 0.1 + (burden[:, 3] * share).sum() == pytest.approx(load.mean())


def test_load_gap_is_nothing_towards_a_cell_as_loaded_or_unheard() -> None:
    wanted = np.array([1], dtype=np.int32)
    assert load_gap(row(0.5, 0.5, 0), ALL, AT_0, wanted).tolist() == [0]
    assert load_gap(row(0.5, 0.7, 0), ALL, AT_0, wanted).tolist() == [0]
    assert load_gap(row(0.5, np.nan, 0), ALL, AT_0, wanted).tolist() == [0]
    assert load_gap(row(0.8, 0.2, 0), ALL, AT_0, wanted).tolist() == [pytest.approx(0.25)]


def test_epsilon_decays_to_its_floor() -> None:
    config = GtRlConfig(epsilon=0.8, epsilon_decay=0.5, epsilon_min=0.15)
    assert [epsilon_at(step, config) for step in range(4)] == pytest.approx([0.8, 0.4, 0.2, 0.15])


@pytest.mark.parametrize(
    "field", ["epsilon", "epsilon_decay", "epsilon_min", "move_probability", "excess_share"]
)
def test_bad_option_is_named(field: str) -> None:
    options: dict[str, Any] = {field: 1.5}
    with pytest.raises(ValueError, match=f"{field}=1.5 is not allowed"):
        GtRlConfig(**options)


# ---- The agent ----


def make_snapshot(*, load: list[float], channel: list[int] | None = None, **changes: Any) -> Snapshot:
    """Five UEs on cell 0 of as many cells as loads, all of them heard alike."""
    scenario = dataclasses.replace(PRESETS["fig5"], n_gnbs=len(load), n_ues=5)
    n, g = 5, len(load)
    snapshot = dataclasses.replace(
        Hall().reset(scenario, 1),
        serving=np.zeros(n, dtype=np.int32),
        rsrp_dbm=np.full((n, g), -60.0),
        rate_bps=np.full((n, g), 50e6),
        demand_bps=np.full(n, 5e6),
        sib_load=np.repeat(np.array([load]), n, axis=0),
    )
    if channel is not None:
        changes["channel"] = np.array(channel, dtype=np.int32)
    return dataclasses.replace(snapshot, **changes)


def decide(snapshot: Snapshot, **options: Any) -> list[int]:
    """What the UEs do if every one may act on its greedy choice, other options as given."""
    given: dict[str, Any] = {
        "selection": "none",
        "rate": "measured",
        "pace": "all",
        "epsilon": 0.0,
        "own_load": "none",
    } | options
    config = GtRlConfig(**given)
    agent = GtRl(config)
    agent.reset(PRESETS["fig5"], 1)
    target = agent.act(snapshot).cho_target
    return [int(value) for value in np.asarray(target)]


def test_moves_to_the_least_loaded_cell() -> None:
    assert decide(make_snapshot(load=[0.8, 0.5, 0.3])) == [2] * 5


def test_stays_with_a3_off_where_nothing_is_better() -> None:
    assert decide(make_snapshot(load=[0.3, 0.3, 0.8])) == [0] * 5


def test_own_load_tips_the_balance_between_near_equals() -> None:
    near = make_snapshot(load=[0.5, 0.42, 0.9])
    assert decide(near) == [1] * 5
    assert decide(near, own_load="full") == [0] * 5


def test_a_cell_never_heard_is_no_candidate() -> None:
    assert decide(make_snapshot(load=[0.8, 0.5, np.nan])) == [1] * 5


@pytest.mark.parametrize("change", [{"rsrp_dbm": -118.1}, {"rate_bps": 5e6}])
def test_a_weak_or_slow_cell_is_no_candidate(change: dict[str, float]) -> None:
    snapshot = make_snapshot(load=[0.8, 0.5, 0.3])
    for name, value in change.items():
        array = getattr(snapshot, name).copy()
        array[:, 2] = value
        snapshot = dataclasses.replace(snapshot, **{name: array})
    assert decide(snapshot) == [1] * 5


def test_old_news_is_no_news() -> None:
    age_s = np.full((5, 3), 0.16)
    age_s[:, 2] = 0.64
    snapshot = make_snapshot(load=[0.8, 0.5, 0.3], sib_age_s=age_s)
    assert decide(snapshot) == [1] * 5
    assert decide(snapshot, max_load_age_periods=4.0) == [2] * 5


@pytest.mark.parametrize("trouble", ["too slow", "not heard any more"])
def test_a_ue_in_trouble_goes_to_any_cell_that_will_do_without_waiting_for_its_share(trouble: str) -> None:
    rate_bps, age_s = np.full((5, 3), 50e6), np.full((5, 3), 0.16)
    if trouble == "too slow":
        rate_bps[:, 0] = 4e6
    else:
        age_s[:, 0] = 0.8
    snapshot = make_snapshot(load=[0.1, 0.9, 0.95], rate_bps=rate_bps, sib_age_s=age_s)
    assert decide(snapshot, pace="proportional", move_probability=1.0) == [1] * 5
    assert decide(snapshot, pace="proportional", move_probability=0.0) == [-1] * 5, "until then, A3"


def test_mobility_is_left_to_a3_where_a_ue_knows_no_way_out() -> None:
    assert decide(make_snapshot(load=[np.nan, 0.1, 0.1])) == [-1] * 5, "its own load unheard"
    assert decide(make_snapshot(load=[0.1, 0.1], rate_bps=np.full((5, 2), 1e6))) == [-1] * 5, "all too slow"


def test_the_letter_herds_everybody_into_the_most_loaded_cell() -> None:
    snapshot = make_snapshot(load=[0.5, 0.3, 0.9])
    letter = dataclasses.asdict(LETTER) | {"epsilon": 0.0, "epsilon_min": 0.0}
    assert decide(snapshot, **letter) == [2] * 5


def test_in_turn_lets_one_move_at_a_time() -> None:
    agent = GtRl(GtRlConfig(selection="none", pace="in-turn", epsilon=0.0))
    agent.reset(PRESETS["fig5"], 1)
    snapshot = make_snapshot(load=[0.9, 0.1])
    moved = [np.flatnonzero(np.asarray(agent.act(snapshot).cho_target) == 1).tolist() for _ in range(6)]
    assert moved == [[0], [1], [2], [3], [4], [0]]


def play(agent: GtRl, seed: int, steps: int = 12) -> list[list[int]]:
    scenario, hall = PRESETS["fig5"], Hall(sib_loss=0.1, load_noise=0.05)
    agent.reset(scenario, seed)
    snapshot, targets = hall.reset(scenario, 1), []
    for _ in range(steps):
        action = agent.act(snapshot)
        targets.append(np.asarray(action.cho_target).tolist())
        snapshot = hall.step(action)
    return targets


def test_same_seed_same_decisions_even_after_a_reset() -> None:
    agent = GtRl()
    first = play(agent, 7)
    assert play(agent, 7) == first
    assert play(GtRl(), 7) == first
    assert play(GtRl(), 8) != first


@pytest.mark.parametrize(
    "config", [GtRlConfig(selection="none"), LETTER, GtRlConfig(selection="none", epsilon=1.0)]
)
def test_decides_from_what_a_ue_knows_alone(config: GtRlConfig) -> None:
    snapshot = Hall().reset(PRESETS["fig5"], 1)
    known = Snapshot.known_to(Party.UE)
    hidden = {
        name: np.full_like(getattr(snapshot, name), -77)
        for name, facts in Snapshot.facts().items()
        if name not in known and facts.axes
    }
    assert {"load", "airtime"} <= set(hidden)
    blind = dataclasses.replace(snapshot, **hidden)
    assert act_once(config, blind) == act_once(config, snapshot)


@pytest.mark.parametrize(
    "config", [GtRlConfig(selection="none"), LETTER, GtRlConfig(selection="none", epsilon=1.0)]
)
def test_no_ue_needs_what_another_one_knows(config: GtRlConfig) -> None:
    snapshot = Hall().reset(PRESETS["fig5"], 1)
    rng = np.random.default_rng(3)
    strangers = slice(1, None)
    changed: dict[str, Any] = {}
    for name in Snapshot.known_to(Party.UE):
        if Snapshot.facts()[name].axes.startswith("U"):
            array = getattr(snapshot, name).copy()
            array[strangers] = rng.permutation(array[strangers])
            changed[name] = array
    changed["sib_load"][strangers] *= rng.uniform(0.1, 3)
    other = dataclasses.replace(snapshot, **changed)
    assert act_once(config, other)[0] == act_once(config, snapshot)[0]


def act_once(config: GtRlConfig, snapshot: Snapshot) -> list[int]:
    agent = GtRl(config)
    agent.reset(PRESETS["fig5"], 5)
    return [int(value) for value in np.asarray(agent.act(snapshot).cho_target)]
