# SPDX-License-Identifier: GPL-2.0-only
"""Agents: allocations by their definitions, the bound by a solver, the oracle by trying all."""

import dataclasses

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network import Scenario
from pyagents.scenarios.sliced_network.agents.foresight import Foresight
from pyagents.scenarios.sliced_network.allocation import (
    HOLD,
    apply_choices,
    mask_choices,
    max_min,
    n_choices,
    needs_of,
    shares_of,
    smallest_first,
    with_headroom,
)
from pyagents.scenarios.sliced_network.family import FAMILY
from pyagents.scenarios.sliced_network.metrics import row, window_steps
from pyagents.scenarios.sliced_network.mock import MockSimulator

SMALL = Scenario(n_sites=2, ues_per_site=6, steps=30, demand_period_steps=10.0)


def column(*needs: float) -> Floats:
    return np.array(needs)[None, :, None] * np.ones((1, 1, 2))


def test_max_min_serves_small_demands_and_levels_the_others() -> None:
    assert max_min(column(0.1, 0.6, 0.5, 0.2))[0, :, 0] == pytest.approx([0.1, 0.35, 0.35, 0.2])
    assert max_min(column(0.1, 0.2))[0, :, 1] == pytest.approx([0.1, 0.2])
    assert with_headroom(max_min(column(0.1, 0.2)), 0.1)[0, :, 1] == pytest.approx([0.11, 0.22])
    assert with_headroom(column(0.3, 0.6), 0.5)[0, :, 1] == pytest.approx([1 / 3, 2 / 3])


def test_no_allocation_satisfies_more_in_the_mean_than_the_bound() -> None:
    linprog = pytest.importorskip("scipy.optimize").linprog
    rng = np.random.default_rng(5)
    for _ in range(20):
        needs = rng.gamma(4, 0.05, (1, 9, 2))
        best = (smallest_first(needs) / needs).sum(axis=1)[0]
        for r in range(2):
            solved = linprog(-np.ones(9), A_ub=needs[:, :, r], b_ub=[1.0], bounds=(0, 1), method="highs")
            assert best[r] == pytest.approx(-solved.fun)


def test_choices_change_one_share_of_each_site_within_what_there_is() -> None:
    shares = np.full((2, 4, 2), 0.2)
    more = apply_choices(shares, np.array([1 + 2 * (2 * 3 + 1), HOLD]))
    assert more[0, 3, 1] == pytest.approx(0.2 + 0.0625)
    assert np.array_equal(np.delete(more.ravel(), 7), np.delete(shares.ravel(), 7))
    full = np.full((1, 4, 2), 0.25)
    assert np.array_equal(apply_choices(full, np.array([3])), full)
    assert apply_choices(full, np.array([4]))[0, 0, 1] == pytest.approx(0.1875)
    nothing = np.zeros((1, 4, 2))
    assert np.array_equal(apply_choices(nothing, np.array([2])), nothing)


def test_masks_mark_what_changes_something() -> None:
    rng = np.random.default_rng(2)
    shares = rng.dirichlet(np.ones(5), (3, 2)).swapaxes(1, 2)
    shares[:, 0] = 0
    shares[0, :, 1] /= shares[0, :, 1].sum()
    marks = mask_choices(shares)
    for choice in range(marks.shape[-1]):
        made = apply_choices(shares, np.full(3, choice))
        changed = (abs(made - shares) > 1e-9).any(axis=(1, 2))
        assert np.array_equal(marks[:, choice].astype(bool), changed | (choice == HOLD))


def test_foresight_is_what_the_simulator_draws() -> None:
    foresight = Foresight(SMALL, 4)
    with MockSimulator() as mock:
        now = mock.reset(SMALL, 4)
        for step in range(SMALL.steps):
            assert np.allclose(foresight.needs(step), needs_of(now, SMALL), rtol=1e-12)
            now = mock.step(find_agent("equal-split", FAMILY).make().act(now))


def played(name: str, scenario: Scenario, seed: int) -> list[dict[str, float]]:
    agent = find_agent(name, FAMILY).make()
    agent.reset(scenario, seed)
    with MockSimulator() as mock:
        history = [mock.reset(scenario, seed)]
        rows = [row(history, scenario)]
        while not mock.done:
            history.append(mock.step(agent.act(history[-1])))
            rows.append(row(history[-window_steps(scenario) :], scenario))
    return rows


def test_one_change_takes_the_best_of_all_by_the_paper_s_reward() -> None:
    agent = find_agent("one-change", FAMILY).make()
    agent.reset(SMALL, 3)
    foresight = Foresight(SMALL, 3)
    with MockSimulator() as mock:
        now = mock.reset(SMALL, 3)
        for step in range(1, 12):
            shares, needs = shares_of(now, SMALL), foresight.needs(step)
            now = mock.step(agent.act(now))
            made = shares_of(now, SMALL)
            for e in range(SMALL.n_sites):
                options = [
                    apply_choices(shares[e : e + 1], np.array([choice]))[0]
                    for choice in range(n_choices(SMALL))
                ]
                best = max(worth(option, needs[e]) for option in options)
                assert worth(made[e], needs[e]) == pytest.approx(best, abs=1e-9)


def worth(shares: Floats, needs: Floats) -> float:
    idle = np.maximum(shares - needs, 0).sum(axis=0).mean()
    return float(np.minimum(1, shares / needs).mean() - idle)


def test_agents_rank_as_they_are_meant_to() -> None:
    scenario = dataclasses.replace(SMALL, load=1.2, steps=60, demand_period_steps=30.0)
    names = [name for name in FAMILY.agents if not name.startswith("fdrl")]  # those need what was learnt
    summaries = {name: FAMILY.metrics.summary(played(name, scenario, 2)) for name in names}
    allocated = {name: one["satisfaction_allocated"] for name, one in summaries.items()}
    assert max(allocated, key=lambda name: allocated[name]) == "bound"
    assert allocated["max-min"] > allocated["one-change"] > allocated["random-changes"]
    assert summaries["max-min"]["satisfaction_min"] > summaries["bound"]["satisfaction_min"]
    assert summaries["equal-split"]["change_share"] == 0
    assert summaries["equal-split"]["allocated"] == pytest.approx(1)
    assert 0 < summaries["one-change"]["change_share"] <= 1
    assert summaries["max-min"]["reserved_idle"] < summaries["equal-split"]["reserved_idle"]
