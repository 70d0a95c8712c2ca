# SPDX-License-Identifier: GPL-2.0-only
"""Simulators of their own as a batch."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from pyagents.core.simulator import BatchSimulator
from pyagents.scenarios.indoor_factory.mock import BatchedMock, MockSimulator
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.simulators.side_by_side import SideBySide

SCENARIO = dataclasses.replace(PRESETS["fig5"], steps=3)


class Fragile(MockSimulator):
    """Fails at the given call of `step`, and tells when it is closed."""

    def __init__(self, fails_at: int, on_close: Callable[[], None]) -> None:
        super().__init__()
        self._left, self._on_close = fails_at, on_close

    def step(self, action: Action) -> Snapshot:
        self._left -= 1
        if self._left == 0:
            raise OSError("gone")
        return super().step(action)

    def close(self) -> None:
        self._on_close()
        super().close()


def play(halls: BatchSimulator, scenario: Scenario) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(1)
    seen = halls.reset(scenario, [5, 6, 7])
    shown = [{name: np.asarray(getattr(seen, name)) for name in Snapshot.facts()}]
    while not halls.done:
        target = rng.integers(-1, scenario.n_gnbs, seen.serving.shape).astype(np.int32)
        seen = halls.step(Action(cho_target=target))
        shown.append({name: np.asarray(getattr(seen, name)) for name in Snapshot.facts()})
    return shown


def test_a_batch_of_simulators_shows_what_the_batched_mock_does() -> None:
    together, apart = play(BatchedMock(), SCENARIO), play(SideBySide(MockSimulator), SCENARIO)
    assert len(together) == len(apart) == 4
    for one, other in zip(together, apart, strict=True):
        for name in Snapshot.facts():
            assert np.array_equal(one[name], other[name], equal_nan=True), name


def test_one_that_fails_closes_all() -> None:
    closed: list[int] = []
    made = iter([9, 2, 9])
    halls = SideBySide(lambda: Fragile(next(made), lambda: closed.append(1)))
    seen = halls.reset(SCENARIO, [1, 2, 3])
    assert len(seen.at(1).to_arrays()["serving"]) == SCENARIO.n_ues
    halls.step(Action())
    with pytest.raises(OSError, match="gone"):
        halls.step(Action())
    assert len(closed) == 3
    with pytest.raises(RuntimeError, match="step before reset"):
        halls.step(Action())


def test_when_all_runs_are_over_their_simulators_are_closed() -> None:
    closed: list[int] = []
    halls = SideBySide(lambda: Fragile(99, lambda: closed.append(1)))
    play(halls, SCENARIO)
    assert len(closed) == 3
    with pytest.raises(RuntimeError, match="the runs are over"):
        halls.step(Action())
    with pytest.raises(ValueError, match=r"seeds=\[\] is not allowed"):
        halls.reset(SCENARIO, [])
