# SPDX-License-Identifier: GPL-2.0-only
"""MAPPO: what a UE sees and remembers, how it draws, weights that are checked."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyagents.core.tensors import load_tensors, save_tensors
from pyagents.scenarios.indoor_factory.agents.mappo import WEIGHTS, Mappo, MappoConfig, draw, score
from pyagents.scenarios.indoor_factory.agents.mappo_sight import FEATURES, N_CHOICES, Memory
from pyagents.scenarios.indoor_factory.mock import BatchedMock
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from tests.indoor_factory.agents.snapshots import make_snapshot, scenario_of

DELIVERED = FEATURES.index("share of the demand that the link delivered when last tried")
LATELY = FEATURES.index("how lately that was")
OWN = FEATURES.index("load heard, with the UE's own")
MOVED = FEATURES.index("how lately it was handed over")


def at(time_s: float, **changes: Any) -> Snapshot:
    given: dict[str, Any] = {
        "rsrp_dbm": [[-60.0, -62.0, -120.0, -61.0, -63.0, -64.0]],
        "serving": [1],
        "sib_load": [[0.2, 0.5, 0.1, np.nan, 9.0, 0.3]],
        "rate_bps": np.full((1, 6), 50e6),
        "delivered_bps": [5e6],
        "handovers": [0],
    } | changes
    return make_snapshot(**given, time_s=np.float64(time_s))


def test_it_sees_its_cell_and_the_three_strongest_others_that_a_handover_may_go_to() -> None:
    snapshot = at(1.0)
    sight = Memory(scenario_of(snapshot)).look(snapshot)
    assert sight.cells[0].tolist() == [1, 0, 3, 4]
    assert sight.allowed.all()
    assert sight.features.shape == (1, N_CHOICES, len(FEATURES))
    # 5 of 50 Mb/s on top of what it heard; its own cell has it already, never heard counts as 0, 9 as 3
    assert sight.features[0, :, OWN] == pytest.approx([0.5, 0.3, 0.1, 3.1])


def test_cells_below_the_threshold_or_without_rate_are_none_to_choose() -> None:
    rate = np.full((1, 6), 50e6)
    rate[0, [3, 4, 5]] = 0.0
    snapshot = at(1.0, rate_bps=rate)
    sight = Memory(scenario_of(snapshot)).look(snapshot)
    assert sight.cells[0, :2].tolist() == [1, 0]
    assert sight.allowed[0].tolist() == [True, True, False, False]
    assert not sight.features[0, 2:].any()


def test_it_remembers_what_a_link_delivered_and_forgets_in_time() -> None:
    snapshot = at(1.0)
    memory = Memory(scenario_of(snapshot))
    memory.look(snapshot)
    poor = memory.look(at(1.16, delivered_bps=[1e6])).features[0]
    assert poor[:, DELIVERED] == pytest.approx([0.2, 1, 1, 1])
    assert poor[:, LATELY] == pytest.approx([1, 0, 0, 0])
    memory.look(at(1.32, serving=[0], handovers=[1]))  # on the way: tells nothing of either link
    there = memory.look(at(1.48, serving=[0], handovers=[1])).features[0]
    assert there[[0, 2], DELIVERED] == pytest.approx([1.0, 0.2])  # of cells 0 and 1
    assert there[0, MOVED] == pytest.approx(np.exp(-0.16))
    later = memory.look(at(9.48, serving=[0], handovers=[1])).features[0]
    assert later[2, LATELY] == pytest.approx(np.exp(-(9.48 - 1.16) / 8))


def test_a_batch_of_halls_sees_what_each_sees_alone() -> None:
    scenario = dataclasses.replace(PRESETS["fig7"], n_ues=30, steps=8)
    halls, rng = BatchedMock(), np.random.default_rng(1)
    seen = halls.reset(scenario, [1000, 1001, 1002])
    together, alone = Memory(scenario), [Memory(scenario) for _ in range(3)]
    while True:
        sight = together.look(seen)
        for k, memory in enumerate(alone):
            one = memory.look(seen.at(k))
            for name in ("cells", "allowed", "features"):
                assert np.array_equal(getattr(one, name), getattr(sight, name)[k])
        assert np.isfinite(sight.features).all()
        if halls.done:
            break
        goes = np.where(rng.random((3, 30)) < 0.2, sight.cells[..., 1], seen.serving)
        seen = halls.step(Action(cho_target=goes.astype(np.int32)))
    assert (sight.features[..., LATELY] > 0).sum() > 3 * 30, "links besides the serving one are remembered"


def test_a_score_depends_on_the_cell_and_the_others_and_not_on_their_order() -> None:
    rng = np.random.default_rng(1)
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in WEIGHTS.shapes.items()}
    features = rng.normal(size=(1, N_CHOICES, len(FEATURES))).astype(np.float32)
    allowed = np.array([[True, True, True, False]])
    before = score(weights, features, allowed)
    turned = score(weights, features[:, [2, 0, 1, 3]], allowed)
    assert turned[0, :3] == pytest.approx(before[0, [2, 0, 1]], rel=1e-4)
    assert before[0, 3] == -np.inf
    features[:, 3] = 99.0  # what is not there changes nothing
    assert score(weights, features, allowed)[0, :3] == pytest.approx(before[0, :3])


def test_cells_are_drawn_as_often_as_the_softmax_says() -> None:
    scores = np.log(np.array([0.5, 0.2, 0.3, 0.0], dtype=np.float32) + 1e-30)
    scores[3] = -np.inf
    many = np.broadcast_to(scores, (20_000, 4))
    drawn = draw(many, np.random.default_rng(1).random(20_000), 1.0)
    assert np.bincount(drawn, minlength=4) / 20_000 == pytest.approx([0.5, 0.2, 0.3, 0.0], abs=0.01)
    assert set(draw(many, np.random.default_rng(1).random(20_000), 0.0)) == {0}


def test_shipped_weights_leave_a_crowded_cell_and_not_for_one_that_is_drowned() -> None:
    """Cells 1 and 2 are as strong and as empty; only 1 has its channel to itself."""
    snapshot = make_snapshot(
        rsrp_dbm=np.tile([-60.0, -61.0, -61.0, -58.0], (200, 1)),
        serving=[0] * 200,
        channel=[0, 1, 2, 2],
        sib_load=np.tile([1.5, 0.1, 0.1, 1.2], (200, 1)),
        sib_age_s=np.zeros((200, 4)),
        delivered_bps=np.full(200, 3e6),
    )
    agent = Mappo()
    agent.reset(scenario_of(snapshot), 1)
    target = np.bincount(np.asarray(agent.act(snapshot).cho_target), minlength=4)
    assert target[1] > 10
    assert target[2] + target[3] < target[1] / 2


def test_without_the_file_or_with_another_shape_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.safetensors: No such file"):
        Mappo(MappoConfig(weights=str(tmp_path / "nowhere.safetensors")))
    assert WEIGHTS.shipped is not None
    arrays, facts = load_tensors(WEIGHTS.shipped)
    save_tensors(tmp_path / "old", arrays, facts | {"version": "0"})
    with pytest.raises(ValueError, match="version 0, expected"):
        Mappo(MappoConfig(weights=str(tmp_path / "old")))
    wide = arrays | {"hidden1.weight": np.zeros((48, 99), dtype=np.float32)}
    save_tensors(tmp_path / "wide", wide, facts)
    with pytest.raises(ValueError, match=r"hidden1\.weight has shape \(48, 99\)"):
        Mappo(MappoConfig(weights=str(tmp_path / "wide")))
    with pytest.raises(ValueError, match="temperature=-1 is not allowed"):
        MappoConfig(temperature=-1)
