# SPDX-License-Identifier: GPL-2.0-only
"""A scenario that dies is noticed at once, and the error says how it died and what it wrote."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from pyagents.wire import PeerDiedError, PeerError, Session
from tests.wire.conftest import Make, children, gone, simulator_command


def delay_s(error: PeerError) -> float:
    """Seconds since the program said that it was about to fail."""
    return time.time() - float(error.log_tail[-2].removeprefix("at "))


def run_until(state: int, s: Session) -> None:
    s.start()
    for _ in range(state):
        s.step(None)


@pytest.mark.parametrize("at", [-1, 0, 2])
@pytest.mark.parametrize("endpoint", [None, "tcp://127.0.0.1:0"])
def test_killed_program_is_noticed_at_once(
    session: Make, tmp_path: Path, at: int, endpoint: str | None
) -> None:
    log = tmp_path / "ns3.log"
    s = session("--do=die", f"--at={at}", endpoint=endpoint, log_path=log, timeout_s=60.0)
    with pytest.raises(PeerDiedError) as caught:
        run_until(2, s)
    error = caught.value
    assert delay_s(error) < 1.0
    assert error.returncode == -signal.SIGKILL
    assert "was killed by SIGKILL (signal 9)" in str(error)
    assert "fake_simulator.py --do=die" in str(error)
    assert "about to die" in str(error)
    assert error.log_path == log
    assert error.log_tail[-1] == "about to die"
    assert not children()


def test_kill_from_outside_in_mid_wait_is_noticed_at_once(session: Make) -> None:
    s = session("--do=hang", "--at=1", timeout_s=60.0)
    s.start()
    killed_at = []

    def kill() -> None:
        killed_at.append(time.monotonic())
        os.kill(s.pid or 0, signal.SIGKILL)

    threading.Timer(0.3, kill).start()
    with pytest.raises(PeerDiedError, match="while a state was awaited"):
        s.step(None)
    assert time.monotonic() - killed_at[0] < 1.0


def test_death_is_noticed_where_there_is_no_pidfd(session: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError("not here")

    monkeypatch.setattr(os, "pidfd_open", refuse)
    with session("--steps=1") as s:
        assert s.start().observation["step"] == 0
        assert s.step(None).game_over
    assert s.returncode == 0
    with pytest.raises(PeerDiedError, match="exited with code 3") as caught:
        run_until(2, session("--do=exit", "--at=1", timeout_s=60.0))
    assert delay_s(caught.value) < 1.0


def test_program_that_somebody_else_reaps(session: Make) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        s = session("--do=exit", "--at=1", timeout_s=60.0)
        s.start()
        with pytest.raises(PeerDiedError, match="ended, exit code unknown while a state was awaited"):
            s.step(None)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_exit_code_is_named(session: Make) -> None:
    with pytest.raises(
        PeerDiedError, match="exited with code 3 while its first message was awaited"
    ) as caught:
        session("--do=exit").start()
    assert caught.value.returncode == 3


def test_program_that_is_no_scenario_is_quoted() -> None:
    command = ["sh", "-c", "echo msg='no such flag' >&2; exit 1", "it's"]
    with pytest.raises(PeerDiedError, match="exited with code 1") as caught, Session(command) as s:
        s.start()
    assert caught.value.log_tail == ["msg=no such flag"]
    assert "-c 'echo msg=" in str(caught.value)


def test_only_the_end_of_a_long_log_is_shown() -> None:
    command = ["sh", "-c", "seq 100000; exit 1"]
    with pytest.raises(PeerDiedError) as caught, Session(command) as s:
        s.start()
    assert caught.value.log_tail == [str(n) for n in range(99981, 100001)]


def test_closed_connection_is_noticed_at_once(session: Make) -> None:
    with pytest.raises(PeerDiedError, match="closed its connection") as caught:
        run_until(2, session("--do=leave", "--at=1", timeout_s=60.0))
    assert delay_s(caught.value) < 4.0


def test_hand_started_scenario_that_dies_is_noticed_at_once() -> None:
    with Session(endpoint="tcp://127.0.0.1:0", timeout_s=60.0) as s:
        program = subprocess.Popen(
            simulator_command(*s.flags, "--do=die", "--at=1"), stdout=subprocess.DEVNULL
        )
        with pytest.raises(PeerDiedError, match="closed its connection"):
            run_until(1, s)
        program.wait()


def test_children_of_a_dead_program_are_killed(session: Make) -> None:
    s = session("--do=orphan", "--at=1")
    s.start()
    with pytest.raises(PeerDiedError):
        s.step(None)
    sleepers = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "61"]]
    assert all(gone(p.pid) for p in sleepers)
