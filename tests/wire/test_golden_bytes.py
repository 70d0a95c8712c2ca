# SPDX-License-Identifier: GPL-2.0-only
"""Messages byte by byte, worked out by hand from the message definitions and protobuf's encoding guide."""

import numpy as np
import pytest

from pyagents.wire.protocol.codec import (
    ActionCodec,
    Init,
    Reason,
    State,
    StateCodec,
    decode_init,
    decode_init_ack,
    encode_init,
    encode_init_ack,
)
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Space, Tuple, Value
from tests.wire.oracle import same


def spell(text: str) -> bytes:
    """Hex numbers and 'quoted' ASCII to bytes."""
    return b"".join(
        part[1:-1].encode() if part.startswith("'") else bytes.fromhex(part) for part in text.split()
    )


URL = "'type.googleapis.com/ns3opengym."  # 31 characters

INF = float("inf")

# DictDataContainer{"x": Box double [2]}; lengths, innermost first: Box 23 = 0x17, its Any 74 = 0x4a, its
# container 81 = 0x51, Dict 83 = 0x53, its Any 135 = 0x87 0x01, its container 140 = 0x8c 0x01.
DICT_STATE = f"""
    0a 8c 01  08 04  12 87 01  0a 30 {URL}DictDataContainer'  12 53
      0a 51  08 02  12 4a  0a 2f {URL}BoxDataContainer'  12 17
        08 04  12 01 02  32 10  000000000000f03f  000000000000f0ff
      1a 01 'x'
"""

# Box int32 [1, 2] holding 300 and -1; Box 20 = 0x14, its Any 71 = 0x47, its container 75 = 0x4b.
INT_STATE = f"""
    0a 4b  08 02  12 47  0a 2f {URL}BoxDataContainer'  12 14
      08 01  12 02 01 02  1a 0c  ac 02  ff ff ff ff ff ff ff ff ff 01
"""

# Tuple of a Discrete 7 and a Box uint32 () holding 5; Discrete 2, its Any 58 = 0x3a, its container 62 = 0x3e;
# Box 5, its Any 56 = 0x38, its container 60 = 0x3c; Tuple 126 = 0x7e, its Any 179 = 0xb3 0x01,
# its container 184 = 0xb8 0x01.
TUPLE_STATE = f"""
    0a b8 01  08 03  12 b3 01  0a 31 {URL}TupleDataContainer'  12 7e
      0a 3e  08 01  12 3a  0a 34 {URL}DiscreteDataContainer'  12 02  08 07
      0a 3c  08 02  12 38  0a 2f {URL}BoxDataContainer'  12 05  08 02  22 01 05
"""

# Box float32 [1] holding 0.5: Box 11 = 0x0b, its Any 62 = 0x3e, its container 66 = 0x42; then the rest.
FULL_STATE = f"""
    0a 42  08 02  12 3e  0a 2f {URL}BoxDataContainer'  12 0b  08 03  12 01 01  2a 04  00 00 00 3f
    15 00 00 c0 bf  18 01  20 01  2a 02 'ok'
"""


@pytest.mark.parametrize(
    ("space", "state", "text"),
    [
        (Dict({"x": Box(-INF, INF, (2,))}), State({"x": np.array([1.0, -INF])}), DICT_STATE),
        (Box(-1, 300, (1, 2), "int32"), State(np.array([[300, -1]], "int32")), INT_STATE),
        (Tuple((Discrete(9), Box(0, 9, (), "uint32"))), State((7, np.array(5, "uint32"))), TUPLE_STATE),
        (
            Box(0, 1, (1,), "float32"),
            State(np.array([0.5], "float32"), -1.5, True, Reason.GAME_OVER, "ok"),
            FULL_STATE,
        ),
        (None, State(None), ""),
        (None, State(None, 0.0, True, Reason.SIMULATION_END), "18 01"),
        (None, State(None, -0.0), "15 00 00 00 80"),
    ],
)
def test_states(space: Space | None, state: State, text: str) -> None:
    codec = StateCodec(space)
    assert codec.encode(state) == spell(text)
    for _ in range(2):  # the second time its framing is known
        decoded = codec.decode(spell(text))
        assert same(decoded.observation, state.observation)
        rest = (decoded.reward, decoded.game_over, decoded.reason, decoded.info)
        assert rest == (state.reward, state.game_over, state.reason, state.info)


def test_empty_container_is_no_observation() -> None:
    assert StateCodec(Box(0, 1, (3,))).decode(spell("0a 00")).observation is None


@pytest.mark.parametrize(
    ("space", "narrow", "action", "text"),
    [
        # Boxes go flat: [2, 1] is announced as [2]. Box 9, Any 60 = 0x3c, container 64 = 0x40.
        (
            Box(0, 9, (2, 1), "int32"),
            False,
            np.array([[3], [4]]),
            f"0a 40 08 02 12 3c  0a 2f {URL}BoxDataContainer'  12 09  08 01 12 01 02  1a 02 03 04",
        ),
        # A double: Box 15 = 0x0f, Any 66 = 0x42, container 70 = 0x46; as stock Python sends it, a float.
        (
            Box(0, 1, (1,)),
            False,
            np.array([0.5]),
            f"0a 46 08 02 12 42  0a 2f {URL}BoxDataContainer'  12 0f  08 04 12 01 01  32 08 000000000000e03f",
        ),
        (
            Box(0, 1, (1,)),
            True,
            np.array([0.5]),
            f"0a 42 08 02 12 3e  0a 2f {URL}BoxDataContainer'  12 0b  08 03 12 01 01  2a 04 0000003f",
        ),
        # Zero is not written: an Any without value is 54 = 0x36, its container 58 = 0x3a.
        (Discrete(2), False, 0, f"0a 3a  08 01  12 36  0a 34 {URL}DiscreteDataContainer'"),
        (Discrete(2), False, None, ""),
    ],
)
def test_actions(space: Space, narrow: bool, action: Value, text: str) -> None:
    codec = ActionCodec(space, narrow=narrow)
    assert codec.encode(action) == spell(text)
    decoded, stop = codec.decode(spell(text))
    assert not stop
    assert (decoded is None and action is None) or same(decoded, action, exact=False)


def test_actions_outside_bounds_that_are_not_to_be_checked() -> None:
    space = Dict({"window": Box(0, 65535, (1,), "uint32"), "choice": Discrete(2)})
    action = {"window": [1_596_228_628], "choice": 5}
    with pytest.raises(ValueError, match=r"\['window'\]: has an element 1596228628; allowed is 0.0 to 65535"):
        ActionCodec(space).encode(action)
    loose = Dict({"window": Box(0, INF, (1,), "uint32"), "choice": Discrete(9)})
    assert ActionCodec(space, bounds=False).encode(action) == ActionCodec(loose).encode(action)
    for wrong in ({"window": [2**32]}, {"window": [-1]}, {"window": [0.5]}, {"window": [1, 2]}, {"x": 1}):
        with pytest.raises(ValueError, match="action"):
            ActionCodec(space, bounds=False).encode(wrong)


def test_stop_requests() -> None:
    assert ActionCodec(None).encode(None, stop=True) == spell("10 01")
    assert ActionCodec(None).decode(spell("10 01")) == (None, True)
    assert encode_init_ack() == spell("08 01")
    assert encode_init_ack(stop=True) == spell("10 01")
    assert [decode_init_ack(spell(text)) for text in ("08 01", "10 01", "08 01 10 01", "")] == [
        False,
        True,
        True,
        False,
    ]


# Box float32 [3] from -1 to 1: BoxSpace 5 + 5 + 2 + 3 = 15 = 0x0f; URL of BoxSpace 39 = 0x27; Any 58 = 0x3a;
# description 62 = 0x3e. Discrete 4: 2 bytes; URL of DiscreteSpace 44 = 0x2c; Any 50 = 0x32; with its name
# 59 = 0x3b; DictSpace 61 = 0x3d; URL 40 = 0x28; Any 105 = 0x69; description 109 = 0x6d.
INIT = f"""
    08 ac 02  10 01
    1a 3e  08 02  12 3a  0a 27 {URL}BoxSpace'  12 0f  0d 00 00 80 bf  15 00 00 80 3f  18 03  22 01 03
    22 6d  08 04  12 69  0a 28 {URL}DictSpace'  12 3d
      0a 3b  08 01  12 32  0a 2c {URL}DiscreteSpace'  12 02  08 04  1a 03 'key'
"""


def test_first_message() -> None:
    init = Init(
        observation_space=Box(-1, 1, (3,), "float32"),
        action_space=Dict({"key": Discrete(4)}),
        process_id=300,
        parent_process_id=1,
    )
    assert encode_init(init) == spell(INIT)
    assert decode_init(spell(INIT)) == init
