# SPDX-License-Identifier: GPL-2.0-only
"""DQN-MLB: clusters that organise themselves, borders that shift, weights that are checked."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.core.tensors import load_tensors, save_tensors
from pyagents.scenarios.indoor_factory.agents.adaptive_mlb import OFFSETS_DB
from pyagents.scenarios.indoor_factory.agents.dqn_mlb import (
    WEIGHTS,
    Clusters,
    DqnMlb,
    DqnMlbConfig,
    choose,
    q_values,
)
from pyagents.scenarios.indoor_factory.agents.dqn_mlb_clusters import (
    HOLD,
    LIMIT_DB,
    N_ACTIONS,
    N_FEATURES,
    RELEASE,
    SHIFTS,
    SIZE,
    Measured,
    form_clusters,
    look,
    offsets_after,
    rule,
)
from tests.indoor_factory.agents.snapshots import make_snapshot, scenario_of, story


def make_measured(load: list[float], serving: list[int], rsrp_dbm: Any, burden: float = 0.1) -> Measured:
    rsrp = np.asarray(rsrp_dbm, dtype=np.float64)
    return Measured(
        load=np.array(load),
        history=np.array(load),
        airtime=np.ones(len(load)),
        serving=np.array(serving, dtype=np.int32),
        rsrp_dbm=rsrp,
        burden=np.full(rsrp.shape, burden),
        margin_db=4.0,
    )


def q_of(best: int) -> dict[str, Any]:
    """Weights of a network that prefers one action everywhere."""
    weights = {name: np.zeros(shape, dtype=np.float32) for name, shape in WEIGHTS.shapes.items()}
    weights["advantage.bias"][best] = 1.0
    return weights


def test_every_cell_is_in_one_cluster_of_at_most_three() -> None:
    rng = np.random.default_rng(1)
    for n_gnbs in range(1, 12):
        measured = make_measured(
            rng.uniform(0, 2, n_gnbs).tolist(), [0] * 5, rng.uniform(-80, -60, (5, n_gnbs))
        )
        clusters = form_clusters(measured)
        assert sorted(cell for cluster in clusters for cell in cluster) == list(range(n_gnbs))
        assert all(len(cluster) <= SIZE for cluster in clusters)


def test_a_crowded_cell_gathers_idle_cells_that_its_ues_hear_and_not_those_they_do_not() -> None:
    load = [0.9, 0.0, 0.5, 0.1, 0.2, 0.4]
    rsrp = np.tile([-60.0, -95.0, -62.0, -63.0, -64.0, -99.0], (4, 1))
    assert form_clusters(make_measured(load, [0] * 4, rsrp, burden=0.3))[0] == [0, 4, 3]


def test_a_shift_sets_both_directions_of_one_border_and_stays_within_what_can_be_signalled() -> None:
    cio = np.zeros((4, 4))
    for _ in range(9):
        action = 2 + SHIFTS.index((0, 1, 6.0))
        after = offsets_after(action, [2, 3], cio)
        if after is None:
            break
        cio = after
    assert cio[2, 3] == LIMIT_DB == -cio[3, 2]
    assert np.count_nonzero(cio) == 2
    while (released := offsets_after(RELEASE, [2, 3], cio)) is not None:
        assert np.isin(released, OFFSETS_DB).all()
        assert (np.abs(released) <= np.abs(cio)).all()
        cio = released
    assert not cio.any()


def test_actions_on_cells_that_a_small_cluster_lacks_are_not_allowed() -> None:
    sight = look([1], make_measured([0.5, 0.9], [1], [[-60.0, -60.0]]), np.zeros((2, 2)))
    assert sight.allowed.nonzero()[0].tolist() == [HOLD]
    assert sight.features.shape == (N_FEATURES,)
    assert sight.allowed.shape == (N_ACTIONS,)


def test_the_estimate_moves_just_those_who_would_cross() -> None:
    rsrp = [[-60.0, -61.0], [-60.0, -65.0], [-60.0, -90.0], [-70.0, -60.0]]
    measured = make_measured([0.6, 0.2], [0, 0, 0, 1], rsrp, burden=0.2)
    sight = look([0, 1], measured, np.zeros((2, 2)))
    moved = [0.6 - 0.2, 0.2 + 0.2]  # 6 dB less 4 dB of A3: who is 1 dB apart crosses, 5 dB does not
    assert sight.spread_after[2 + SHIFTS.index((0, 1, 6.0))] == pytest.approx(np.std(moved))
    assert sight.spread_after[2 + SHIFTS.index((0, 1, 2.0))] == pytest.approx(np.std([0.6, 0.2]))
    assert rule(sight) == 2 + SHIFTS.index((0, 1, 6.0))


def test_the_rule_holds_where_nothing_gets_better() -> None:
    rsrp = [[-60.0, -61.0], [-61.0, -60.0]]
    assert rule(look([0, 1], make_measured([0.4, 0.4], [0, 1], rsrp), np.zeros((2, 2)))) == HOLD


def test_dueling_heads_leave_out_what_is_not_allowed() -> None:
    weights = q_of(3)
    weights["value.bias"][0] = 2.0
    allowed = np.zeros((1, N_ACTIONS), dtype=bool)
    allowed[0, [0, 3]] = True
    q = q_values(weights, np.zeros((1, N_FEATURES), dtype=np.float32), allowed)[0]
    assert q[[0, 3]].tolist() == [1.5, 2.5]
    assert np.isneginf(np.delete(q, [0, 3])).all()
    assert choose(q) == 3
    assert choose(q, min_gain=1.5) == HOLD


def test_offsets_of_borders_that_no_cluster_has_any_more_go_back_to_zero() -> None:
    snapshots = story(8)
    clusters = Clusters(scenario_of(snapshots[0]), DqnMlbConfig())
    assert clusters.measure(snapshots[0])
    clusters.groups = [[0, 1, 2], [3, 4, 5]]
    clusters.take([2 + SHIFTS.index((0, 1, 6.0)), HOLD])
    assert np.asarray(clusters.action(40).cio_db)[0, 1] == 6.0
    clusters.groups = [[0, 3, 4], [1, 2, 5]]
    offsets = []
    for _ in range(3):
        clusters.take([HOLD, HOLD])
        offsets.append(float(np.asarray(clusters.action(40).cio_db)[0, 1]))
    assert offsets == [2.0, 0.0, 0.0]


def test_it_decides_once_a_period_and_shifts_borders_by_its_network() -> None:
    snapshots = story(8)
    stable = DqnMlbConfig(history_s=1.6, clusters_last_s=2.56)
    agent = DqnMlb(stable, weights=q_of(2 + SHIFTS.index((0, 1, 2.0))))
    agent.reset(scenario_of(snapshots[0]), 1)
    seen = [np.abs(np.asarray(agent.act(snapshot).cio_db)).max() for snapshot in snapshots]
    assert seen[:9] == [2.0] * 4 + [4.0] * 4 + [6.0]


def test_shipped_weights_unload_a_crowded_cell() -> None:
    rng = np.random.default_rng(2)
    rsrp = np.tile([-60.0, -63.0, -64.0], (12, 1)) + rng.normal(0, 1, (12, 3))
    snapshot = make_snapshot(rsrp_dbm=rsrp, serving=[0] * 12, load=[1.6, 0.05, 0.05], airtime=np.full(3, 0.5))
    agent = DqnMlb()
    agent.reset(scenario_of(snapshot), 1)
    cio = np.asarray(agent.act(snapshot).cio_db)
    assert cio[0].max() > 0
    assert cio[0].min() >= 0


def test_without_the_file_or_with_another_shape_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.safetensors: No such file"):
        find_agent("dqn-mlb").with_options({"weights": str(tmp_path / "nowhere.safetensors")}).make()
    assert WEIGHTS.shipped is not None
    arrays, facts = load_tensors(WEIGHTS.shipped)
    save_tensors(tmp_path / "old", arrays, facts | {"version": "0"})
    with pytest.raises(ValueError, match="version 0, expected"):
        DqnMlb(DqnMlbConfig(weights=str(tmp_path / "old")))
    wide = arrays | {"hidden1.weight": np.zeros((64, 99), dtype=np.float32)}
    save_tensors(tmp_path / "wide", wide, facts)
    with pytest.raises(ValueError, match=r"hidden1\.weight has shape \(64, 99\)"):
        DqnMlb(DqnMlbConfig(weights=str(tmp_path / "wide")))


def test_options_that_leave_no_measurement_are_refused() -> None:
    with pytest.raises(ValueError, match=r"settling_s=0\.7 is not allowed: must be below period_s"):
        DqnMlbConfig(settling_s=0.7)
