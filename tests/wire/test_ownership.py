# SPDX-License-Identifier: GPL-2.0-only
"""A session belongs to one process, and to one thread at a time."""

import multiprocessing
import os
import re
import signal
import threading
import time
from typing import Any

import pytest

from pyagents.wire import PeerDiedError, Session, SessionError
from tests.wire.conftest import Make, simulator_command


@pytest.mark.parametrize("call", ["close", "step", "start"])
def test_call_from_another_thread_in_mid_step_is_refused(session: Make, call: str) -> None:
    s = session("--do=hang", "--at=1", timeout_s=60.0)
    s.start()
    ended: list[BaseException] = []

    def step() -> None:
        try:
            s.step(None)
        except PeerDiedError as error:
            ended.append(error)

    stepper = threading.Thread(target=step)
    stepper.start()
    time.sleep(0.5)
    with pytest.raises(SessionError, match=f"{call}: another thread uses the session"):
        getattr(s, call)(*([None] if call == "step" else []))
    os.kill(s.pid or 0, signal.SIGKILL)
    stepper.join()
    assert len(ended) == 1
    s.close()


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
