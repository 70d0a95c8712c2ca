# SPDX-License-Identifier: GPL-2.0-only
"""Line of sight: the probability of each link, what neighbours share, and how it changes on the way."""

import dataclasses

import numpy as np
import pytest

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.mock.layout import distance_m, draw_layout, layout_like, rule_of, stack
from pyagents.scenarios.indoor_factory.mock.line_of_sight import (
    LosRule,
    conditioned,
    grid_shape,
    los_probability,
    los_rule,
    see,
)
from pyagents.scenarios.indoor_factory.mock.motion import Walkers
from pyagents.scenarios.indoor_factory.mock.numbers import derive
from pyagents.scenarios.indoor_factory.mock.propagation import PROPAGATION
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action

RULE = los_rule("inh-open", 130.0, 3.0, 1.5)
FIELDS = 20_000


def draw_fields(n: int, rule: LosRule = RULE, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).standard_normal((n, *grid_shape(rule, 120.0, 50.0)))


def at(*places: tuple[float, float]) -> Floats:
    return np.array([[x, y, 1.5] for x, y in places])


GNB = np.tile([[60.0, 25.0, 3.0]], (FIELDS, 1))


@pytest.mark.parametrize("name", PROPAGATION)
def test_each_link_has_the_probability_of_the_table(name: str) -> None:
    rule = los_rule(name, 130.0, 3.0, 1.5)
    places = at((63.0, 25.0), (60.0, 5.0), (90.0, 35.0), (117.3, 44.9), (120.0, 50.0), (0.0, 0.0))
    seen = see(draw_fields(FIELDS // 4, rule), GNB[: FIELDS // 4], places, rule).mean(axis=0)
    distance = np.hypot(places[:, 0] - 60, places[:, 1] - 25)
    np.testing.assert_allclose(seen, los_probability(name, distance, 3.0, 1.5), atol=0.03)


def test_neighbours_share_it_and_those_two_grid_steps_apart_do_not() -> None:
    seen = see(draw_fields(FIELDS), GNB, at((95.0, 25.0), (95.0, 26.0), (95.0, 46.0)), RULE)
    correlation = np.asarray(np.corrcoef(seen.T))
    assert correlation[0, 1] > 0.8
    assert abs(correlation[0, 2]) < 0.03


def test_in_a_factory_it_is_correlated_over_half_the_clutter() -> None:
    """TR 38.901 Table 7.6.3.1-2; clutter of 10 m if sparse, 2 m if dense."""
    spacings = {name: los_rule(name, 130.0, 3.0, 1.5).spacing_m for name in PROPAGATION}
    assert spacings == {
        "inh-open": 10.0,
        "inh-mixed": 10.0,
        "inf-sl": 5.0,
        "inf-dl": 1.0,
        "inf-sh": 5.0,
        "inf-dh": 1.0,
        "inf-hh": 10.0,
    }


def test_a_drawn_hall_has_the_states_of_its_fields() -> None:
    scenario = Scenario(n_ues=50)
    layout = draw_layout(scenario, np.random.default_rng(1))
    seen = see(layout.los_field, layout.node_position_m, layout.ue_position_m, rule_of(scenario))
    np.testing.assert_array_equal(layout.has_los, seen)
    drawn = draw_layout(dataclasses.replace(scenario, los_state="drawn"), np.random.default_rng(1))
    assert drawn.los_field.size == 0
    assert 0 < (drawn.has_los != layout.has_los).mean() < 0.5


def test_fields_are_made_to_fit_what_was_observed() -> None:
    rng = np.random.default_rng(3)
    gnbs = np.column_stack([rng.uniform(0, 120, 8), rng.uniform(0, 50, 8), np.full(8, 3.0)])
    ues = at(*[(12.0 * k + 3, 20.0 + k) for k in range(9)])
    distance = np.hypot(gnbs[:, None, 0] - ues[None, :, 0], gnbs[:, None, 1] - ues[None, :, 1])
    wanted = rng.random((8, 9)) < los_probability("inh-open", distance, 3.0, 1.5)
    fields = conditioned(draw_fields(8), gnbs, ues, wanted, RULE, rng)
    np.testing.assert_array_equal(see(fields, gnbs, ues, RULE), wanted)


def jumps_db(scenario: Scenario) -> Floats:
    """[steps - 1, U, G] how much RSRP changes from step to step, where it is measured."""
    simulator = MockSimulator()
    seen = [simulator.reset(scenario, 1).rsrp_dbm]
    while not simulator.done:
        seen.append(simulator.step(Action()).rsrp_dbm)
    power = np.array(seen)
    power[~np.isfinite(power)] = np.nan
    return np.abs(np.diff(power, axis=0))


WALK = Scenario(
    n_gnbs=4,
    n_channels=4,
    n_ues=30,
    mobile_share=1.0,
    ue_speed_mps=6.25,
    shadowing=False,
    l3_filter_k=0,
    steps=100,
)
"""A metre a step."""


def test_path_loss_changes_with_the_state_on_the_way() -> None:
    consistent, drawn = (
        jumps_db(dataclasses.replace(WALK, los_state=state)) for state in ("consistent", "drawn")
    )
    # Path loss without a change of state: 38.3 log10 of a distance that changes by a metre.
    assert np.nanquantile(drawn, 0.99) < 3
    changes = np.nanmean(consistent > 8)
    # A state lasts for some 10 m and the two are apart by some 20 dB.
    assert 0.01 < changes < 0.1


def test_a_state_that_changes_brings_its_law_and_a_new_shadow() -> None:
    scenario = dataclasses.replace(WALK, shadowing=True)
    layout = stack([draw_layout(scenario, np.random.default_rng(1))])
    numbers = derive(scenario, layout)
    assert numbers.steps_a_table == 1
    silent = np.full((1, 4, 30), -np.inf)
    (one,) = Walkers(numbers, silent, silent).ahead(0, np.ones((1, 1, 4, 30)), np.full((1, 1, 30, 2), 0.5))
    ues = np.concatenate([one.position_m[0], np.full((30, 1), 1.5)], axis=1)
    now = see(layout.los_field[0], layout.node_position_m[0], ues, rule_of(scenario))
    has_changed = now != layout.has_los[0]
    assert 5 <= has_changed.sum() <= 40
    model, away = PROPAGATION["inh-open"], distance_m(layout.node_position_m[0], ues)
    shadow_db = 23 - one.rx_dbm[0] - model.loss_db(away, 5.2, now)
    # Of normals that are all 1: those that changed state have the deviation of the new one.
    np.testing.assert_allclose(shadow_db[has_changed], model.shadowing_std_db(now)[has_changed])
    kept = np.exp(-1 / model.correlation_m(now))
    walked = kept * layout.shadowing_db[0] + np.sqrt(1 - kept**2) * model.shadowing_std_db(now)
    np.testing.assert_allclose(shadow_db[~has_changed], walked[~has_changed])


def test_links_along_the_ceiling_are_in_line_of_sight() -> None:
    def losses_db(scenario: Scenario) -> Floats:
        return draw_layout(scenario, np.random.default_rng(1)).node_loss_db[~np.eye(11, dtype=bool)]

    for name in ("inh-open", "inf-dl"):
        scenario = Scenario(n_ues=1, n_wifi_aps=1, shadowing=False, propagation=name)
        layout = draw_layout(scenario, np.random.default_rng(1))
        away = distance_m(layout.node_position_m, layout.node_position_m)
        with_los = PROPAGATION[name].loss_db(away, 5.2, np.ones_like(away, dtype=bool))
        np.testing.assert_allclose(layout.node_loss_db, with_los)
        drawn = dataclasses.replace(scenario, ceiling_links="drawn")
        assert losses_db(drawn).mean() > losses_db(scenario).mean() + 2


def test_walkers_of_a_hall_that_was_shown_keep_their_states_at_first() -> None:
    scenario = Scenario(n_gnbs=4, n_ues=30, mobile_share=0.5)
    seen = MockSimulator().reset(scenario, 3)
    layout = layout_like(scenario, seen, np.random.default_rng(9))
    looked = see(layout.los_field, layout.node_position_m, layout.ue_position_m[:15], rule_of(scenario))
    assert (looked == layout.has_los[:, :15]).mean() > 0.95
