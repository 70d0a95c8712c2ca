# SPDX-License-Identifier: GPL-2.0-only
"""The simple agents that bound the others from below."""

import numpy as np
import pytest

from pyagents.scenarios.indoor_factory.agents.least_loaded import LeastLoaded, LeastLoadedConfig
from pyagents.scenarios.indoor_factory.agents.random_moves import RandomMoves, RandomMovesConfig
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from tests.indoor_factory.agents.snapshots import make_snapshot, scenario_of

NAN = float("nan")


def targets(agent: LeastLoaded | RandomMoves, snapshot: Snapshot) -> list[int]:
    agent.reset(scenario_of(snapshot), 1)
    return [int(target) for target in np.asarray(agent.act(snapshot).cho_target)]


def heard(*loads: float, n_ues: int = 3, age_s: float = 0.16, serving: int = 0) -> Snapshot:
    """UEs of one cell that hear these loads, all cells alike in strength."""
    g = len(loads)
    return make_snapshot(
        rsrp_dbm=np.full((n_ues, g), -60.0),
        serving=[serving] * n_ues,
        sib_load=np.tile(loads, (n_ues, 1)),
        sib_age_s=np.full((n_ues, g), age_s),
    )


# ---- Least loaded ----


def test_everybody_goes_to_the_least_loaded_cell_heard() -> None:
    assert targets(LeastLoaded(), heard(0.6, 0.5, 0.2)) == [2, 2, 2]
    assert targets(LeastLoaded(), heard(0.6, 0.5, NAN)) == [1, 1, 1]


def test_stays_where_no_cell_is_less_loaded() -> None:
    assert targets(LeastLoaded(), heard(0.2, 0.2, 0.3)) == [0, 0, 0]
    assert targets(LeastLoaded(LeastLoadedConfig(min_difference=0.2)), heard(0.5, 0.35)) == [0, 0, 0]


def test_knows_no_cell_that_is_weak_slow_or_not_heard_of_late() -> None:
    snapshot = heard(0.6, 0.1, 0.4)
    snapshot.rsrp_dbm[0, 1] = -119
    snapshot.rate_bps[1, 1] = 4e6
    snapshot.sib_age_s[2, 1] = 0.5
    assert targets(LeastLoaded(), snapshot) == [2, 2, 2]


def test_a_ue_that_hears_nothing_is_left_to_a3() -> None:
    assert targets(LeastLoaded(), heard(NAN, NAN)) == [-1, -1, -1]


@pytest.mark.parametrize("field", ["min_difference", "max_load_age_periods"])
def test_bad_options_of_least_loaded_are_named(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field}=-1 is not allowed"):
        LeastLoadedConfig(**{field: -1})


# ---- Random ----


def test_moves_as_often_as_told_and_evenly() -> None:
    snapshot = heard(0.5, 0.5, 0.5, 0.5, n_ues=4000)
    moved = targets(RandomMoves(RandomMovesConfig(move_probability=0.4)), snapshot)
    np.testing.assert_allclose(np.bincount(moved) / 4000, [0.7, 0.1, 0.1, 0.1], atol=0.02)


def test_draws_only_cells_that_can_serve() -> None:
    snapshot = heard(0.5, 0.5, 0.5, n_ues=300)
    snapshot.rsrp_dbm[:, 1] = -123
    snapshot.rate_bps[:100, 2] = 1e6
    moved = targets(RandomMoves(RandomMovesConfig(move_probability=1.0)), snapshot)
    assert set(moved[:100]) == {0}
    assert set(moved[100:]) == {0, 2}


def test_stays_without_a_draw_and_leaves_a_bad_cell_to_a3() -> None:
    snapshot = heard(0.5, 0.5, n_ues=2)
    snapshot.rsrp_dbm[1, 0] = -123
    assert targets(RandomMoves(RandomMovesConfig(move_probability=0.0)), snapshot) == [0, -1]
    snapshot.rsrp_dbm[:] = -123
    assert targets(RandomMoves(RandomMovesConfig(move_probability=1.0)), snapshot) == [-1, -1]


def test_bad_probability_is_named() -> None:
    with pytest.raises(ValueError, match=r"move_probability=1\.5 is not allowed"):
        RandomMovesConfig(move_probability=1.5)
