# SPDX-License-Identifier: GPL-2.0-only
"""Path loss, line of sight and shadowing against values computed elsewhere."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock.line_of_sight import los_probability
from pyagents.scenarios.indoor_factory.mock.propagation import (
    PROPAGATION,
    moving_links,
    moving_loss_db,
)


def distance_m(horizontal_m: list[float]) -> Floats:
    """From a UE at 1.5 m to a gNB at 3 m."""
    return np.hypot(horizontal_m, 1.5)


def test_indoor_office_meets_the_vectors_of_ns3s_own_tests() -> None:
    d = distance_m([1, 10, 50, 100])
    model = PROPAGATION["inh-open"]
    with_los = model.loss_db(d, 5.0, np.ones(4, dtype=bool))
    without = model.loss_db(d, 5.0, np.zeros(4, dtype=bool))
    assert_allclose(with_los, [50.8072, 63.7630, 75.7750, 80.9802], atol=0.05)
    assert_allclose(without, [50.8072, 73.1894, 99.7824, 111.3062], atol=0.05)


@pytest.mark.parametrize(
    ("name", "constant", "slope"),
    [("inf-sl", 33.0, 25.5), ("inf-sh", 32.4, 23.0), ("inf-dh", 33.63, 21.9)],
)
def test_factory_loss_is_the_law_of_its_clutter(name: str, constant: float, slope: float) -> None:
    loss = PROPAGATION[name].loss_db(np.array([50.0]), 5.2, np.array([False]))
    assert_allclose(loss, constant + slope * math.log10(50) + 20 * math.log10(5.2))


def test_dense_clutter_is_no_better_than_sparse() -> None:
    near = np.array([2.0])  # where the law of dense clutter alone would be the lower one
    hidden = np.array([False])
    assert PROPAGATION["inf-dl"].loss_db(near, 5.2, hidden) >= PROPAGATION["inf-sl"].loss_db(
        near, 5.2, hidden
    )


@pytest.mark.parametrize("name", PROPAGATION)
def test_a_hidden_link_is_never_the_better_one(name: str) -> None:
    d = np.linspace(0.5, 200, 300)
    seen, hidden = (PROPAGATION[name].loss_db(d, 5.2, np.full(300, los)) for los in (True, False))
    assert (hidden >= seen).all()
    assert (np.diff(seen) >= 0).all()


@pytest.mark.parametrize(
    ("name", "distance", "expected"),
    [
        ("inh-open", 4.0, 1.0),
        ("inh-open", 30.0, math.exp(-25 / 70.8)),
        ("inh-open", 60.0, 0.54 * math.exp(-11 / 211.7)),
        ("inh-mixed", 1.0, 1.0),
        ("inh-mixed", 5.0, math.exp(-3.8 / 4.7)),
        ("inh-mixed", 20.0, 0.32 * math.exp(-13.5 / 32.6)),
        ("inf-sl", 44.8, math.exp(-1)),
        ("inf-dl", 2.18, math.exp(-1)),
        ("inf-sh", 134.4, math.exp(-1)),
        ("inf-hh", 500.0, 1.0),
    ],
)
def test_line_of_sight_follows_table_7_4_2_1(name: str, distance: float, expected: float) -> None:
    assert_allclose(los_probability(name, np.array([distance]), 3.0, 1.5), expected, rtol=2e-3)


@pytest.mark.parametrize("name", PROPAGATION)
def test_links_on_the_move_lose_what_links_at_rest_do(name: str) -> None:
    d, has_los = np.linspace(1, 120, 50), np.arange(50) % 3 == 0
    moving = moving_links(PROPAGATION[name], 5.2, 0.16, shadowing=True)
    loss = [
        moving_loss_db(math.log10(d[i]), moving.constant_db[int(los)], moving.slope_db[int(los)])
        for i, los in enumerate(has_los)
    ]
    assert_allclose(loss, PROPAGATION[name].loss_db(d, 5.2, has_los))


def test_shadowing_keeps_its_spread_and_forgets_over_the_correlation_distance() -> None:
    n, steps, stride = 20_000, 12, 0.5
    rng = np.random.default_rng(1)
    model = PROPAGATION["inh-open"]
    links = moving_links(model, 5.2, stride, shadowing=True)
    kept, fresh = links.kept[0], links.fresh_db[0]
    first = now = 8.03 * rng.standard_normal(n)
    for _ in range(steps):
        now = kept * now + fresh * rng.standard_normal(n)
    assert now.std() == pytest.approx(8.03, rel=0.03)
    correlation = np.corrcoef(first, now)[0, 1]
    assert correlation == pytest.approx(math.exp(-steps * stride / 6.0), abs=0.03)


def test_without_shadowing_nothing_is_added() -> None:
    links = moving_links(PROPAGATION["inh-open"], 5.2, 1.0, shadowing=False)
    assert not links.fresh_db.any()
