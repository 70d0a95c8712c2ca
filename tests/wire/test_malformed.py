# SPDX-License-Identifier: GPL-2.0-only
"""Messages that lie or make no sense, one by one: refused, with the entry, the value and what is allowed."""

from typing import Any

import numpy as np
import pytest

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.codec import (
    ActionCodec,
    Init,
    Reason,
    State,
    StateCodec,
    decode_init,
    encode_init,
)
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Space, Tuple
from tests.wire import oracle

INF = float("inf")
MATRIX = Box(-INF, INF, (2, 3))
SPACE = Dict({"m": MATRIX, "n": Discrete(5)})


def box(**fields: Any) -> pb.DataContainer:
    container = pb.DataContainer(type=pb.Box)
    container.data.Pack(pb.BoxDataContainer(**fields))
    return container


def state(container: pb.DataContainer) -> bytes:
    return pb.EnvStateMsg(obsData=container).SerializeToString()


def entries(*containers: pb.DataContainer) -> pb.DataContainer:
    container = pb.DataContainer(type=pb.Dict)
    container.data.Pack(pb.DictDataContainer(element=containers))
    return container


def named(name: str, container: pb.DataContainer) -> pb.DataContainer:
    container.name = name
    return container


def discrete(number: int) -> pb.DataContainer:
    return oracle.write(Discrete(5), number)


def unknown_kind(message: Any) -> Any:
    message.type = 7
    return message


SIX = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (
            box(dtype=4, shape=[2, 3], doubleData=SIX[:5]),
            r"observation: has 5 numbers; its shape \(2, 3\) needs 6",
        ),
        (box(dtype=4, shape=[3, 2], doubleData=SIX), r"its shape is \(3, 2\); announced was \(2, 3\)"),
        (box(dtype=4, shape=[7], doubleData=[*SIX, 7.0]), r"its shape is \(7,\); announced was \(2, 3\)"),
        (box(dtype=4, shape=[2, 3]), r"has 0 numbers; its shape \(2, 3\) needs 6"),
        (box(dtype=4, shape=[2**31, 2**31], doubleData=SIX), "needs 4611686018427387904"),
        (box(dtype=4, shape=[1] * 33, doubleData=[1.0]), "33 dimensions; allowed are 32"),
        (box(dtype=1, shape=[6], doubleData=SIX), "says INT, but has its numbers in doubleData"),
        (box(dtype=9, shape=[6], doubleData=SIX), "its dtype is 9; allowed are 0 to 4"),
        (
            box(shape=[6], doubleData=SIX, floatData=SIX),
            "numbers in floatData and doubleData; allowed is one",
        ),
        (discrete(3), "observation: is a Discrete; announced was a Box"),
        (entries(), "observation: is a Dict; announced was a Box"),
        (unknown_kind(pb.DataContainer()), "its type is 7; allowed are 1 to 4"),
        (pb.DataContainer(type=pb.Box), "is a Box, but holds ''; allowed is a ns3opengym.BoxDataContainer"),
    ],
)
def test_boxes(container: pb.DataContainer, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        StateCodec(MATRIX).decode(state(container))


def test_type_that_is_not_what_its_any_holds() -> None:
    container = discrete(3)
    container.type = pb.Box
    with pytest.raises(ProtocolError, match=r"is a Box, but holds '.*DiscreteDataContainer'"):
        StateCodec(MATRIX).decode(state(container))


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ([("m", MATRIX)], r"observation: lacks the entry 'n'"),
        ([("m", MATRIX), ("m", MATRIX)], r"observation\['m'\]: sent twice"),
        ([("m", MATRIX), ("n", Discrete(5)), ("n", Discrete(5))], "has 3 elements or numbers; allowed are 2"),
        ([("m", MATRIX), ("o", Discrete(5))], "has an entry 'o'; announced were m, n"),
        ([("m", Discrete(5)), ("n", Discrete(5))], r"observation\['m'\]: is a Discrete; announced was a Box"),
    ],
)
def test_dict_entries(elements: list[tuple[str, Space]], message: str) -> None:
    parts = [oracle.write(s, 1 if isinstance(s, Discrete) else np.ones((2, 3)), name) for name, s in elements]
    with pytest.raises(ProtocolError, match=message):
        StateCodec(SPACE).decode(state(entries(*parts)))


def test_empty_entry_and_wrong_tuple_length() -> None:
    with pytest.raises(ProtocolError, match="an entry of observation: is empty"):
        StateCodec(SPACE).decode(state(entries(pb.DataContainer())))
    two = oracle.write(Tuple((Discrete(2), Discrete(2))), (1, 1))
    with pytest.raises(ProtocolError, match="has 2 elements or numbers; allowed are 1"):
        StateCodec(Tuple((Discrete(2),))).decode(state(two))


def test_repeated_entry_is_refused_where_framing_is_known() -> None:
    codec = StateCodec(SPACE)
    parts = [oracle.write(MATRIX, np.ones((2, 3)), "m"), named("n", discrete(1))]
    codec.decode(state(entries(*parts)))
    with pytest.raises(ProtocolError, match=r"\['m'\]: sent twice"):
        codec.decode(state(entries(parts[0], parts[0])))


def test_known_framing_does_not_hide_a_wrong_count() -> None:
    codec = StateCodec(Dict({"i": Box(0, 999, (3,), "int32")}))
    framing = codec.encode(State({"i": np.array([1, 300, 2])}))
    assert codec.decode(framing).observation["i"].tolist() == [1, 300, 2]
    lying = framing.replace(b"\x01\xac\x02\x02", b"\x01\x02\x03\x04")
    assert len(lying) == len(framing) != framing.count(b"\xac")
    with pytest.raises(ProtocolError, match=r"observation\['i'\]: has 4 numbers; its shape \(3,\) needs 3"):
        codec.decode(lying)


@pytest.mark.parametrize(
    "container",
    [
        box(dtype=2, shape=[6]),
        box(dtype=4, shape=[2, 3], doubleData=SIX[:5]),
        box(dtype=4, shape=[5], doubleData=SIX[:5]),
        box(),
        pb.DataContainer(),
    ],
)
def test_last_state_with_less_than_announced_is_the_last_without_observation(
    container: pb.DataContainer,
) -> None:
    last = pb.EnvStateMsg(obsData=container, reward=2.0, isGameOver=True, reason=1, info="x")  # type: ignore[arg-type]
    for space in (MATRIX, Dict({"m": MATRIX})):
        sent = container if space is MATRIX else entries(named("m", container))
        last.obsData.CopyFrom(sent)
        seen = StateCodec(space).decode(last.SerializeToString())
        assert seen == State(None, 2.0, True, Reason.GAME_OVER, "x")
        last.isGameOver = False
        if sent.type:
            with pytest.raises(IncompleteError):
                StateCodec(space).decode(last.SerializeToString())
        last.isGameOver = True
    wrong = box(dtype=4, shape=[7], doubleData=[*SIX, 7.0])
    last.obsData.CopyFrom(wrong)
    with pytest.raises(ProtocolError, match=r"its shape is \(7,\)"):
        StateCodec(MATRIX).decode(last.SerializeToString())


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_truncated_states(cut: int) -> None:
    codec = StateCodec(MATRIX)
    frame = codec.encode(State(np.ones((2, 3)), 2.0))
    with pytest.raises(ProtocolError):
        codec.decode(frame[:-cut])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (b"\x0a\xff\xff\xff\xff\x0f", "field 1 claims 4294967295 bytes, 0 are left"),
        (b"\x15\x00\x00", "field 2 claims 4 bytes, 2 are left"),
        (b"\x10\x01", "EnvStateMsg: field 2 does not belong there, or not with that type"),
        (b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "over 10 bytes"),
        (b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "over 64 bits"),
        (b"\x18\x80", "message ends inside the number"),
        (b"\x18\x01\x20\x02", r"reason is 2; allowed are 0 \(SimulationEnd\) and 1 \(GameOver\)"),
        (b"\x2a\x02\xc3\x28", "EnvStateMsg: 4 bytes are no EnvStateMsg"),
        (b"\xff" * 30, "EnvStateMsg: number at byte 0 is over 10 bytes"),
    ],
)
def test_broken_states(frame: bytes, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        StateCodec(None).decode(frame)


def test_integers_that_int32_does_not_hold() -> None:
    codec = StateCodec(Box(-INF, INF, (1,), "int32"))
    frame = codec.encode(State(np.array([2**31 - 1])))
    with pytest.raises(ProtocolError, match="observation: intData is 2147483648; int32 does not hold that"):
        codec.decode(frame.replace(b"\xff\xff\xff\xff\x07", b"\x80\x80\x80\x80\x08"))


def test_numbers_in_another_field_are_taken_if_they_fit() -> None:
    whole = Box(-INF, INF, (2,), "int32")
    assert StateCodec(whole).decode(state(box(shape=[2], floatData=[3.0, -1.0]))).observation.tolist() == [
        3,
        -1,
    ]
    with pytest.raises(ProtocolError, match=r"has an element 0.5; allowed are whole numbers from"):
        StateCodec(whole).decode(state(box(shape=[2], doubleData=[3.0, 0.5])))
    with pytest.raises(ProtocolError, match="has an element 4000000000"):
        StateCodec(whole).decode(state(box(shape=[2], uintData=[1, 4_000_000_000])))
    single = Box(-INF, INF, (2,), "float32")
    found = StateCodec(single).decode(state(box(doubleData=[INF, 0.1]))).observation
    assert found.dtype == np.float32
    assert found.tolist() == [INF, float(np.float32(0.1))]
    with pytest.raises(ProtocolError, match=r"has an element 1e\+300; allowed is at most 3.4"):
        StateCodec(single).decode(state(box(doubleData=[INF, 1e300])))


def test_unpacked_numbers_unknown_fields_and_split_messages_are_legal() -> None:
    codec = StateCodec(Box(-INF, INF, (2,)))
    unpacked = b"\x08\x04\x10\x02" + b"".join(b"\x31" + np.float64(x).tobytes() for x in (1.5, 2.5))
    container = pb.DataContainer(type=pb.Box)
    container.data.type_url = "type.googleapis.com/ns3opengym.BoxDataContainer"
    container.data.value = unpacked
    assert codec.decode(state(container)).observation.tolist() == [1.5, 2.5]
    container.data.type_url = "example.org/ns3opengym.BoxDataContainer"
    assert codec.decode(state(container)).observation.tolist() == [1.5, 2.5]
    later_version = state(container) + b"\xa2\x06\x03new" + b"\x15\x00\x00\x80\x3f"
    assert codec.decode(later_version).reward == 1.0
    twice = b"\x15\x00\x00\x80\x3f" + state(container) + b"\x15\x00\x00\x00\x40"
    assert codec.decode(twice).reward == 2.0


def test_self_describing_states_cannot_nest_without_end() -> None:
    container = discrete(1)
    for _ in range(40):
        container = entries(named("x", container))
    with pytest.raises(ProtocolError, match="lies in 33 containers; allowed are 32"):
        StateCodec(None).decode(state(container))


def test_announcements_cannot_nest_without_end() -> None:
    space: Space = Discrete(2)
    for _ in range(40):
        space = Tuple((space,))
    with pytest.raises(ProtocolError, match="lies in 33 spaces; allowed are 32"):
        decode_init(encode_init(Init(observation_space=space, action_space=None)))


def announced(kind: int, content: Any) -> bytes:
    description = pb.SpaceDescription(type=kind)  # type: ignore[arg-type]
    description.space.Pack(content)
    return pb.SimInitMsg(obsSpace=description).SerializeToString()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (announced(2, pb.BoxSpace(low=2, high=1)), "low is 2.0, high is 1.0"),
        (announced(2, pb.BoxSpace(low=float("nan"))), "neither NaN"),
        (announced(2, pb.BoxSpace(dtype=8)), "its dtype is 8; allowed are 0 to 4"),  # type: ignore[arg-type]
        (announced(2, pb.BoxSpace(shape=[1] * 40)), "its shape has 40 dimensions; allowed are 32"),
        (announced(1, pb.DiscreteSpace(n=-4)), "n is -4; allowed is 1 to"),
        (
            announced(2, pb.DiscreteSpace(n=4)),
            r"is a Box, but holds '.*DiscreteSpace'; allowed is a BoxSpace",
        ),
        (announced(9, pb.DiscreteSpace(n=4)), "its type is 9"),
        (
            announced(3, pb.TupleSpace(element=[pb.SpaceDescription()])),
            r"observation space\[0\]: announced without",
        ),
        (announced(4, pb.DictSpace(element=[unknown_kind(pb.SpaceDescription())])), "its type is 7"),
        (b"\x0a\x01x", "SimInitMsg: field 1 does not belong there, or not with that type"),
        (b"\x1a\x05", "SimInitMsg: field 3 claims 5 bytes"),
    ],
)
def test_broken_announcements(frame: bytes, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        decode_init(frame)


def test_entry_announced_twice() -> None:
    description = pb.SpaceDescription(type=pb.Discrete, name="x")
    description.space.Pack(pb.DiscreteSpace(n=2))
    with pytest.raises(ProtocolError, match=r"observation space\['x'\]: announced twice"):
        decode_init(announced(4, pb.DictSpace(element=[description, description])))


def test_stock_scenario_that_announces_nothing() -> None:
    init = decode_init(b"\x08\x01")
    assert (init.observation_space, init.action_space) == (None, None)
    with pytest.raises(ValueError, match="the simulator takes none; allowed is None"):
        ActionCodec(None).encode(3)
    with pytest.raises(ValueError, match="no space was announced"):
        StateCodec(None).encode(State(3))


def test_stock_box_without_dtype_is_one_of_floats() -> None:
    space = decode_init(announced(2, pb.BoxSpace(high=1, shape=[2]))).observation_space
    assert space == Box(0, 1, (2,), "float32")


def test_stock_box_with_bounds_for_each_element_announces_none() -> None:
    stock = announced(2, pb.BoxSpace(dtype=pb.UINT, shape=[2]))
    space = decode_init(stock).observation_space
    assert space == Box(-INF, INF, (2,), "uint32")
    codec = ActionCodec(space)
    assert codec.decode(codec.encode([7, 2**32 - 1]))[0].tolist() == [7, 2**32 - 1]
    with pytest.raises(ValueError, match="has an element -1"):
        codec.encode([0, -1])
    half = decode_init(announced(2, pb.BoxSpace(high=1))).observation_space
    assert half == Box(0, 1, (), "float32")


def test_actions_of_a_peer_outside_their_space() -> None:
    codec = ActionCodec(Dict({"t": Box(-1, 9, (2,), "int32"), "n": Discrete(3)}))
    for action, message in (
        ({"t": np.array([0, 10], "int32")}, r"action\['t'\]: has an element 10; allowed is -1.0 to 9.0"),
        ({"n": 3}, r"action\['n'\]: is 3; allowed is 0 to 2"),
    ):
        loose = Dict({"t": Box(-INF, INF, (2,), "int32"), "n": Discrete(100)})
        frame = pb.EnvActMsg(actData=oracle.write(loose, action)).SerializeToString()
        with pytest.raises(ProtocolError, match=message):
            codec.decode(frame)


def test_stock_agent_sends_flat_floats_for_doubles() -> None:
    codec = ActionCodec(Dict({"o": Box(-24, 24, (2, 2))}))
    flat = named("o", box(dtype=pb.FLOAT, shape=[4], floatData=[1.0, 2.0, -24.0, 0.5]))
    action, stop = codec.decode(pb.EnvActMsg(actData=entries(flat)).SerializeToString())
    assert (action["o"].tolist(), action["o"].dtype, stop) == ([[1.0, 2.0], [-24.0, 0.5]], np.float64, False)


def test_arrays_are_views_that_cannot_be_written() -> None:
    space = Dict({"a": Box(-INF, INF, (2,)), "b": Box(0, 9, (2,), "int32"), "c": Box(0, 1, (1,), "float32")})
    codec = StateCodec(space)
    frame = codec.encode(State({"a": np.ones(2), "b": np.ones(2, "int32"), "c": np.ones(1, "float32")}))
    for time in range(2):
        observation = codec.decode(frame).observation
        assert not any(array.flags.writeable for array in observation.values())
        if time:  # by then it is known how they lie
            assert np.shares_memory(observation["a"], np.frombuffer(frame, np.uint8))
