# SPDX-License-Identifier: GPL-2.0-only
"""SINR by state of the aggressors, and means over the states, against enumeration."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.mock.interference import (
    Aggressors,
    chances_on,
    find_aggressors,
    make_tables,
    sinr_by_state,
    state_weights,
)
from pyagents.scenarios.indoor_factory.mock.phy import make_amc

AMC = make_amc(4.4)
NOISE_W = 1e-12


def three_on_a_channel(heard: Floats | None = None) -> Aggressors:
    same = (1 - np.eye(3))[None]
    hears = np.zeros((1, 3, 3)) if heard is None else heard
    rx_dbm = np.array([[[0, -80, -70], [-80, 0, -75], [-70, -75, 0]]], dtype=np.float64)
    return find_aggressors(rx_dbm, same, hears, hears, 3)


def on(cells: Aggressors, use: Floats, starts: Floats) -> Floats:
    return chances_on(use, starts, cells.node, cells.unheard, cells.heard)


def test_sinr_of_each_state() -> None:
    rx_w = np.array([[[1e-9], [3e-10], [2e-11]]])
    one = np.ones((1, 1, 2))
    cells = Aggressors(node=np.array([[[1, 2]]]), unheard=np.stack([one, one]), heard=one, exists=one)
    got = sinr_by_state(rx_w, NOISE_W, cells)
    expected = [1e-9 / (NOISE_W + i) for i in (0, 3e-10, 2e-11, 3.2e-10)]
    assert_allclose(got[:, 0, 0, 0], expected)
    got = sinr_by_state(rx_w, NOISE_W, cells._replace(exists=np.array([[[1.0, 0.0]]])))
    assert_allclose(got[:, 0, 0, 0], [expected[0], expected[1], expected[0], expected[1]])


def test_weights_are_a_distribution_of_independent_aggressors() -> None:
    weights = state_weights(np.array([[[0.3, 0.2], [0.0, 1.0]]]))[0]
    expected = np.array([[0.7 * 0.8, 0.3 * 0.8, 0.7 * 0.2, 0.3 * 0.2], [0, 0, 1, 0]])
    assert_allclose(weights, expected)


def test_the_unheard_come_first_then_the_strong() -> None:
    assert three_on_a_channel().node[0].tolist() == [[2, 1], [2, 0], [0, 1]]
    heard = np.zeros((1, 3, 3))
    heard[0, 0, 2] = 1
    assert three_on_a_channel(heard).node[0, 0].tolist() == [1, 2]


def test_the_heard_are_on_only_where_they_start_along() -> None:
    heard = (1 - np.eye(3))[None]
    use, starts = np.full((1, 3), 0.5), np.full((1, 3), 0.1)
    at_discovery, at_data = on(three_on_a_channel(heard), use, starts)
    assert (at_discovery == 0).all()
    assert_allclose(at_data, 0.1)
    at_discovery, at_data = on(three_on_a_channel(), use, starts)
    assert_allclose(at_discovery, 0.5)
    assert_allclose(at_data, 0.5)


def test_the_second_stands_for_all_but_the_first() -> None:
    n = 5
    same = (1 - np.eye(n))[None]
    silent = np.zeros((1, n, n))
    four = find_aggressors(-same * 70.0, same, silent, silent, n)
    others = on(four, np.full((1, n), 0.5), np.zeros((1, n)))
    assert_allclose(others[1], np.broadcast_to([0.5, 1 - 0.5**3], (1, n, 2)))


def test_mean_over_detected_bursts_is_exact() -> None:
    rng = np.random.default_rng(3)
    rx_w = 10 ** rng.uniform(-12.5, -9, (1, 3, 40))
    tables = make_tables(rx_w, NOISE_W, three_on_a_channel(), AMC)
    weights = state_weights(rng.uniform(0.05, 0.95, (1, 3, 2)))[:, :, None]
    got = (weights @ tables.measured_db)[:, :, 0]
    sinr = tables.sinr_db.transpose(1, 2, 0, 3)
    detected = sinr >= -6
    mass = (weights.swapaxes(2, 3) * detected).sum(axis=2)
    exact = (weights.swapaxes(2, 3) * detected * sinr).sum(axis=2) / np.maximum(mass, 1e-12)
    # Exact unless both aggressors together hide a burst that each alone does not.
    neither_alone = detected[:, :, 1] & detected[:, :, 2] & ~detected[:, :, 3]
    sure = detected[:, :, 0] & ~neither_alone
    assert sure.sum() > 60
    assert_allclose(got[sure], exact[sure], rtol=1e-5)


def test_a_moving_ues_links_replace_its_old_ones() -> None:
    rx_w = np.full((1, 3, 6), 1e-10)
    old = make_tables(rx_w, NOISE_W, three_on_a_channel(), AMC)
    moved = rx_w[:, :, :2] * 10
    new = make_tables(moved, NOISE_W, three_on_a_channel(), AMC)
    both = make_tables(moved, NOISE_W, three_on_a_channel(), AMC, old)
    assert_allclose(both.sinr_db[..., :2], new.sinr_db)
    assert_allclose(both.sinr_db[..., 2:], old.sinr_db[..., 2:])
    assert_allclose(both.measured_db[..., :2], new.measured_db)
    assert_allclose(both.measured_db[..., 2:], old.measured_db[..., 2:])
    assert_allclose(both.decoded[..., :2], new.decoded)
    assert both.measured_db is not old.measured_db
    assert (old.sinr_db < new.sinr_db[0, 0, 0, 0]).any()


def test_a_lone_cell_has_no_aggressor() -> None:
    one = np.zeros((1, 1, 1))
    lone = find_aggressors(one, one, one, one, 1)
    assert lone.exists.sum() == 0
    tables = make_tables(np.full((1, 1, 4), 1e-10), NOISE_W, lone, AMC)
    assert tables.sinr_db[:, 0, 0, 0] == pytest.approx(20.0)
