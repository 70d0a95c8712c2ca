# SPDX-License-Identifier: GPL-2.0-only
"""The optimum against all associations there are, and what it does at its limits."""

import dataclasses
import itertools
import math
import sys
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyagents.core.extras import MissingExtraError, load_extra
from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.agents.optimum import Optimum, OptimumConfig, solve, true_burden
from tests.indoor_factory.agents.snapshots import make_snapshot, scenario_of, story

EXACT = OptimumConfig(gap=0.0, max_nodes=100_000, detour=math.inf)


def loads(burden: Floats, target: Ints) -> Floats:
    taken = burden[np.arange(len(target)), target]
    return np.bincount(target, weights=taken, minlength=burden.shape[1]).astype(np.float64)


def value(burden: Floats, serving: Ints, target: Ints, config: OptimumConfig) -> float:
    """What is minimised, written down once more."""
    load = loads(burden, target)
    spread = load.max() if config.objective == "largest" else np.abs(load - load.mean()).mean()
    excess = np.maximum(load - 1, 0).mean()
    moves = (target != serving).mean()
    return float(
        spread
        + config.mean_weight * load.mean()
        + config.overload_weight * excess
        + config.move_weight * moves
    )


def best_value(burden: Floats, serving: Ints, config: OptimumConfig) -> float:
    """The least value over all associations."""
    n_ues, n_gnbs = burden.shape
    every = itertools.product(range(n_gnbs), repeat=n_ues)
    targets = (np.array(target, dtype=np.int32) for target in every)
    allowed = (t for t in targets if np.isfinite(burden[np.arange(n_ues), t]).all())
    return min(value(burden, serving, target, config) for target in allowed)


@pytest.mark.parametrize("objective", ["largest", "deviation"])
@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_better_than_what_it_finds(objective: Literal["largest", "deviation"], seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_ues, n_gnbs = 7, 3
    burden = rng.uniform(0.05, 0.6, (n_ues, n_gnbs))
    burden[rng.random(burden.shape) < 0.2] = np.inf
    serving = rng.integers(0, n_gnbs, n_ues).astype(np.int32)
    burden[np.arange(n_ues), serving] = rng.uniform(0.05, 0.6, n_ues)
    config = dataclasses.replace(EXACT, objective=objective)
    target, gap = solve(burden, serving, config)
    assert value(burden, serving, target, config) == pytest.approx(
        best_value(burden, serving, config), abs=1e-6
    )
    assert gap == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("objective", ["largest", "deviation"])
def test_a_tie_moves_nobody(objective: Literal["largest", "deviation"]) -> None:
    burden = np.full((4, 2), 0.2)
    for serving in ([0, 0, 1, 1], [1, 0, 1, 0]):
        target, _ = solve(
            burden, np.array(serving, np.int32), dataclasses.replace(EXACT, objective=objective)
        )
        assert target.tolist() == serving


def test_a_gain_not_worth_a_handover_moves_nobody() -> None:
    burden = np.array([[0.3, 0.29], [0.3, 0.3]])
    serving = np.array([0, 1], np.int32)
    assert solve(burden, serving, EXACT)[0].tolist() == [0, 1]


def test_a_ue_that_may_go_nowhere_stays() -> None:
    burden = np.array([[np.inf, np.inf], [0.4, 0.1], [0.4, 0.1]])
    target, _ = solve(burden, np.array([1, 0, 0], np.int32), EXACT)
    assert target.tolist() == [1, 1, 1]
    nobody = np.full((2, 2), np.inf)
    assert solve(nobody, np.array([1, 0], np.int32), EXACT)[0].tolist() == [1, 0]


def test_overload_is_avoided_where_it_can_be_and_borne_where_it_cannot() -> None:
    burden = np.array([[0.8, 0.8], [0.8, 0.8], [0.8, 0.8]])
    target, _ = solve(burden, np.zeros(3, np.int32), EXACT)
    assert sorted(loads(burden, target).round(6).tolist()) == [0.8, 1.6]


def test_bad_links_are_not_taken_for_evenness_alone() -> None:
    """Two UEs that are 0.1 at home and 0.9 at an idle cell: even loads would cost nine times the airtime."""
    burden = np.array([[0.1, 0.9], [0.1, 0.9]])
    for objective in ("largest", "deviation"):
        config = dataclasses.replace(EXACT, objective=objective)
        assert solve(burden, np.zeros(2, np.int32), config)[0].tolist() == [0, 0]


def test_a_detour_is_taken_up_to_its_limit_only() -> None:
    burden = np.array([[0.1, 0.4], [0.6, 0.9], [0.6, 0.9]])
    serving = np.zeros(3, np.int32)
    wide = solve(burden, serving, dataclasses.replace(EXACT, detour=5.0))[0]
    narrow = solve(burden, serving, dataclasses.replace(EXACT, detour=1.0))[0]
    assert wide.any()
    assert not narrow.any()


def test_a_solver_out_of_time_leaves_all_as_it_is_and_says_so() -> None:
    rng = np.random.default_rng(1)
    burden, serving = rng.uniform(0.01, 0.1, (80, 8)), rng.integers(0, 8, 80).astype(np.int32)
    target, gap = solve(burden, serving, dataclasses.replace(EXACT, time_limit_s=1e-9))
    assert gap > 0
    assert loads(burden, target).sum() > 0
    if math.isinf(gap):
        assert (target == serving).all()


def test_burden_is_demand_over_rate_and_airtime_where_a_handover_would_be_executed() -> None:
    snapshot = make_snapshot(
        rsrp_dbm=[[-50, -55, -119, -60]], serving=[0], rate_bps=[[50e6, 25e6, 50e6, 4e6]],
        airtime=[1.0, 0.5, 1.0, 1.0], load=[0.0, 0.0, 0.0, 0.0], channel=[0, 1, 2, 3],
    )  # fmt: skip
    np.testing.assert_allclose(true_burden(snapshot, scenario_of(snapshot)), [[0.1, 0.4, np.inf, np.inf]])


def test_a_busy_cell_of_the_same_channel_takes_from_the_rate() -> None:
    given: dict[str, Any] = {
        "rsrp_dbm": [[-50, -55]],
        "serving": [0],
        "airtime": [1.0, 1.0],
        "load": [0.0, 0.9],
    }
    apart = make_snapshot(**given, channel=[0, 1])
    together = make_snapshot(**given, channel=[0, 0])
    alone, disturbed = (true_burden(snapshot, scenario_of(snapshot))[0, 0] for snapshot in (apart, together))
    assert alone == pytest.approx(0.1)
    assert disturbed > 2 * alone


def test_evens_out_a_hall_and_reports_its_gap() -> None:
    agent, snapshot = Optimum(), story(1)[1]
    agent.reset(scenario_of(snapshot), 1)
    assert math.isnan(agent.report()["solver_gap"])
    burden = true_burden(snapshot, scenario_of(snapshot))
    target = np.asarray(agent.act(snapshot).cho_target)
    assert loads(burden, target).std() < 0.3 * loads(burden, snapshot.serving).std()
    assert 0 <= agent.report()["solver_gap"] <= 0.03


# ---- What the linear objectives say of the variance ----


@given(st.lists(st.floats(0, 3), min_size=2, max_size=12))
def test_the_bounds_of_the_docstring_hold(values: list[float]) -> None:
    load = np.array(values)
    mean, largest, deviation = load.mean(), load.max(), np.abs(load - load.mean()).mean()
    assert deviation <= load.std() + 1e-12
    assert load.std() <= deviation * math.sqrt(len(load) / 2) + 1e-12
    assert load.var() <= (largest - mean) * mean + 1e-12


# ---- Options and the extra ----


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"gap": -0.1}, "gap=-0.1"),
        ({"move_weight": float("inf")}, "move_weight=inf"),
        ({"time_limit_s": 0.0}, r"time_limit_s=0\.0"),
        ({"detour": 0.5}, r"detour=0\.5"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        OptimumConfig(**options)


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(MissingExtraError, match=r"scipy is not installed: install the extra 'optimum'"):
        Optimum()


def test_an_error_inside_the_library_is_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "broken_library.py").write_text("import something_else_entirely\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="something_else_entirely") as caught:
        load_extra("broken_library", extra="any")
    assert not isinstance(caught.value, MissingExtraError)
