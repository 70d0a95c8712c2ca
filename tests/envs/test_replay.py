# SPDX-License-Identifier: GPL-2.0-only
"""Recordings play back what was recorded."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from pyagents.cli import main
from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.agents.gt_rl import GtRl
from pyagents.scenarios.indoor_factory.envs import make_env
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot
from pyagents.simulators.registry import make_simulator
from pyagents.simulators.replay import Recorder, ReplaySimulator
from tests.hall import Hall

SMALL = Scenario(n_gnbs=3, n_ues=8, steps=4, mobile_share=0.5)


def play(simulator: Simulator, seed: int = 2) -> list[Snapshot]:
    agent = GtRl()
    agent.reset(SMALL, seed)
    snapshots = [simulator.reset(SMALL, seed)]
    while not simulator.done:
        snapshots.append(simulator.step(agent.act(snapshots[-1])))
    return snapshots


def contents(snapshots: list[Snapshot]) -> list[bytes]:
    return [
        np.asarray(getattr(snapshot, name)).tobytes() for snapshot in snapshots for name in Snapshot.facts()
    ]


@pytest.mark.parametrize("simulator", [MockSimulator, Hall])
def test_plays_the_same_snapshots_to_the_last_bit(simulator: type[Simulator], tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    with Recorder(simulator(), path) as recorder:
        live = play(recorder)
    replay = make_simulator(f"replay:{path}", None, FAMILY)
    assert contents(play(replay)) == contents(live)
    assert contents(play(replay, seed=9)) == contents(live)
    assert replay.done


def test_keeps_what_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    with Recorder(Hall(), path) as recorder:
        recorder.reset(SMALL, 1)
        recorder.step(Action())
        recorder.step(Action(cho_target=np.full(8, 2)))
    replay = ReplaySimulator(path)
    assert list(replay.actions) == ["cho_target"]
    assert np.isnan(replay.actions["cho_target"][0]).all()
    assert (replay.actions["cho_target"][1] == 2).all()
    assert (replay.scenario, replay.seed) == (SMALL, 1)


def test_is_small(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    with Recorder(MockSimulator(), path) as recorder:
        live = play(recorder)
    assert path.stat().st_size < sum(map(len, contents(live)))
    assert list(tmp_path.iterdir()) == [path]


def test_an_environment_plays_it(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    with Recorder(MockSimulator(), path) as recorder:
        live = play(recorder)
    env = make_env(f"replay:{path}", SMALL, observation=lambda now: now.load)
    seen = [env.reset()[0]]
    over = False
    while not over:
        observation, _, _, over, _ = env.step(env.action_space.sample())
        seen.append(observation)
    np.testing.assert_array_equal(seen, [snapshot.load.astype(np.float32) for snapshot in live])


def test_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    with pytest.raises(ValueError, match=r"run\.npz is no recording"):
        ReplaySimulator(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is no recording"):
        ReplaySimulator(path)
    with Recorder(Hall(), path) as recorder:
        play(recorder)
    replay = ReplaySimulator(path)
    with pytest.raises(RuntimeError, match="before reset"):
        replay.step(Action())
    with pytest.raises(ValueError, match="recorded with n_ues=8: use"):
        replay.reset(dataclasses.replace(SMALL, n_ues=9), 1)
    replay.reset(SMALL, 1)
    with pytest.raises(ValueError, match="cho_target"):
        replay.step(Action(cho_target=np.full(8, 5)))


def test_a_recorded_run_can_be_run_again_without_its_simulator(in_tmp: Path) -> None:
    first, second = in_tmp / "first", in_tmp / "second"
    hall = ["--scenario", "fig5", "--steps", "4", "--seed", "3"]
    assert main(["run", *hall, "--simulator", "mock", "--record", "--out", str(first)]) == 0
    replay = f"replay:{first / 'recording.npz'}"
    scenario = str(first / "scenario.json")
    assert main(["run", "--scenario", scenario, "--simulator", replay, "--out", str(second)]) == 0
    assert (first / "rows.csv").read_bytes() == (second / "rows.csv").read_bytes()
    assert not (second / "recording.npz").exists()
