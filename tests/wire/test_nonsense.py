# SPDX-License-Identifier: GPL-2.0-only
"""What is no message, or too long a one, is an error with the log of who sent it."""

import pytest

from pyagents.wire import PeerDiedError, ProtocolError
from tests.wire.conftest import Make, children


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
