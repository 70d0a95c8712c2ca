# SPDX-License-Identifier: GPL-2.0-only
"""What is taken and refused: the rule of both halves, and what a message may cost before it is read."""

import re
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.codec import ActionCodec, StateCodec, decode_init
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Tuple

INF = float("inf")
TABLE = Path(__file__).parents[2] / "ns3_scratch" / "test" / "gym-strict-messages.h"
MESSAGES = re.findall(r'\{"(.*)", "([0-9a-f]*)", (true|false)\},', TABLE.read_text())
SPACE = Dict(
    {
        "i": Box(-INF, INF, (2,), "int32"),
        "u": Box(-INF, INF, (2,), "uint32"),
        "d": Box(-INF, INF, (2,)),
        "n": Discrete(4),
    }
)


@pytest.mark.parametrize(("what", "text", "verdict"), MESSAGES)
def test_answers_are_taken_or_refused_as_by_the_other_half(what: str, text: str, verdict: str) -> None:
    frame = bytes.fromhex(text)
    if verdict == "true":
        action, stop = ActionCodec(SPACE).decode(frame)
        wanted = pb.EnvActMsg.FromString(frame).actData.type == pb.Dict
        assert (action is not None, stop) == (wanted, False), what
    else:
        with pytest.raises(ProtocolError):
            ActionCodec(SPACE).decode(frame)


def test_there_are_answers_of_both_sorts() -> None:
    assert len(MESSAGES) > 40
    assert {verdict for _, _, verdict in MESSAGES} == {"true", "false"}
    assert len(MESSAGES) == TABLE.read_text().count('    {"')


def space_of(kind: int, content: object) -> pb.SpaceDescription:
    description = pb.SpaceDescription(type=kind)  # type: ignore[arg-type]
    description.space.Pack(content)  # type: ignore[arg-type]
    return description


def state_of(kind: int, url: str, content: bytes) -> bytes:
    container = pb.DataContainer(type=kind)  # type: ignore[arg-type]
    container.data.type_url = f"type.googleapis.com/ns3opengym.{url}"
    container.data.value = content
    return pb.EnvStateMsg(obsData=container).SerializeToString()


def long_name() -> bytes:
    entries = [space_of(pb.Discrete, pb.DiscreteSpace(n=2)) for _ in range(4000)]
    for i, entry in enumerate(entries):
        entry.name = str(i)
    inner = space_of(pb.Dict, pb.DictSpace(element=entries))
    inner.name = "x" * 500_000
    return pb.SimInitMsg(obsSpace=space_of(pb.Dict, pb.DictSpace(element=[inner]))).SerializeToString()


def many_dimensions() -> bytes:
    space = space_of(pb.Box, pb.BoxSpace(shape=[1] * 1_000_000))
    return pb.SimInitMsg(obsSpace=space).SerializeToString()


def many_spaces() -> bytes:
    description = pb.SpaceDescription(type=pb.Tuple)
    description.space.type_url = "type.googleapis.com/ns3opengym.TupleSpace"
    description.space.value = b"\x0a\x00" * 500_000
    return pb.SimInitMsg(obsSpace=description).SerializeToString()


@pytest.mark.parametrize(
    ("frame", "decode", "message"),
    [
        (long_name(), decode_init, "has a name of 500000 bytes; allowed are 255"),
        (many_dimensions(), decode_init, "its shape has 1000000 dimensions; allowed are 32"),
        (many_spaces(), decode_init, "has 4097 elements or numbers; allowed are 4096"),
        (bytes(2**21), decode_init, "SimInitMsg: has 2097152 bytes; allowed are 1048576"),
        (
            state_of(pb.Tuple, "TupleDataContainer", b"\x0a\x00" * 4_000_000),
            StateCodec(Tuple((Discrete(2),))).decode,
            "has 2 elements or numbers; allowed are 1",
        ),
        (
            state_of(pb.Tuple, "TupleDataContainer", b"\x0a\x00" * 4_000_000),
            StateCodec(None).decode,
            "has 4097 elements or numbers; allowed are 4096|is empty",
        ),
        (
            state_of(pb.Dict, "DictDataContainer", b"\x78\x01" + b"\x0a\x00" * 4_000_000),
            StateCodec(SPACE).decode,
            "has 5 elements or numbers; allowed are 4",
        ),
        (
            state_of(pb.Box, "BoxDataContainer", b"\x12\x80\x92\xf4\x01" + b"\x01" * 4_000_000),
            StateCodec(Box(-INF, INF, (2,))).decode,
            "its shape has 4000000 dimensions; allowed are 32",
        ),
        (
            state_of(pb.Box, "BoxDataContainer", b"\x1a\x80\x92\xf4\x01" + b"\x80\x01" * 2_000_000),
            StateCodec(Box(-INF, INF, (2,), "int32")).decode,
            "has 2000000 elements or numbers; allowed are 2",
        ),
        (
            state_of(pb.Box, "BoxDataContainer", b"\x18\x01" * 4_000_000),
            StateCodec(Box(-INF, INF, (2,), "int32")).decode,
            "has 3 elements or numbers; allowed are 2",
        ),
    ],
    ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else None,
)
def test_what_is_too_much_is_refused_before_it_is_read(
    frame: bytes, decode: Callable[[bytes], object], message: str
) -> None:
    started = time.process_time()
    tracemalloc.start()
    with pytest.raises(ProtocolError, match=message) as caught:
        decode(frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(frame) + 1_000_000
    assert time.process_time() - started < 3.0
    assert len(str(caught.value)) < 1100


def test_errors_about_what_a_peer_sent_are_cut() -> None:
    assert len(str(ProtocolError("x" * 10**6))) == 1004


def test_counters_of_any_size_fit_their_box() -> None:
    box = pb.BoxDataContainer(dtype=pb.INT, shape=[3], intData=[2**31 - 1, -1, 128])
    frame = state_of(pb.Box, "BoxDataContainer", box.SerializeToString())
    found = StateCodec(Box(-INF, INF, (3,), "int32")).decode(frame).observation
    np.testing.assert_array_equal(found, [2**31 - 1, -1, 128])
