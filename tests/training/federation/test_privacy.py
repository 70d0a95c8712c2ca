# SPDX-License-Identifier: GPL-2.0-only
"""Epsilon is what its definition says; a state is read out of a gradient, as far as nothing hinders."""

import math

import numpy as np
import pytest

from pyagents.training.federation.inversion import measure_error, recover_input
from pyagents.training.federation.privacy import find_epsilon
from pyagents.training.federation.settings import Federation


def test_without_noise_there_is_no_bound() -> None:
    assert find_epsilon(Federation(), 100) == math.inf


def test_epsilon_of_one_round_of_all_is_that_of_the_gaussian_mechanism() -> None:
    pytest.importorskip("dp_accounting")
    noise, delta = 20.0, 1e-5
    found = find_epsilon(Federation(clients=10, fraction=1.0, clip=1.0, noise=noise), 1, delta=delta)
    sigma = noise / 2
    textbook = 1 / (2 * sigma**2) + math.sqrt(2 * math.log(1 / delta)) / sigma  # from zCDP, never tighter
    assert 0.7 * textbook < found <= textbook


def test_more_noise_fewer_rounds_and_fewer_participants_tell_less() -> None:
    pytest.importorskip("dp_accounting")
    usual = find_epsilon(Federation(clients=10, fraction=0.5, clip=1.0, noise=4.0), 20)
    assert find_epsilon(Federation(clients=10, fraction=0.5, clip=1.0, noise=8.0), 20) < usual
    assert find_epsilon(Federation(clients=10, fraction=0.5, clip=1.0, noise=4.0), 10) < usual
    assert find_epsilon(Federation(clients=10, fraction=0.2, clip=1.0, noise=4.0), 20) < usual


def test_a_state_is_read_out_of_one_gradient_and_not_out_of_many() -> None:
    rng = np.random.default_rng(1)
    before = {"in.weight": rng.normal(size=(8, 5)), "in.bias": rng.normal(size=8)}
    states, slopes = rng.normal(size=(30, 5)), rng.normal(size=(30, 8))

    def after(count: int) -> dict[str, np.ndarray]:
        rate = 0.01
        return {
            "in.weight": before["in.weight"] - rate * slopes[:count].T @ states[:count] / count,
            "in.bias": before["in.bias"] - rate * slopes[:count].mean(axis=0),
        }

    assert measure_error(recover_input(before, after(1), "in"), states) < 1e-9
    assert measure_error(recover_input(before, after(30), "in"), states) > 0.2
    assert recover_input(before, before, "in").tolist() == [0] * 5
