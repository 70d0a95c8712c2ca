# SPDX-License-Identifier: GPL-2.0-only
"""Whoever else comes to the endpoint neither ends a run nor hides its end."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from pyagents.wire import PeerDiedError, Session
from pyagents.wire.process.keys import make_keys
from tests.wire.conftest import Make, simulator_command


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
