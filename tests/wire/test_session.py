# SPDX-License-Identifier: GPL-2.0-only
"""An episode from first word to last, and calls out of turn."""

import pickle
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from pyagents.wire import Box, Dict, LaunchError, Reason, Session, SessionError
from tests.wire.conftest import Make, simulator_command
from tests.wire.fake_simulator import ACTION_SPACE, OBSERVATION_SPACE

ENDPOINTS = [None, "tcp://127.0.0.1:0", "tcp://localhost:*", "tcp://[::1]:0", "ipc://*"]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_episode_runs_to_its_end(session: Make, endpoint: str | None) -> None:
    with session("--steps=3", endpoint=endpoint) as s:
        state = s.start()
        assert np.isnan(state.observation["matrix"]).all()
        rewards = [state.reward]
        while not state.game_over:
            state = s.step({"target": np.array([5, -1, 3]), "offset": np.zeros((2, 2))})
            rewards.append(state.reward)
        assert rewards == [0.0, 0.5, 1.0, 1.5]
        assert state.observation["heard"].tolist() == [5, -1]
        assert state.observation["counter"].tolist() == [300] * 3
        assert state.observation["matrix"].shape == (4, 3)
        assert state.info == '{"step": 3}'
    assert s.returncode == 0


def test_spaces_are_known_before_the_first_state(session: Make) -> None:
    with session() as s:
        assert s.observation_space == OBSERVATION_SPACE
        assert s.action_space == Dict(
            {"target": ACTION_SPACE["target"], "offset": Box(-24, 24, (4,), "float64")}
        )
        assert s.start().observation["step"] == 0


def test_end_of_time_truncates_and_game_over_terminates(session: Make) -> None:
    for reason, truncated in ((Reason.SIMULATION_END, True), (Reason.GAME_OVER, False)):
        with session("--steps=0", f"--reason={reason.value}") as s:
            state = s.start()
            assert (state.game_over, state.reason) == (True, reason)
            assert (state.truncated, state.terminated) == (truncated, not truncated)


def test_last_state_that_lacks_numbers_ends_the_episode(session: Make) -> None:
    with session("--do=hollow-end", "--at=1") as s:
        s.start()
        last = s.step(None)
        assert (last.game_over, last.terminated, last.observation) == (True, True, None)
    assert s.returncode == 0


def test_states_that_are_not_the_last_have_no_reason(session: Make) -> None:
    with session() as s:
        state = s.start()
        assert (state.reason, state.truncated, state.terminated) == (None, False, False)


def test_missing_action_entries_and_no_action_are_sent(session: Make) -> None:
    with session() as s:
        s.start()
        assert s.step({}).observation["heard"].tolist() == [-1, -1]
        assert s.step(None).observation["step"] == 2


def test_wrong_action_is_refused_and_another_may_be_tried(session: Make) -> None:
    with session() as s:
        s.start()
        with pytest.raises(
            ValueError, match=r"action\['target'\]: has an element 10; allowed is -1.0 to 9.0"
        ):
            s.step({"target": np.array([10, 0, 0])})
        assert s.step({"target": np.array([9, 0, 0])}).observation["heard"].tolist() == [9, 0]


def test_bounds_that_the_scenario_does_not_mean_can_be_overstepped(session: Make) -> None:
    with session("--overreach", check_bounds=False) as s:
        s.start()
        state = s.step({"target": np.array([1_596_228_628, -7, 0])})
        assert state.observation["heard"].tolist() == [1_596_228_628, -7]
        with pytest.raises(ValueError, match=r"has an element 4294967296; allowed are whole numbers from"):
            s.step({"target": np.array([2**32, 0, 0])})


def test_step_before_start_after_end_and_after_close_say_so(session: Make) -> None:
    s = session("--steps=0")
    with pytest.raises(SessionError, match="has not been started"):
        s.step(None)
    s.start()
    with pytest.raises(SessionError, match=r"is over.*a new episode is a new session"):
        s.step(None)
    s.close()
    s.close()
    with pytest.raises(SessionError, match="is closed"):
        s.step(None)
    with pytest.raises(SessionError, match="is closed"):
        s.start()


def test_second_start_says_so(session: Make) -> None:
    with session() as s:
        s.start()
        with pytest.raises(SessionError, match="has been started already"):
            s.start()


def test_many_sessions_at_once(session: Make) -> None:
    endpoints = [None, "tcp://127.0.0.1:0"] * 4
    running = [session("--steps=5", endpoint=endpoint) for endpoint in endpoints]
    for s in running:
        s.__enter__()
    for s in running:
        s.start()
    for step in range(5):
        states = [s.step({"target": np.array([i, 0, 0])}) for i, s in enumerate(running)]
        assert [state.observation["heard"][0] for state in states] == list(range(8))
        assert {state.observation["step"] for state in states} == {step + 1}
    assert len({s.pid for s in running}) == len({s.endpoint for s in running}) == 8


def test_session_outlives_the_thread_that_opened_it(session: Make) -> None:
    s = session()
    opener = threading.Thread(target=s.start)
    opener.start()
    opener.join()
    assert s.step(None).observation["step"] == 1


@pytest.mark.parametrize("endpoint", ["tcp://127.0.0.1:0", None])
def test_scenario_started_by_hand(endpoint: str | None) -> None:
    with Session(endpoint=endpoint, timeout_s=10.0) as s:
        program = subprocess.Popen(simulator_command(*s.flags, "--steps=1"), stdout=subprocess.DEVNULL)
        try:
            assert s.start().observation["step"] == 0
            assert s.step(None).game_over
            s.close()
            assert program.wait(5) == 0
        finally:
            program.kill()
            program.wait()


def test_scenario_started_by_hand_is_stopped_by_close() -> None:
    with Session(endpoint="tcp://127.0.0.1:0", timeout_s=10.0) as s:
        program = subprocess.Popen(simulator_command(*s.flags), stdout=subprocess.PIPE)
        s.start()
    output, _ = program.communicate(timeout=5)
    assert b"stops as asked" in output
    assert program.returncode == 0


def test_program_has_time_to_finish_after_the_last_state(session: Make, tmp_path: Path) -> None:
    log = tmp_path / "deep" / "down" / "ns3.log"
    with session("--steps=0", "--linger=1.5", log_path=log) as s:
        s.start()
    assert s.returncode == 0
    assert log.read_text().splitlines()[-1] == "ends by itself"


@pytest.mark.parametrize("program", ["/no/such/program", "no-such-program-anywhere", "/etc/passwd"])
def test_program_that_cannot_run_says_so(program: str) -> None:
    with pytest.raises(LaunchError, match=f"cannot run '{program}'"), Session([program]):
        pass


def test_arguments_that_are_not_allowed() -> None:
    with pytest.raises(ValueError, match="command: is 'ls -l'; allowed is a list"):
        Session("ls -l")
    with pytest.raises(ValueError, match="command: is empty"):
        Session([])
    with pytest.raises(ValueError, match="timeout_s: is 0"):
        Session(["ls"], timeout_s=0)
    with pytest.raises(ValueError, match="max_message_bytes: is 0"):
        Session(["ls"], max_message_bytes=0)


def test_session_does_not_pickle(session: Make) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(session())
