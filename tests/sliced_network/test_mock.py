# SPDX-License-Identifier: GPL-2.0-only
"""The mock: bytes and work balance, knobs take effect, batches change nothing, bad input is named."""

import dataclasses

import numpy as np
import pytest

from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network import Action, Scenario, Snapshot
from pyagents.scenarios.sliced_network.mock import BatchedMock, MockSimulator
from pyagents.scenarios.sliced_network.mock.sharing import EVEN, MAX_RATE, QOS, share
from pyagents.scenarios.sliced_network.scenario import Scheduler

SMALL = Scenario(n_sites=2, ues_per_site=10, steps=6, demand_period_steps=3.0)
SHARED = dataclasses.replace(SMALL, is_reserved=False)
N = SMALL.n_ues


def same(a: Snapshot, b: Snapshot) -> bool:
    theirs = b.to_arrays()
    return all(np.array_equal(array, theirs[name]) for name, array in a.to_arrays().items())


def random_action(rng: np.random.Generator, now: Snapshot) -> Action:
    return Action(gfbr_bps=rng.uniform(0, 3e6, N), cpu_share=rng.uniform(0, 0.2, N))


def test_a_run_has_its_steps() -> None:
    with MockSimulator() as mock:
        now = mock.reset(SMALL, 3)
        assert now.time_s == pytest.approx(0.1)
        for k in range(SMALL.steps):
            assert not mock.done
            now = mock.step(Action())
            assert now.time_s == pytest.approx(0.1 * (k + 2))
        assert mock.done
        with pytest.raises(RuntimeError, match="the runs are over"):
            mock.step(Action())


@pytest.mark.parametrize("scheduler", ["qos", "rr", "max-rate"])
@pytest.mark.parametrize("is_reserved", [True, False])
def test_bytes_and_work_balance_and_no_site_gives_more_than_it_has(
    scheduler: Scheduler, is_reserved: bool
) -> None:
    scenario = dataclasses.replace(SMALL, scheduler=scheduler, is_reserved=is_reserved, load=1.3)
    rng, queued, work = np.random.default_rng(1), np.zeros(N), np.zeros(N)
    with MockSimulator() as mock:
        now = mock.reset(scenario, 2)
        while True:
            out = now.delivered_bytes + now.dropped_bytes + now.queued_bytes
            assert queued + now.offered_bytes == pytest.approx(out, rel=1e-12)
            assert work + now.cpu_offered == pytest.approx(
                now.cpu_done + now.cpu_dropped + now.cpu_queued, rel=1e-12
            )
            assert min(now.dropped_bytes.min(), now.cpu_dropped.min()) >= -1e-6
            assert (now.prb_share.reshape(2, -1).sum(axis=1) <= 1 + 1e-9).all()
            assert now.prb_used.sum(axis=1) == pytest.approx(now.prb_share.reshape(2, -1).sum(axis=1))
            assert (now.cpu_done.reshape(2, -1).sum(axis=1) <= scenario.cpu_capacity * 0.1 * (1 + 1e-9)).all()
            assert (now.gfbr_bps / now.mean_rate_bps).reshape(2, -1).sum(axis=1).max() <= 1 + 1e-9
            queued, work = now.queued_bytes, now.cpu_queued
            if mock.done:
                return
            now = mock.step(random_action(rng, now))


def test_what_is_guaranteed_is_a_bound_where_it_is_reserved() -> None:
    none, all_of_it = np.zeros(N), np.zeros(N)
    all_of_it[[0, 10]] = 1e12
    with MockSimulator() as mock:
        mock.reset(SMALL, 1)
        now = mock.step(Action(gfbr_bps=all_of_it, cpu_share=none))
    others = np.delete(np.arange(N), [0, 10])
    assert (now.delivered_bytes[others] == 0).all()
    assert (now.cpu_done == 0).all()
    assert now.gfbr_bps[0] == pytest.approx(now.mean_rate_bps[0])
    with MockSimulator() as mock:
        mock.reset(SHARED, 1)
        now = mock.step(Action(gfbr_bps=all_of_it, cpu_share=none))
    assert (now.delivered_bytes[others] > 0).all()
    assert (now.cpu_done > 0).all()


def shared(
    limit: list[float], sure: list[float], slices: list[int], ratio: Floats | None = None, rule: int = QOS
) -> Floats:
    used = np.empty(len(limit))
    whole = np.tile([0.0, 0.0, 1.0], (3, 1))
    share(
        np.array(limit),
        np.array(sure),
        np.array(slices, np.int32),
        whole if ratio is None else ratio,
        np.arange(len(limit), dtype=np.int32),
        rule,
        used,
    )
    return used


def test_guarantees_come_first_and_the_rest_is_even() -> None:
    assert shared([0.9, 0.9, 0.05], [0.6, 0.0, 0.0], [0, 0, 0]) == pytest.approx([0.775, 0.175, 0.05])
    assert shared([0.9, 0.9, 0.05], [0.6, 0.0, 0.0], [0, 0, 0], rule=EVEN) == pytest.approx(
        [0.475, 0.475, 0.05]
    )
    assert shared([0.7, 0.9, 0.05], [0.0, 0.0, 0.05], [0, 0, 0], rule=MAX_RATE) == pytest.approx(
        [0.7, 0.3, 0.0]
    )


def test_quotas_of_slices_hold() -> None:
    ratio = np.array([[0.0, 0.0, 0.3], [0.0, 0.5, 1.0], [0.2, 0.2, 1.0]])
    even = shared([1.0, 1.0, 0.05], [0.0, 0.0, 0.0], [0, 1, 2], ratio)
    assert even == pytest.approx([0.15, 0.65, 0.05])  # 0.15 of what is dedicated to the third stay idle
    sure = shared([1.0, 1.0, 1.0], [0.9, 0.0, 0.0], [0, 1, 2], ratio)
    assert sure == pytest.approx([0.3, 0.5, 0.2])


def test_quotas_that_contradict_each_other_are_refused() -> None:
    ratio = np.tile([0.0, 0.4, 1.0], (2, 3, 1))
    with MockSimulator() as mock:
        mock.reset(SMALL, 1)
        with pytest.raises(ValueError, match=r"site 0 is not allowed: its minima sum to 1\.2"):
            mock.step(Action(prb_ratio=ratio))
        ratio[1, 2] = [0.5, 0.4, 1.0]
        with pytest.raises(ValueError, match=r"prb_ratio\[1, 2\] .* dedicated 0\.5 above minimum 0\.4"):
            mock.step(Action(prb_ratio=ratio))
        with pytest.raises(ValueError, match=r"cpu_share\[0\] is 2\.0, allowed is 0 to 1"):
            mock.step(Action(cpu_share=np.full(N, 2.0)))


def test_a_batch_plays_each_run_as_if_alone() -> None:
    batch, rng = BatchedMock(), np.random.default_rng(3)
    together = batch.reset(SHARED, [4, 1, 9])
    alone = [MockSimulator() for _ in range(3)]
    for k, (one, seed) in enumerate(zip(alone, [4, 1, 9], strict=True)):
        assert same(one.reset(SHARED, seed), together.at(k))
    for _ in range(SHARED.steps):
        actions = [random_action(rng, together.at(k)) for k in range(3)]
        together = batch.step(Action.stack(actions))
        for k, one in enumerate(alone):
            assert same(one.step(actions[k]), together.at(k))


def test_snapshots_that_were_given_away_stay_as_they_are() -> None:
    rng = np.random.default_rng(2)
    with MockSimulator() as mock:
        first = mock.reset(SMALL, 2)
        kept = {name: array.copy() for name, array in first.to_arrays().items()}
        for _ in range(SMALL.steps):
            mock.step(random_action(rng, first))
        assert all(np.array_equal(array, kept[name]) for name, array in first.to_arrays().items())
        with pytest.raises(ValueError, match="read-only"):
            first.queued_bytes[0] = 1


@pytest.mark.parametrize("seeds", [[], [0], [3, -1]])
def test_seeds_below_one_are_refused(seeds: list[int]) -> None:
    with pytest.raises(ValueError, match="is not allowed"):
        BatchedMock().reset(SMALL, seeds)
