# SPDX-License-Identifier: GPL-2.0-only
"""What agents without training do, and who is better than whom."""

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest

from pyagents.core.agent_spec import find_agent
from pyagents.runs.rollout import rollout
from pyagents.scenarios.iot_edge import Scenario
from pyagents.scenarios.iot_edge.agents.model import Model, in_mm
from pyagents.scenarios.iot_edge.agents.sc_metis import repair
from pyagents.scenarios.iot_edge.agents.search import Search
from pyagents.scenarios.iot_edge.family import FAMILY
from pyagents.scenarios.iot_edge.mock import MockSimulator
from pyagents.scenarios.iot_edge.moves import list_moves
from pyagents.scenarios.iot_edge.snapshot import Action, Move, Snapshot

AREA = Scenario(n_devices=40, n_servers=3, steps=12)


def play(name: str, scenario: Scenario = AREA, seed: int = 1) -> list[Any]:
    with MockSimulator() as mock:
        return rollout(mock, find_agent(name, FAMILY).make(), scenario, seed).rows


def first_of(scenario: Scenario, seed: int) -> Snapshot:
    with MockSimulator() as mock:
        return mock.reset(scenario, seed)


def mean(rows: list[Any], name: str = "reward") -> float:
    return float(np.mean([row[name] for row in rows[len(rows) // 2 :]]))


def test_the_model_foresees_what_the_mock_does() -> None:
    scenario = dataclasses.replace(AREA, vehicle_speed_mps=0.0)
    first = first_of(scenario, 3)
    model = Model(scenario, first)
    scores = model.judge(model.plan_moves(first), model.message_bytes(in_mm(first.vehicle_position_m)))
    for k, moves in enumerate(np.concatenate([np.full((1, 3), Move.STAY), list_moves(3)])):
        with MockSimulator() as mock:
            mock.reset(scenario, 3)
            made = FAMILY.metrics.row([mock.step(Action(core_move=moves.astype(np.int32)))], scenario)
        assert scores[k] == pytest.approx(made["reward"] + 1e-3 * (made["gamma"] + made["delta"]))


def test_greedy_never_falls_while_the_vehicle_stands() -> None:
    rewards = [row["reward"] for row in play("greedy", dataclasses.replace(AREA, vehicle_speed_mps=0.0))]
    assert all(after >= before - 2e-3 for before, after in itertools.pairwise(rewards))
    assert rewards[-1] > rewards[0]


def test_static_clusters_stay() -> None:
    assert {row["rehomed"] for row in play("sc-mwvc")} == {0}
    assert {row["rehomed"] for row in play("static-best")[2:]} == {0}


def test_one_cluster_for_all_is_as_uneven_as_can_be() -> None:
    last = play("all-in-one")[-1]
    assert last["gamma"] == last["delta"] == pytest.approx(2 / 3 - 1)
    assert last["reward"] == 0
    assert last["reward_letter"] == pytest.approx(1 / 9)
    assert last["both_negative"] == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_oracle_is_above_all_others(seed: int) -> None:
    best = mean(play("oracle", seed=seed))
    for name in ("greedy", "static-best", "sc-mwvc", "random", "all-in-one"):
        assert best >= mean(play(name, seed=seed)), name


def test_a_search_leaves_no_more_devices_out_than_static_clusters() -> None:
    first = first_of(AREA, 6)
    search = Search(AREA, first, 6)
    found = search.find(np.full(40, 1000.0))
    with MockSimulator() as mock:
        mock.reset(AREA, 6)
        after = mock.step(Action(cluster=found))
    assert (after.hops == 0).sum() <= (first.hops == 0).sum()
    assert search.score(found, np.full(40, 1000.0)) > search.score(first.cluster, np.full(40, 1000.0))


def test_the_search_finds_what_trying_all_finds() -> None:
    """Seven devices in a row, two servers: all 128 ways to part them."""
    scenario = Scenario(n_devices=7, n_servers=2, area_length_m=14.0, area_width_m=1.0)
    first = first_of(scenario, 1)
    places = np.stack([np.arange(7) * 2.0, np.zeros(7)], axis=1)
    shown = dataclasses.replace(
        first,
        device_position_m=places,
        core_position_m=np.array([[0.0, 0.0], [12.0, 0.0]]),
        hops=np.ones(7, np.int32),
    )
    search, sizes = Search(scenario, shown, 1), np.array([1, 1, 1, 1, 1, 1, 3]) * 1000.0
    ways = (np.arange(128)[:, None] >> np.arange(7)) & 1
    best = max(search.score(way.astype(np.int32), sizes) for way in ways)
    assert search.score(search.find(sizes), sizes) == best


def test_metis_parts_are_even_and_whole() -> None:
    pytest.importorskip("pymetis")
    pytest.importorskip("scipy")
    scenario = dataclasses.replace(AREA, n_devices=80, n_servers=4)
    last = play("sc-metis", scenario)[-1]
    assert last["empty_clusters"] == 0
    static = FAMILY.metrics.row([first_of(scenario, 1)], scenario)
    assert last["unreachable_share"] <= static["unreachable_share"]


def test_metis_with_one_server_or_one_device_has_one_part() -> None:
    pytest.importorskip("pymetis")
    pytest.importorskip("scipy")
    assert play("sc-metis", Scenario(n_devices=9, n_servers=1, steps=1))[-1]["empty_clusters"] == 0
    assert play("sc-metis", Scenario(n_devices=1, n_servers=3, steps=1))[-1]["empty_clusters"] == 2


def test_split_parts_are_joined_to_the_neighbours() -> None:
    """A row 0-1-2-3-4: device 4 belongs to the part at the other end."""
    near = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) == 1
    apart = np.stack([np.arange(5.0), np.abs(np.arange(5.0) - 3)], axis=1)
    assert repair(np.array([0, 0, 1, 1, 0], np.int32), near, apart).tolist() == [0, 0, 1, 1, 1]
    alone = near.copy()
    alone[3, 4] = alone[4, 3] = False
    assert repair(np.array([0, 0, 1, 1, 0], np.int32), alone, apart).tolist() == [0, 0, 1, 1, 0]
