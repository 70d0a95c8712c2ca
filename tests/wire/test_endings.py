# SPDX-License-Identifier: GPL-2.0-only
"""Deaths, silences, interruptions: what the error says, how soon it comes, and that nothing is left."""

import contextlib
import gc
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq

from pyagents.wire import PeerDiedError, PeerError, PeerTimeoutError, ProtocolError, Session, SessionError
from pyagents.wire.process.keys import make_keys
from tests.wire.conftest import SIMULATOR, children, gone, simulator_command, socket_directories

Make = Callable[..., Session]


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


def test_silent_program_meets_the_deadline(session: Make) -> None:
    s = session("--do=hang", "--at=1", timeout_s=1.0)
    s.start()
    started = time.monotonic()
    with pytest.raises(PeerTimeoutError, match=r"still running\) did not send a state within 1 s") as caught:
        s.step(None)
    assert 1.0 <= time.monotonic() - started < 4.0
    assert caught.value.timeout_s == 1.0
    assert caught.value.log_tail[-1] == "about to hang"
    assert not children()
    with pytest.raises(SessionError, match="is closed"):
        s.step(None)


def test_nobody_connects() -> None:
    with (
        pytest.raises(
            PeerTimeoutError, match=r"no scenario connected to tcp://127.0.0.1:\d+ and spoke within"
        ),
        Session(endpoint="tcp://127.0.0.1:0", timeout_s=0.2) as s,
    ):
        s.start()


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


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("garbage", "EnvStateMsg"),
        ("frames", "a message of 2 frames; allowed is one"),
        ("large", "a message of 1500000 bytes; allowed are 1000000"),
        ("again", "EnvStateMsg: field 1 does not belong there, or not with that type"),
    ],
)
def test_nonsense_from_the_program_is_an_error_with_its_log(session: Make, what: str, message: str) -> None:
    s = session(f"--do={what}", "--at=1", max_message_bytes=1_000_000)
    s.start()
    with pytest.raises(ProtocolError, match=message) as caught:
        s.step(None)
    assert f"| about to {what}" in "\n".join(caught.value.__notes__)
    assert not children()


def test_garbage_instead_of_the_first_message(session: Make) -> None:
    with pytest.raises(ProtocolError, match="SimInitMsg"):
        session("--do=garbage").start()


def test_message_far_beyond_the_limit_is_not_even_read(session: Make) -> None:
    s = session("--do=huge", "--at=1", max_message_bytes=1_000_000)
    s.start()
    with pytest.raises(PeerDiedError, match="sent more than 1000000 bytes"):
        s.step(None)


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


def test_children_of_a_dead_program_are_killed(session: Make) -> None:
    s = session("--do=orphan", "--at=1")
    s.start()
    with pytest.raises(PeerDiedError):
        s.step(None)
    sleepers = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "61"]]
    assert all(gone(p.pid) for p in sleepers)


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


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_sigkill_to_the_agent_kills_the_program() -> None:
    program = agent("s.step(None)")
    simulator = pid_of(program)
    time.sleep(0.1)
    program.kill()
    program.communicate()
    assert gone(simulator)


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


@pytest.mark.parametrize("call", ["close", "step", "start"])
def test_call_from_another_thread_in_mid_step_is_refused(session: Make, call: str) -> None:
    s = session("--do=hang", "--at=1", timeout_s=1.5)
    s.start()
    ended: list[BaseException] = []

    def step() -> None:
        try:
            s.step(None)
        except PeerTimeoutError as error:
            ended.append(error)

    stepper = threading.Thread(target=step)
    stepper.start()
    time.sleep(0.5)
    with pytest.raises(SessionError, match=f"{call}: another thread uses the session"):
        getattr(s, call)(*([None] if call == "step" else []))
    stepper.join()
    assert len(ended) == 1
    s.close()


def test_end_of_the_interpreter_beside_a_thread_that_waits_leaves_nothing() -> None:
    start = "threading.Thread(target=s.step, args=(None,), daemon=True).start()"
    program = agent(f"import threading, time; {start}; time.sleep(0.5)")
    simulator = pid_of(program)
    _, errors = program.communicate(timeout=10)
    assert (program.returncode, errors) == (0, "")
    assert gone(simulator)


def use_in_child(s: Session, say: Any) -> None:
    try:
        s.step(None)
    except SessionError as error:
        say.put(str(error))
    s.close()


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_forked_child_can_neither_use_nor_harm_a_session(session: Make) -> None:
    s = session("--steps=2")
    s.start()
    context = multiprocessing.get_context("fork")
    said = context.SimpleQueue()
    child = context.Process(target=use_in_child, args=(s, said))
    child.start()
    child.join(10)
    assert child.exitcode == 0
    assert re.search(r"the session belongs to process \d+", said.get())
    assert s.step(None).observation["step"] == 1


def drive_in_child(command: list[str], say: Any) -> None:
    with Session(command, timeout_s=10.0) as s:
        s.start()
        say.put(s.step(None).observation["step"])


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_have_sessions_of_their_own(session: Make, method: str) -> None:
    s = session()
    s.start()
    context: Any = multiprocessing.get_context(method)
    said = context.SimpleQueue()
    child = context.Process(target=drive_in_child, args=(simulator_command(), said))
    child.start()
    child.join(10)
    assert child.exitcode == 0
    assert said.get() == 1
    assert s.step(None).observation["step"] == 1


def test_first_message_far_beyond_the_limit_is_said(session: Make) -> None:
    s = session("--do=huge", max_message_bytes=1_000_000, timeout_s=2.0)
    with pytest.raises(PeerTimeoutError, match="connected, but said nothing, or more than 1000000 bytes"):
        s.start()


@pytest.fixture(params=["tcp", "zmq", "zmq that spoke"])
def stranger(request: pytest.FixtureRequest) -> Iterator[Callable[[str], None]]:
    """Connects to an endpoint, and idles or says one thing."""
    with contextlib.ExitStack() as stack:

        def visit(endpoint: str) -> None:
            if request.param == "tcp":
                port = int(endpoint.rpartition(":")[2])
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            else:
                guest = stack.enter_context(zmq.Context()).socket(zmq.REQ)
                stack.callback(guest.close, linger=0)
                guest.connect(endpoint)
                if request.param == "zmq that spoke":
                    guest.send(b"nonsense")
            time.sleep(0.2)

        yield visit


@pytest.mark.parametrize("keys", [False, True])
def test_death_is_noticed_at_once_beside_a_stranger(
    stranger: Callable[[str], None], tmp_path: Path, keys: bool
) -> None:
    if keys:
        make_keys(tmp_path / "keys")
    folder = tmp_path / "keys" if keys else None
    with Session(endpoint="tcp://127.0.0.1:0", timeout_s=30.0, keys=folder) as s:
        command = simulator_command(*s.flags, "--do=die", "--at=2")
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        s.start()
        stranger(s.endpoint)
        assert s.step(None).observation["step"] == 1
        started = time.monotonic()
        with pytest.raises(PeerDiedError, match="closed its connection"):
            s.step(None)
        assert time.monotonic() - started < 5.0
        program.wait()


def test_second_scenario_is_told_to_stop_while_the_run_goes_on(session: Make, tmp_path: Path) -> None:
    with session("--steps=3", endpoint="tcp://127.0.0.1:0") as s:
        s.start()
        intruder = subprocess.Popen(
            simulator_command(*s.flags), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        state, said = s.step(None), ""
        for step in (2, 3):
            time.sleep(1.5)
            state = s.step(None)
            assert state.observation["step"] == step
        said, errors = intruder.communicate(timeout=10)
        assert said.splitlines()[-1] == "stops as asked"
        assert (errors, state.game_over) == ("", True)


@pytest.mark.parametrize("kind", [zmq.REQ, zmq.DEALER])
def test_any_other_peer_does_not_end_a_run(session: Make, kind: int) -> None:
    with zmq.Context() as context, session(endpoint="tcp://127.0.0.1:0") as s:
        guest = context.socket(kind)
        guest.connect(s.endpoint)
        if kind == zmq.DEALER:
            guest.send(b"nonsense")  # before anybody else has spoken
        s.start()
        for _ in range(2 if kind == zmq.DEALER else 1):
            guest.send_multipart([b"a", b"", b"b"])
        time.sleep(0.2)
        assert s.step(None).observation["step"] == 1
        assert s.step(None).observation["step"] == 2
        guest.close(linger=0)


def test_stranger_on_the_port_does_no_harm(session: Make) -> None:
    with session(endpoint="tcp://127.0.0.1:0") as s:
        s.start()
        with socket.create_connection(("127.0.0.1", int(s.endpoint.rpartition(":")[2]))) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert s.step(None).observation["step"] == 1
        time.sleep(0.05)
        assert s.step(None).observation["step"] == 2
