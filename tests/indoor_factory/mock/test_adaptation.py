# SPDX-License-Identifier: GPL-2.0-only
"""The outer loop settles where its share of the transmissions fails."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pyagents.scenarios.indoor_factory.mock.adaptation import Four, OuterLoop, drift, failing_share, goal_db
from pyagents.scenarios.indoor_factory.mock.interference import state_weights
from pyagents.scenarios.indoor_factory.mock.layout import draw_layout, stack
from pyagents.scenarios.indoor_factory.mock.numbers import derive
from pyagents.scenarios.indoor_factory.mock.phy import make_amc, place
from pyagents.scenarios.indoor_factory.scenario import Scenario

AMC = make_amc(4.4)


def outer_loop(target: float, step_db: float, floor_db: float) -> OuterLoop:
    return OuterLoop(target, step_db, step_db * target / (1 - target), floor_db)


TENTH = outer_loop(0.1, 1.0, -20.0)


def weights(a: float, b: float) -> Four:
    return four(*state_weights(np.array([[[a, b]]]))[0].ravel())


def four(neither: float, first: float, second: float, both: float) -> Four:
    return np.float32(neither), np.float32(first), np.float32(second), np.float32(both)


@pytest.mark.parametrize(
    ("a", "b", "goal"),
    [
        (0.0, 0.0, 40.0),
        (0.05, 0.04, 40.0),  # together below a tenth
        (0.05, 0.07, 25.0),  # together above, the worse one below
        (0.3, 0.0, 10.0),
        (0.0, 0.3, 25.0),
        (0.5, 0.5, 9.0),  # both at once more than a tenth of the time
    ],
)
def test_goal_is_the_tenth_percentile_of_sinr(a: float, b: float, goal: float) -> None:
    assert goal_db(four(40, 10, 25, 9), weights(a, b), TENTH.target) == goal


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 30), st.floats(0, 30))
def test_goal_by_enumeration(a: float, b: float, loss_a: float, loss_b: float) -> None:
    sinr = four(40, 40 - loss_a, 40 - loss_b, 40 - loss_a - loss_b)
    weight = weights(a, b)
    below = [sum(float(w) for w, worse in zip(weight, sinr, strict=True) if worse < s) for s in sinr]
    assume(all(abs(share - 0.1) > 1e-5 for share in below))
    allowed = [s for s, share in zip(sinr, below, strict=True) if share <= 0.1]
    assert goal_db(sinr, weight, TENTH.target) == max(allowed)


def test_states_below_the_threshold_fail() -> None:
    share = failing_share(four(40, 10, 25, 9), weights(0.3, 0.2), 20.0)
    assert share == pytest.approx(0.3)


def run(
    a: float, b: float, start: float, steps: int, n: float = 20.0, loop: OuterLoop = TENTH
) -> list[float]:
    """The SINR that the MCS is chosen by, after each step."""
    sinr, weight, reported = four(40, 10, 25, 9), weights(a, b), np.float32(40.0)
    goal, used, seen = goal_db(sinr, weight, loop.target), float(reported) + start, []
    for _ in range(steps):
        nacks = failing_share(sinr, weight, AMC.tables.threshold_db_at[place(used, AMC.tables)])
        used = drift(used, reported, nacks, goal, n, AMC.tables.lowest_db, loop)
        seen.append(used)
    return seen


def test_interference_lowers_the_mcs_no_further_than_needed() -> None:
    seen = run(0.3, 0.0, 0.0, 80)
    assert seen[0] < 40
    assert seen[-1] == pytest.approx(20.0)  # 20 dB off is the most
    assert run(0.0, 0.3, 0.0, 80)[-1] == pytest.approx(25.0)


def test_each_nack_costs_a_decibel_and_each_ack_gains_a_ninth() -> None:
    assert run(0.4, 0.0, 0.0, 1, n=10)[0] == pytest.approx(40 - 4 + 6 / 9)
    assert run(0.0, 0.0, -15.0, 1, n=10)[0] == pytest.approx(25 + 10 / 9)


def test_target_step_and_floor_are_those_of_the_scenario() -> None:
    loop = outer_loop(0.3, 0.5, -10.0)
    assert run(0.4, 0.0, 0.0, 1, n=10, loop=loop)[0] == pytest.approx(40 - 0.4 * 5 + 0.6 * 5 * 3 / 7)
    assert run(0.4, 0.0, 0.0, 200, loop=loop)[-1] == pytest.approx(30.0)
    assert run(0.29, 0.0, -5.0, 200, loop=loop)[-1] == 40  # collisions by design cost no rate
    numbers = derive(Scenario(n_ues=2), stack([draw_layout(Scenario(n_ues=2), np.random.default_rng(1))]))
    assert numbers.rules.outer_loop == pytest.approx(loop)


def test_a_step_of_zero_is_no_outer_loop() -> None:
    assert run(0.9, 0.9, 0.0, 20, loop=outer_loop(0.3, 0.0, -10.0)) == [40.0] * 20


def test_without_interference_the_offset_goes_back_to_zero() -> None:
    assert run(0.0, 0.0, -15.0, 50)[-1] == 40


def test_the_lowest_mcs_stays_in_use() -> None:
    used = drift(0.0, np.float32(0.0), 1.0, np.float32(-30.0), 1000.0, AMC.tables.lowest_db, TENTH)
    assert AMC.full_band_rate_bps(np.array([used])) == AMC.rate_bps[1]
    # Kept as an offset and added again, rounded either way, it is still that MCS.
    for seen in np.linspace(0, 40, 200):
        offset = AMC.threshold_db[0] - seen
        assert AMC.full_band_rate_bps(np.array([seen]) + offset) == AMC.rate_bps[1]
