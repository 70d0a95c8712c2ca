# SPDX-License-Identifier: GPL-2.0-only
"""The mock: actions take effect, runs repeat, batches change nothing, bad input is named."""

import numpy as np
import pytest

from pyagents.scenarios.iot_edge import Action, Scenario, Snapshot
from pyagents.scenarios.iot_edge.mock import BatchedMock, MockSimulator
from pyagents.scenarios.iot_edge.moves import list_moves
from pyagents.scenarios.iot_edge.snapshot import Move
from pyagents.scenarios.iot_edge.world import draw_world

SMALL = Scenario(n_devices=12, n_servers=3, steps=6)


def move(core: int, what: Move, n: int = 3) -> Action:
    moves = np.full(n, Move.STAY, np.int32)
    moves[core] = what
    return Action(core_move=moves)


def same(a: Snapshot, b: Snapshot) -> bool:
    theirs = b.to_arrays()
    return all(np.array_equal(array, theirs[name], equal_nan=True) for name, array in a.to_arrays().items())


def test_a_run_has_its_steps_and_cores_start_at_servers() -> None:
    with MockSimulator() as mock:
        now = mock.reset(SMALL, 3)
        assert now.time_s == 1
        assert np.array_equal(now.core_position_m, now.server_position_m)
        for k in range(SMALL.steps):
            assert not mock.done
            now = mock.step(Action())
            assert now.time_s == k + 2
        assert mock.done
        with pytest.raises(RuntimeError, match="the runs are over"):
            mock.step(Action())


@pytest.mark.parametrize(
    ("what", "way"), [(Move.UP, (0, 1)), (Move.DOWN, (0, -1)), (Move.LEFT, (-1, 0)), (Move.RIGHT, (1, 0))]
)
def test_a_core_moves_a_metre_within_the_area(what: Move, way: tuple[int, int]) -> None:
    with MockSimulator() as mock:
        before = mock.reset(SMALL, 1).core_position_m
        after = mock.step(move(1, what)).core_position_m
    assert np.array_equal(after[[0, 2]], before[[0, 2]])
    assert after[1] == pytest.approx(np.clip(before[1] + way, 0, 15))


def test_levels_stop_at_their_bounds() -> None:
    scenario = Scenario(n_devices=12, n_servers=3, steps=30, weight_levels=2)
    with MockSimulator() as mock:
        mock.reset(scenario, 1)
        levels = [mock.step(move(0, Move.SHRINK)).weight_level[0] for _ in range(4)]
        levels += [mock.step(move(0, Move.EXPAND)).weight_level[0] for _ in range(6)]
    assert levels == [1, 2, 2, 2, 1, 0, -1, -2, -2, -2]


def test_more_moves_than_a_step_has_are_refused() -> None:
    both = Action(core_move=np.array([Move.UP, Move.STAY, Move.SHRINK], np.int32))
    with MockSimulator() as mock:
        mock.reset(SMALL, 1)
        with pytest.raises(ValueError, match=r"2 moves .* moves_per_step=1"):
            mock.step(both)
    with MockSimulator() as mock:
        mock.reset(Scenario(n_devices=12, n_servers=3, moves_per_step=2), 1)
        assert mock.step(both).weight_level.tolist() == [0, 0, 1]


def test_assignments_stay_until_they_are_set_anew() -> None:
    assigned = np.where(np.arange(12) < 6, 2, -1).astype(np.int32)
    with MockSimulator() as mock:
        first = mock.reset(SMALL, 1)
        assert mock.step(Action(cluster=assigned)).cluster[:6].tolist() == [2] * 6
        assert mock.step(Action()).assigned.tolist() == assigned.tolist()
        assert np.array_equal(mock.step(Action(cluster=np.full(12, -1, np.int32))).cluster, first.cluster)


def test_what_is_made_arrives_or_is_unreachable() -> None:
    with MockSimulator() as mock:
        now = mock.reset(Scenario(n_devices=40, n_servers=4), 5)
    assert now.received_bytes.sum() + now.dropped_bytes.sum() == now.message_bytes.sum()
    assert np.array_equal(now.dropped_bytes > 0, now.hops == 0)
    assert now.dropped_by_cause_bytes.tolist() == [0, 0, now.dropped_bytes.sum(), 0]
    assert now.sent_messages.sum() == now.hops.sum()


def test_a_batch_plays_each_run_as_if_alone() -> None:
    scenario = Scenario(n_devices=30, n_servers=3, steps=4, n_vehicles=2, route="reflection")
    batch, moves = BatchedMock(), list_moves(3)
    together = batch.reset(scenario, [4, 1, 9])
    alone = [MockSimulator() for _ in range(3)]
    for k, (one, seed) in enumerate(zip(alone, [4, 1, 9], strict=True)):
        assert same(one.reset(scenario, seed), together.at(k))
    for step in range(scenario.steps):
        actions = [Action(core_move=moves[(5 * step + 8 * k) % len(moves)]) for k in range(3)]
        together = batch.step(Action.stack(actions))
        for k, one in enumerate(alone):
            assert same(one.step(actions[k]), together.at(k))


def test_snapshots_that_were_given_away_stay_as_they_are() -> None:
    with MockSimulator() as mock:
        first = mock.reset(SMALL, 2)
        kept = {name: array.copy() for name, array in first.to_arrays().items()}
        for k in range(SMALL.steps):
            mock.step(move(k % 3, Move.UP))
        assert all(
            np.array_equal(array, kept[name], equal_nan=True) for name, array in first.to_arrays().items()
        )


def test_a_world_can_be_handed_in() -> None:
    world = draw_world(SMALL, 8)
    with MockSimulator(world=world) as handed, MockSimulator() as drawn:
        assert same(handed.reset(SMALL, 1), drawn.reset(SMALL, 8))


@pytest.mark.parametrize("seeds", [[], [0], [3, -1]])
def test_seeds_below_one_are_refused(seeds: list[int]) -> None:
    with pytest.raises(ValueError, match="is not allowed"):
        BatchedMock().reset(SMALL, seeds)
