# SPDX-License-Identifier: GPL-2.0-only
"""However a session ends, nothing is left of it: no process, no socket, no file."""

import gc
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyagents.wire import Session
from pyagents.wire.process.keys import make_keys
from tests.wire.conftest import SIMULATOR, Make, children, gone, simulator_command, socket_directories


def agent(body: str, *, waits: bool = True) -> subprocess.Popen[str]:
    """A Python program that drives a session with a simulator that hangs; prints its pid first."""
    code = f"""
        import sys
        from pyagents.wire import Session
        s = Session([sys.executable, {str(SIMULATOR)!r}, "--do=hang", "--at=1"], timeout_s=60.0)
        s.start()
        print(s.pid, flush=True)
        {body}
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if waits else subprocess.DEVNULL,
        text=True,
    )


def pid_of(program: subprocess.Popen[str]) -> int:
    assert program.stdout is not None
    return int(program.stdout.readline())


@pytest.mark.parametrize("stage", ["made", "opened", "announced", "started", "stepped", "over"])
def test_close_at_every_stage_leaves_nothing(session: Make, stage: str) -> None:
    s = session("--steps=2")
    stages: dict[str, Callable[[], Any]] = {
        "made": lambda: None,
        "opened": lambda: s.__enter__(),
        "announced": lambda: s.action_space,
        "started": lambda: s.start(),
        "stepped": lambda: s.step(None),
        "over": lambda: s.step(None),
    }
    for name, action in stages.items():
        action()
        if name == stage:
            break
    started = time.monotonic()
    s.close()
    assert time.monotonic() - started < 3.0
    assert not children()
    assert not socket_directories()


def test_stop_is_obeyed_before_signals_are_needed(session: Make, tmp_path: Path) -> None:
    with session(log_path=tmp_path / "log") as s:
        s.start()
    assert s.returncode == 0
    assert (tmp_path / "log").read_text().endswith("stops as asked\n")


def test_program_deaf_to_stop_and_sigterm_is_killed(session: Make) -> None:
    s = session("--deaf", "--do=hang", "--at=1")
    s.start()
    started = time.monotonic()
    s.close()
    assert time.monotonic() - started < 4.0
    assert s.returncode == -signal.SIGKILL


def test_socket_vanishes_once_connected_and_its_directory_is_private(session: Make) -> None:
    with session() as s:
        (directory,) = socket_directories()
        assert directory.stat().st_mode & 0o777 == 0o700
        s.start()
        assert not socket_directories()


def test_garbage_collection_cleans_up(session: Make) -> None:
    s = Session(simulator_command(), timeout_s=10.0)
    s.start()
    pid = s.pid
    assert pid is not None
    del s
    gc.collect()
    assert gone(pid)


def test_exception_in_an_agent_cleans_up() -> None:
    pids: list[int] = []

    def act() -> None:
        with Session(simulator_command(), timeout_s=10.0) as s:
            s.start()
            pids.append(s.pid or 0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert gone(pids[0])


@pytest.mark.parametrize("body", ["s.step(None)", "with s: s.step(None)"])
def test_ctrl_c_leaves_nothing(body: str) -> None:
    program = agent(body)
    simulator = pid_of(program)
    time.sleep(0.2)
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=10)
    assert "KeyboardInterrupt" in errors
    assert gone(simulator, 0.1)


def test_end_of_the_interpreter_leaves_nothing() -> None:
    program = agent("")
    simulator = pid_of(program)
    _, errors = program.communicate(timeout=10)
    assert (program.returncode, errors) == (0, "")
    assert gone(simulator, 0.1)


def test_end_of_the_interpreter_beside_a_thread_that_waits_leaves_nothing() -> None:
    start = "threading.Thread(target=s.step, args=(None,), daemon=True).start()"
    program = agent(f"import threading, time; {start}; time.sleep(0.5)")
    simulator = pid_of(program)
    _, errors = program.communicate(timeout=10)
    assert (program.returncode, errors) == (0, "")
    assert gone(simulator)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_sigkill_to_the_agent_kills_the_program() -> None:
    program = agent("s.step(None)")
    simulator = pid_of(program)
    time.sleep(0.1)
    program.kill()
    program.communicate()
    assert gone(simulator)


def test_sessions_that_begin_at_once_count_each_others_files() -> None:
    code = f"""
        import resource, sys, threading
        from pyagents.wire import LaunchError, Session
        resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))
        sessions = [Session([sys.executable, {str(SIMULATOR)!r}], timeout_s=30.0) for _ in range(16)]
        refused = []
        def play(s):
            try:
                s.start()
                s.step(None)
            except LaunchError as error:
                refused.append(str(error))
        threads = [threading.Thread(target=play, args=(s,)) for s in sessions]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        for s in sessions: s.close()
        print(16 - len(refused), all("files are open" in text for text in refused))
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    count, told = result.stdout.split()
    assert (0 < int(count) < 16, told) == (True, "True")


def test_too_few_files_left_are_said_before_libzmq_ends_the_process(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    code = f"""
        import resource, sys
        from pyagents.wire import LaunchError, Session
        resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))
        running = []
        try:
            while len(running) < 40:
                s = Session([sys.executable, {str(SIMULATOR)!r}], timeout_s=20.0, endpoint=sys.argv[1],
                            keys=sys.argv[2] or None)
                s.start()
                running.append(s)
        except LaunchError as error:
            print(len(running), error)
        for s in running:
            s.step(None)
            s.close()
    """
    for endpoint, keys in (("ipc://*", ""), ("tcp://127.0.0.1:0", str(tmp_path / "keys"))):
        command = [sys.executable, "-c", textwrap.dedent(code), endpoint, keys]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (result.returncode, result.stderr) == (0, "")
        count, text = result.stdout.split(" ", 1)
        assert int(count) >= 2
        assert re.search(r"\d+ files are open and a session may need \d+; allowed are 80 in all", text)
