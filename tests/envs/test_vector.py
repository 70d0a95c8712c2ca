# SPDX-License-Identifier: GPL-2.0-only
"""Vectors of halls do what as many single environments do, by Gymnasium's own rules."""

import dataclasses
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv

from pyagents.envs.concurrent import ConcurrentEnv
from pyagents.scenarios.indoor_factory.envs import make_env, make_parallel_env, make_vector_env
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.wire import PeerDiedError
from tests.hall import Hall

SMALL = Scenario(n_gnbs=3, n_ues=8, steps=3, mobile_share=0.5)
AnyVector = VectorEnv[Any, Any, Any]


def assert_same(ours: Any, theirs: Any, where: str = "") -> None:
    """The same, through all dicts and arrays of objects, in type, shape and bytes."""
    if isinstance(theirs, tuple):
        for place, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(mine, other, f"{where}[{place}]")
        return
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs), where
        for key in theirs:
            assert_same(ours[key], theirs[key], f"{where}[{key}]")
        return
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, where
    assert ours.dtype == theirs.dtype, where
    if theirs.dtype == object:
        for mine, other in zip(ours, theirs, strict=True):
            assert_same(mine, other, where)
    else:
        assert ours.tobytes() == theirs.tobytes(), where


def assert_behaves_as(ours: AnyVector, theirs: AnyVector, steps: int = 9) -> None:
    """The same resets and steps say the same."""
    assert ours.metadata["autoreset_mode"] == theirs.metadata["autoreset_mode"]
    assert ours.single_observation_space == theirs.single_observation_space
    assert ours.observation_space == theirs.observation_space
    assert ours.action_space == theirs.action_space
    ours.action_space.seed(3)
    assert_same(ours.reset(seed=5), theirs.reset(seed=5))
    for step in range(steps):
        actions = ours.action_space.sample()
        assert_same(ours.step(actions), theirs.step(actions), f"step {step}: ")


def sync(simulator: str, mode: AutoresetMode, **options: Any) -> AnyVector:
    one: Callable[[], gymnasium.Env[Any, Any]] = lambda: make_env(simulator, SMALL, **options)  # noqa: E731
    return SyncVectorEnv([one] * 3, autoreset_mode=mode)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("action", ["cho_target", "cio_db", "channel"])
def test_a_batch_is_as_many_single_halls(mode: AutoresetMode, action: str) -> None:
    ours = make_vector_env(3, scenario=SMALL, action=action, autoreset_mode=mode)
    assert_behaves_as(ours, sync("mock", mode, action=action))


def test_a_batch_takes_functions_of_single_snapshots() -> None:
    views: dict[str, Any] = {
        "observation": lambda now: now.airtime,
        "reward": lambda before, now: {
            "least": now.airtime.min(),
            "gain": now.load.sum() - before.load.sum(),
        },
    }
    ours = make_vector_env(3, scenario=SMALL, **views)
    assert_behaves_as(ours, sync("mock", AutoresetMode.NEXT_STEP, **views))


def test_threads_are_as_many_single_halls() -> None:
    def one() -> gymnasium.Env[Any, Any]:
        return make_env(Hall(), SMALL)

    for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP):
        ours = ConcurrentEnv([one] * 3, autoreset_mode=mode)
        assert_behaves_as(ours, SyncVectorEnv([one] * 3, autoreset_mode=mode))
        ours.close()


def test_processes_are_as_many_single_halls(hall_instead_of_ns3: Path) -> None:
    ours = make_vector_env(3, "ns3", SMALL)
    assert isinstance(ours, ConcurrentEnv)
    theirs = sync("ns3", AutoresetMode.NEXT_STEP)
    try:
        assert_behaves_as(ours, theirs, steps=5)
    finally:
        ours.close()
        theirs.close()


def test_threads_wait_at_the_same_time() -> None:
    class Slow(Hall):
        def step(self, action: Any) -> Any:
            time.sleep(0.2)
            return super().step(action)

    env = ConcurrentEnv([lambda: make_env(Slow(), SMALL)] * 5)
    env.reset(seed=1)
    start = time.monotonic()
    env.step(env.action_space.sample())
    assert time.monotonic() - start < 0.6
    env.close()


@pytest.mark.parametrize("simulator", ["mock", "threads"])
def test_without_autoreset_a_new_run_has_to_be_asked_for(simulator: str) -> None:
    env: AnyVector
    if simulator == "mock":
        env = make_vector_env(2, scenario=SMALL, autoreset_mode="Disabled")
    else:
        env = ConcurrentEnv([lambda: make_env(Hall(), SMALL)] * 2, autoreset_mode="Disabled")
    env.reset(seed=1)
    for _ in range(SMALL.steps):
        truncated = env.step(env.action_space.sample())[3]
    assert truncated.all()
    with pytest.raises(RuntimeError, match="over"):
        env.step(env.action_space.sample())


def test_a_mask_resets_only_some() -> None:
    env = ConcurrentEnv([lambda: make_env(Hall(), SMALL)] * 2, autoreset_mode="Disabled")
    first, _ = env.reset(seed=1)
    for _ in range(SMALL.steps):
        seen = env.step(env.action_space.sample())[0]
    again, info = env.reset(seed=1, options={"reset_mask": np.array([True, False])})
    np.testing.assert_array_equal(again[0], first[0])
    np.testing.assert_array_equal(again[1], seen[1])
    assert list(info["_run"]) == [True, False]
    batch = make_vector_env(2, scenario=SMALL, autoreset_mode="Disabled")
    batch.reset(seed=1)
    with pytest.raises(ValueError, match="reset_mask"):
        batch.reset(options={"reset_mask": np.array([True, False])})
    env.close()


def test_gymnasium_makes_vectors_by_name() -> None:
    made = gymnasium.make_vec(
        "pyagents.envs:IndoorFactory-v0", 4, vectorization_mode="vector_entry_point", scenario=SMALL
    )
    assert made.num_envs == 4
    assert made.reset(seed=1)[0].shape == made.observation_space.shape
    assert made.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP


def test_checks_actions_of_a_batch() -> None:
    env = make_vector_env(2, scenario=SMALL)
    env.reset(seed=1)
    with pytest.raises(ValueError, match="allowed is -1 to 2"):
        env.step(np.full((2, 8), 4))
    with pytest.raises(ValueError, match="shape"):
        env.step(np.zeros(8, dtype=int))


def test_an_error_in_one_closes_all() -> None:
    halls: list[Hall] = []

    class Dies(Hall):
        def step(self, action: Any) -> Any:
            if halls[1] is self:
                raise PeerDiedError("gone", command=None, returncode=None, log_path=None, log_tail=[])
            return super().step(action)

    def one() -> gymnasium.Env[Any, Any]:
        halls.append(Dies())
        return make_env(halls[-1], SMALL)

    env = ConcurrentEnv([one] * 3)
    env.reset(seed=1)
    with pytest.raises(PeerDiedError):
        env.step(env.action_space.sample())
    assert all(hall.closed for hall in halls)


@pytest.mark.ns3
def test_ns3_processes_step_side_by_side() -> None:
    scenario = dataclasses.replace(SMALL, steps=2)
    env = make_vector_env(3, "ns3", scenario)
    try:
        env.action_space.seed(1)
        seen = [env.reset(seed=2)[0], *(env.step(env.action_space.sample())[0] for _ in range(4))]
        assert len({row.tobytes() for row in seen[0]}) == 3
        single = make_env("ns3", scenario)
        np.testing.assert_array_equal(single.reset(seed=3)[0], seen[0][1])
        single.close()
    finally:
        env.close()


def test_environments_that_an_interrupt_closed_say_so() -> None:
    class Interrupted(Hall):
        def step(self, action: Action) -> Snapshot:
            raise KeyboardInterrupt

    halls = [Interrupted() for _ in range(2)]
    env = ConcurrentEnv([lambda hall=hall: make_env(hall, SMALL) for hall in halls])  # type: ignore[misc]
    env.reset(seed=1)
    with pytest.raises(KeyboardInterrupt):
        env.step(env.action_space.sample())
    assert all(hall.closed for hall in halls)
    for call in (lambda: env.step(env.action_space.sample()), env.reset):
        with pytest.raises(ClosedEnvironmentError, match="what interrupted them"):
            call()


@pytest.mark.parametrize("make", [make_env, make_parallel_env, make_vector_env])
def test_environments_are_pickled(make: Callable[..., Any]) -> None:
    env = make(scenario=SMALL)
    again = pickle.loads(pickle.dumps(env))
    assert again.action_space == env.action_space or make is make_parallel_env


def test_own_functions_are_pickled_where_python_can() -> None:
    env = make_env(Hall(), SMALL, observation=_loads, reward=_evenness)
    again = pickle.loads(pickle.dumps(env))
    np.testing.assert_array_equal(again.reset(seed=1)[0], env.reset(seed=1)[0])
    assert again.step(again.action_space.sample())[1] <= 0


def _loads(snapshot: Snapshot) -> Any:
    return snapshot.load


def _evenness(before: Snapshot, after: Snapshot) -> float:
    return -float(after.load.std())
