# SPDX-License-Identifier: GPL-2.0-only
"""A peer that speaks and leaves: its last message arrives, and the next wait for it ends at once."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zmq

from pyagents.wire.process.link import Link
from pyagents.wire.process.request_socket import NoAnswerError, RequestSocket
from pyagents.wire.process.transport import Event, ReplySocket


@pytest.fixture(autouse=True)
def late_to_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits learns of the connection's beginning and end in one go, before it takes the message."""
    read = Link.read

    def read_late(link: Link) -> None:
        time.sleep(0.3)
        read(link)

    monkeypatch.setattr(Link, "read", read_late)


def beside(talk: Callable[[zmq.Socket[bytes]], None], kind: int) -> threading.Thread:
    """A thread that talks over a socket of its own and then leaves."""

    def main() -> None:
        with zmq.Context() as context, context.socket(kind) as socket:
            socket.setsockopt(zmq.RCVTIMEO, 5000)
            talk(socket)

    thread = threading.Thread(target=main)
    thread.start()
    return thread


def test_agent_that_answers_and_leaves(tmp_path: Path) -> None:
    place = f"ipc://{tmp_path}/s"

    def answer(socket: zmq.Socket[bytes]) -> None:
        socket.bind(place)
        socket.recv()
        socket.send(b"a")

    agent = beside(answer, zmq.REP)
    with RequestSocket(place, timeout_s=20) as scenario:
        assert scenario.ask(b"q") == b"a"
        agent.join()
        started = time.monotonic()
        with pytest.raises(NoAnswerError, match="closed its connection"):
            scenario.ask(b"q")
        assert time.monotonic() - started < 5


def test_scenario_that_asks_and_leaves(tmp_path: Path) -> None:
    agent = ReplySocket(f"ipc://{tmp_path}/s")

    def ask(socket: zmq.Socket[bytes]) -> None:
        time.sleep(0.2)  # long enough that a plain receive is over
        socket.connect(agent.endpoint)
        socket.send(b"q")

    scenario = beside(ask, zmq.REQ)
    try:
        assert agent.receive(20) == b"q"
        scenario.join()
        agent.send(b"a")
        started = time.monotonic()
        assert agent.receive(20) is Event.DISCONNECTED
        assert time.monotonic() - started < 5
    finally:
        agent.close()
