# SPDX-License-Identifier: GPL-2.0-only
"""A scenario that says nothing meets the deadline."""

import time

import pytest

from pyagents.wire import PeerTimeoutError, Session, SessionError
from tests.wire.conftest import Make, children


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


def test_first_message_far_beyond_the_limit_is_said(session: Make) -> None:
    s = session("--do=huge", max_message_bytes=1_000_000, timeout_s=4.0)
    with pytest.raises(PeerTimeoutError, match="connected, but said nothing, or more than 1000000 bytes"):
        s.start()
