# SPDX-License-Identifier: GPL-2.0-only
"""Programs that speak ns3-gym's protocol behave as Gymnasium environments, whatever becomes of them."""

import copy
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import psutil
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env, data_equivalence
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

from pyagents.envs import Ns3GymEnv
from pyagents.wire import LaunchError, PeerDiedError, PeerTimeoutError, ProtocolError
from tests.conftest import ROOT
from tests.envs.ns3gym_program import ACTION_SPACE, QUIT

ACTION = {"push": np.array([0.5, 0, -1]), "quit": 0, "pair": (2, np.array([3, 4], np.int32))}
FAULTS = (PeerDiedError, PeerTimeoutError)
Make = Callable[..., Ns3GymEnv]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program"
    path.write_text(
        f'#!/bin/sh\nexec env PYTHONPATH="{ROOT}" "{sys.executable}" -m tests.envs.ns3gym_program "$@"\n'
    )
    path.chmod(0o755)
    return path


@pytest.fixture
def make(program: Path) -> Iterator[Make]:
    """Makes environments; closes them, and looks whether a process is left."""
    made: list[Ns3GymEnv] = []

    def make(program_or_port: Any = program, *args: Any, **options: Any) -> Ns3GymEnv:
        made.append(Ns3GymEnv(program_or_port, *args, **{"timeout_s": 20.0, **options}))
        return made[-1]

    yield make
    for env in made:
        env.close()
    assert not left_over()


def left_over() -> list[str]:
    commands = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    return [command for command in commands if "--openGymPort" in command]


def n_open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def play(env: Ns3GymEnv, action: Any = ACTION) -> list[Any]:
    """The steps of an episode to its end."""
    steps: list[Any] = []
    while not steps or not (steps[-1][2] or steps[-1][3]):
        steps.append(env.step(action))
    return steps


# ---- Spaces and values ----


def test_spaces_are_those_that_the_program_announces(make: Make) -> None:
    env = make()
    spaces = gymnasium.spaces
    infinity = np.inf
    assert env.observation_space == spaces.Dict(
        walk=spaces.Box(-infinity, infinity, (2, 3), np.float64),
        step=spaces.Discrete(10**6),
        heard=spaces.Tuple(
            [spaces.Discrete(3), spaces.Dict(counts=spaces.Box(0, 2**32 - 1, (2,), np.uint32))]
        ),
    )
    assert env.action_space == spaces.Dict(
        push=spaces.Box(-1, 1, (3,), np.float64),
        quit=spaces.Discrete(100),
        pair=spaces.Tuple([spaces.Discrete(3), spaces.Box(0, 9, (2,), np.int32)]),
    )


def test_values_travel_both_ways_in_shape_and_dtype(make: Make) -> None:
    env = make()
    first, info = env.reset(seed=1)
    then, reward, terminated, truncated, _ = env.step(ACTION)
    assert first in env.observation_space
    assert then in env.observation_space
    assert info == {"extra_info": "at 0", "is_observed": True, "run": 1}
    assert (reward, terminated, truncated) == (0.5, False, False)
    assert then["heard"][0] == 2
    assert then["heard"][1]["counts"].tolist() == [3, 4]
    assert then["heard"][1]["counts"].dtype == np.uint32
    assert then["step"] == 1
    assert then["walk"].shape == (2, 3)
    then["walk"] += 1  # an array of the caller's own


def test_whatever_gymnasium_samples_is_taken(make: Make) -> None:
    env = make(args=["--steps=60"])
    env.reset(seed=1)
    env.action_space.seed(1)
    for step in range(1, 51):
        action = env.action_space.sample() | {"quit": 0}
        seen, *_ = env.step(action)
        assert seen in env.observation_space
        assert seen["step"] == step
        assert seen["heard"][0] == action["pair"][0], "the program got what was sampled"
        assert seen["heard"][1]["counts"].tolist() == action["pair"][1].tolist()


def test_an_action_outside_its_bounds_is_refused_unless_asked_otherwise(make: Make) -> None:
    env = make()
    env.reset(seed=1)
    with pytest.raises(ValueError, match=r"action\['push'\]: has an element 5.0; allowed is -1"):
        env.step({**ACTION, "push": np.full(3, 5.0)})
    env.step(ACTION)  # the episode goes on


# ---- Episodes ----


def test_the_end_of_simulated_time_truncates(make: Make) -> None:
    env = make(args={"--steps": 3})
    env.reset(seed=1)
    steps = play(env)
    assert [step[2:4] for step in steps] == [(False, False), (False, False), (False, True)]
    assert env.pid is None


def test_the_end_that_the_program_declares_terminates(make: Make) -> None:
    env = make()
    env.reset(seed=1)
    assert env.step({**ACTION, "quit": QUIT})[2:4] == (True, False)


def test_the_same_seed_plays_the_same_and_another_another(make: Make) -> None:
    env = make()
    episodes = []
    for seed in (1, 1, 2):
        first = env.reset(seed=seed)
        episodes.append([first, *play(env)])
    assert data_equivalence(episodes[0], episodes[1], exact=True)
    assert not data_equivalence(episodes[0], episodes[2])


def test_episodes_without_a_seed_follow_from_the_last_one(make: Make) -> None:
    env = make()
    runs = []
    for _ in range(2):
        env.reset(seed=7)
        runs.append([env.reset()[1]["run"] for _ in range(3)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 3


def test_the_first_reset_without_a_seed_plays_the_program_that_told_the_spaces(make: Make) -> None:
    env = make()
    pid = env.pid
    env.reset()
    assert env.pid == pid


def test_seed_0_and_the_greatest_are_seeds_that_ns3_takes(make: Make) -> None:
    env = make()
    assert env.reset(seed=0)[1]["run"] == env.reset(seed=2**32 - 1)[1]["run"] == 2**32 - 1
    with pytest.raises(ValueError, match="seed=4294967296 is not allowed"):
        env.reset(seed=2**32)


def test_the_seed_takes_the_flag_that_the_program_has_for_it(make: Make, tmp_path: Path) -> None:
    log = tmp_path / "log"
    env = make(args=["--steps=2"], seed_flag=None, log_path=log)
    env.reset(seed=5)
    play(env)
    assert "seed 1\n" in log.read_text()


@pytest.mark.parametrize("args", [["--steps=2"], {"--steps": 2}, {"steps": 2}])
def test_arguments_come_as_a_list_or_by_name(make: Make, args: Any) -> None:
    env = make(args=args)
    env.reset(seed=1)
    assert len(play(env)) == 2


def test_a_last_state_without_observation_repeats_the_one_before(make: Make) -> None:
    env = make(args=["--steps=2", "--hollow-end"])
    env.reset(seed=1)
    before, last = play(env)
    assert data_equivalence(before[0], last[0], exact=True)
    assert (before[4]["is_observed"], last[4]["is_observed"]) == (True, False)


def test_a_first_state_without_observation_is_blank(make: Make) -> None:
    env = make(args=["--hollow-start"])
    observation, info = env.reset(seed=1)
    assert observation in env.observation_space
    assert not observation["walk"].any()
    assert not info["is_observed"]


def test_a_step_without_an_episode_asks_for_a_reset(make: Make) -> None:
    env = make(args=["--steps=1"])
    with pytest.raises(ResetNeeded, match="reset starts one"):
        env.step(ACTION)
    env.reset(seed=1)
    play(env)
    with pytest.raises(ResetNeeded, match="reset starts one"):
        env.step(ACTION)


def test_twenty_resets_leave_neither_process_nor_file(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, here = tmp_path / "temporary", tmp_path / "here"
    temporary.mkdir()
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.chdir(here)
    env = make()
    env.reset(seed=1)
    n_open = n_open_files()
    for seed in range(20):
        env.reset(seed=seed)
        env.step(ACTION)
        assert len(left_over()) == 1
    assert n_open_files() <= n_open
    env.close()
    env.close()
    assert not left_over()
    assert not [*temporary.iterdir(), *here.iterdir()]


def test_the_page_about_it_shows_code_that_works(program: Path) -> None:
    page = (ROOT / "docs" / "ns3gym.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    call = '"build/scratch/my-scenario", {"--duration": 10}'
    assert call in code
    names: dict[str, Any] = {}
    exec(code.replace(call, f"{str(program)!r}, {{'--steps': 3}}"), names)
    assert names["terminated"] or names["truncated"]
    assert not left_over()


# ---- What goes wrong ----


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_a_program_that_dies_or_hangs_is_one_error_in_time_and_the_next_reset_works(
    make: Make, fault: signal.Signals
) -> None:
    env = make(timeout_s=3.0)
    env.reset(seed=1)
    assert env.pid is not None
    os.kill(env.pid, fault)
    start = time.monotonic()
    with pytest.raises(FAULTS, match=r"killed by SIG|did not send a state within 3 s"):
        env.step(ACTION)
    assert time.monotonic() - start < 3 + 4
    assert not left_over()
    with pytest.raises(ResetNeeded):
        env.step(ACTION)
    env.reset(seed=1)
    env.step(ACTION)


def test_a_deaf_program_is_ended_all_the_same(make: Make) -> None:
    env = make(args=["--deaf"])
    env.reset(seed=1)
    env.close()
    assert not left_over()


def test_a_program_that_does_not_exist_is_named(make: Make, tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"cannot run '.*/no-such': there is no such program"):
        make(tmp_path / "no-such")


def test_a_program_that_exits_at_once_is_quoted(make: Make) -> None:
    with pytest.raises(PeerDiedError, match=r"exited with code 2 (.|\n)*unrecognized arguments: --wrong"):
        make(args=["--wrong"])


def test_a_program_that_has_vanished_is_named_and_its_return_suffices(make: Make, program: Path) -> None:
    env = make()
    away = program.rename(program.with_name("away"))
    with pytest.raises(LaunchError, match="there is no such program"):
        env.reset(seed=1)
    away.rename(program)
    env.reset(seed=1)


def test_other_spaces_than_at_first_are_refused(make: Make, program: Path) -> None:
    env = make()
    program.write_text(program.read_text().replace('"$@"', '"$@" --size=3'))
    with pytest.raises(ProtocolError, match="announces other spaces"):
        env.reset(seed=1)
    assert not left_over()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((0,), "program_or_port: is 0; allowed are ports 1 to 65535"),
        ((5555, ["--steps=1"]), "args: are given with a port"),
        (("program", "--steps=1"), "args: is '--steps=1'; allowed is a list"),
    ],
)
def test_what_is_not_allowed_is_named(arguments: tuple[Any, ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Ns3GymEnv(*arguments)


# ---- Somebody else starts the program ----


@pytest.fixture
def started_elsewhere(program: Path) -> Iterator[int]:
    """The port that programs connect to, each started when the one before has ended."""
    port = free_port()
    loop = f"while sleep 0.1; do '{program}' --openGymPort={port} --steps=3; done"
    shell = subprocess.Popen(
        loop, shell=True, process_group=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield port
    os.killpg(shell.pid, signal.SIGKILL)
    shell.wait()


def test_a_program_that_somebody_else_starts_is_played_anew_at_each_reset(
    make: Make, started_elsewhere: int
) -> None:
    env = make(started_elsewhere)
    for seed in (None, 3, None):
        _, info = env.reset(seed=seed)
        assert info == {"extra_info": "at 0", "is_observed": True}
        assert len(play(env)) == 3
    env.reset()
    env.step(ACTION)
    env.reset()  # in the midst of an episode
    assert env.step(ACTION)[0]["step"] == 1


def test_a_taken_port_is_named(make: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with pytest.raises(LaunchError, match=f"cannot listen on tcp://127.0.0.1:{port}: Address already"):
            make(port)


def test_nobody_on_the_port_ends_in_time(make: Make) -> None:
    port = free_port()
    with pytest.raises(PeerTimeoutError, match=f"no scenario connected to tcp://127.0.0.1:{port} .* 0.5 s"):
        make(port, timeout_s=0.5)


# ---- Gymnasium's own ----


def test_gymnasium_finds_nothing_to_complain_of(program: Path) -> None:
    env = gymnasium.make("pyagents.envs:Ns3Gym-v0", program_or_port=program, args=["--steps=30"])
    with warnings.catch_warnings():
        # What it says of bounds is for the program's author: this one walks as far as it likes.
        warnings.filterwarnings("ignore", message=".*(symmetric and normalized|Box observation space m).*")
        check_env(env.unwrapped)
    env.close()
    assert not left_over()


@pytest.mark.parametrize("kind", [SyncVectorEnv, AsyncVectorEnv])
def test_gymnasium_plays_four_at_once(kind: type[SyncVectorEnv], program: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*fork.*", category=DeprecationWarning)
        envs = kind([lambda: Ns3GymEnv(program, ["--steps=3"]) for _ in range(4)])
    observations, infos = envs.reset(seed=[1, 1, 2, 3])
    assert infos["run"].tolist() == [1, 1, 2, 3]
    assert observations["walk"].shape == (4, 2, 3)
    assert (observations["walk"][0] == observations["walk"][1]).all()
    assert not (observations["walk"][0] == observations["walk"][2]).any()
    for _ in range(6):
        envs.action_space.seed(1)
        actions = copy.deepcopy(envs.action_space.sample())
        actions["quit"][:] = 0
        envs.step(actions)
    envs.close()
    assert not left_over()


def test_actions_of_the_announced_space_are_what_the_wire_takes(make: Make) -> None:
    env = make()
    for _ in range(20):
        assert ACTION_SPACE.contains(env.action_space.sample())
