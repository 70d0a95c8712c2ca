# SPDX-License-Identifier: GPL-2.0-only
"""What holds for every space, value and damage: the codec agrees with the protobuf runtime or says no."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.codec import ActionCodec, Init, State, StateCodec, decode_init, encode_init
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Space, Tuple, check
from tests.wire import oracle
from tests.wire.strategies import INFINITY, damaged, space_and_values, spaces

quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
thorough = settings(quick, max_examples=400)


rewards = st.floats(width=32).map(lambda reward: reward + 0.0)  # -0.0 is lost by old runtimes in Python


@quick
@given(space_and_values(count=2), rewards, st.text(max_size=20))
def test_states_survive_the_wire_and_are_what_protobuf_writes(
    drawn: tuple[Any, ...], reward: float, info: str
) -> None:
    space, *observations = drawn
    codec = StateCodec(space)
    for observation in observations:
        frame = codec.encode(State(observation, reward, False, None, info))
        message = pb.EnvStateMsg(obsData=oracle.write(space, observation), reward=reward, info=info)
        assert frame == message.SerializeToString()
        state = codec.decode(frame)
        assert oracle.same(state.observation, observation)
        assert np.array_equal(state.reward, reward, equal_nan=True)
        assert state.info == info


@quick
@given(space_and_values())
def test_states_describe_themselves_where_nothing_was_announced(drawn: tuple[Any, ...]) -> None:
    space, observation = drawn
    state = StateCodec(None).decode(StateCodec(space).encode(State(observation)))
    # A Box of one number and of no dimensions announces no shape, and comes out flat.
    assert oracle.same(state.observation, observation, exact=False)


@quick
@given(space_and_values())
def test_actions_survive_the_wire(drawn: tuple[Any, ...]) -> None:
    space, action = drawn
    try:
        action = check(space, action)
    except ValueError:
        return  # NaN lies in no bounds
    codec = ActionCodec(space)
    assert oracle.same(codec.decode(codec.encode(action))[0], action)


@quick
@given(spaces(), spaces(), st.integers(0, 2**64 - 1))
def test_announcements_survive_the_wire(observed: Space, taken: Space, pid: int) -> None:
    init = Init(observation_space=observed, action_space=taken, process_id=pid)
    assert decode_init(encode_init(init)) == replace(init, action_space=flattened(taken))


def flattened(space: Space) -> Space:
    if isinstance(space, Box):
        return Box(space.low, space.high, (space.size,), space.dtype)
    if isinstance(space, Tuple):
        return Tuple(tuple(flattened(s) for s in space.spaces))
    if isinstance(space, Dict):
        return Dict({key: flattened(s) for key, s in space.spaces.items()})
    return space


FRAME_SPACE = Dict(
    {
        "a": Box(-INFINITY, INFINITY, (2, 2)),
        "b": Box(-INFINITY, INFINITY, (3,), "int32"),
        "c": Dict({"d": Box(-INFINITY, INFINITY, (2,), "float32"), "e": Box(0, INFINITY, (2,), "uint32")}),
        "f": Discrete(5),
    }
)
FRAME = StateCodec(FRAME_SPACE).encode(
    State(
        {
            "a": np.array([[1.0, np.nan], [-np.inf, 4.0]]),
            "b": np.array([-1, 300, 7]),
            "c": {"d": np.array([0.5, 2.0]), "e": np.array([1, 2**32 - 1])},
            "f": 3,
        },
        1.0,
    )
)


FLAT_SPACE = Dict(
    {
        "a": Box(-INFINITY, INFINITY, (2, 2)),
        "b": Box(-INFINITY, INFINITY, (3,), "int32"),
        "": Box(-INFINITY, INFINITY, (), "float32"),
        "e": Box(0, INFINITY, (2,), "uint32"),
    }
)
FLAT_FRAMES = [
    StateCodec(FLAT_SPACE).encode(State({"a": real, "b": whole, "": real[0, 0], "e": natural}, reward, over))
    for real, whole, natural, reward, over in (
        (np.ones((2, 2)), np.array([0, 127, 7]), np.array([1, 2]), 0.0, False),
        (np.full((2, 2), np.nan), np.array([-1, 300, 7]), np.array([1, 2**32 - 1]), 1.0, True),
    )
]


@thorough
@given(st.data(), st.sampled_from([(FRAME_SPACE, [FRAME]), (FLAT_SPACE, FLAT_FRAMES)]))
def test_damaged_states_are_refused_or_read_as_protobuf_reads_them(
    data: st.DataObject, case: tuple[Space, list[bytes]]
) -> None:
    space, frames = case
    frame = data.draw(damaged(data.draw(st.sampled_from(frames))))
    codec = StateCodec(space)
    codec.decode(data.draw(st.sampled_from(frames)))
    found: list[State | None] = []
    for decode in (codec._decode_any, codec.decode):  # by the protobuf runtime alone, and as ever
        try:
            found.append(decode(frame))
        except ProtocolError:
            found.append(None)
    new, old = found
    assert (new is None) == (old is None)
    if new is None or old is None:
        return
    message = pb.EnvStateMsg.FromString(frame)
    assert oracle.same(old.observation, new.observation)
    read = oracle.read(message.obsData)
    if new.observation is None:  # a last state may tell of more numbers than it brings
        assert read is None or message.isGameOver
    else:
        assert read is not None
        assert oracle.same(new.observation, read, exact=False)
    for state in found:
        assert state is not None
        assert np.array_equal(state.reward, message.reward, equal_nan=True)
        assert (state.game_over, state.info) == (message.isGameOver, message.info)


counts = st.one_of(st.integers(0, 127), st.integers(120, 136), st.integers(-(2**31), 2**31 - 1))


@quick
@given(st.lists(st.tuples(*[counts] * 5, st.floats(width=32), st.text(max_size=2)), min_size=2, max_size=6))
def test_states_read_the_same_whatever_came_before(rows: list[tuple[Any, ...]]) -> None:
    seasoned = StateCodec(FLAT_SPACE)
    for *whole, reward, info in rows:
        observation = {
            "a": np.full((2, 2), reward),
            "b": np.array(whole[:3]),
            "": np.array(reward, "float32"),
            "e": np.abs(whole[3:]),
        }
        state = seasoned.decode(seasoned.encode(State(observation, reward, False, None, info)))
        sent = check(FLAT_SPACE, observation, bounds=False)
        assert oracle.same(state.observation, sent)
        assert list(state.observation) == list(sent)
        assert not any(array.flags.writeable for array in state.observation.values())
        assert np.array_equal(state.reward, reward, equal_nan=True)
        assert state.info == info


@quick
@given(space_and_values(count=3), st.data())
def test_what_we_write_is_read_without_the_protobuf_runtime(
    drawn: tuple[Any, ...], data: st.DataObject
) -> None:
    space, *observations = drawn
    codec = StateCodec(space)
    frames = [codec.encode(State(observation, 1.5, info="x")) for observation in observations]
    with patch.object(codec, "_decode_any", None):
        for observation, frame in zip(observations, frames, strict=True):
            assert oracle.same(codec.decode(frame).observation, observation)
        with pytest.raises(TypeError):  # nor is anything else read so
            codec.decode(frames[0][: data.draw(st.integers(0, len(frames[0]) - 9))])


def test_values_of_all_lengths_are_read_without_the_protobuf_runtime() -> None:
    """Where lengths take another byte, too: those of a value, and those of what it lies in."""
    for dtype, number in (("int32", 1), ("int32", -1), ("uint32", 300), ("float32", 1)):
        for size in [*range(200), *range(16200, 16400, 3)]:
            codec = StateCodec(Dict({"n": Discrete(2), "x": Box(-INFINITY, INFINITY, (size,), dtype)}))
            frame = codec.encode(State({"n": 1, "x": np.full(size, number, dtype)}))
            with patch.object(codec, "_decode_any", None):
                assert codec.decode(frame).observation["x"].tolist() == [number] * size


@pytest.mark.parametrize(
    "rest",
    [
        FLAT_FRAMES[0],  # the observation once more: protobuf joins the two
        b"\x08\x01",  # field 1 once more, as a number: unknown to protobuf
        b"\x20\x07",  # a reason that does not exist
        b"\x2a\x01\xff",  # info that is not UTF-8
        b"\x15\x00",  # cut off
    ],
)
def test_what_follows_a_familiar_observation_is_judged_as_ever(rest: bytes) -> None:
    codec = StateCodec(FLAT_SPACE)
    found: list[Any] = []
    for decode in (codec._decode_any, codec.decode):
        try:
            found.append(decode(FLAT_FRAMES[0] + rest).observation["b"].tolist())
        except ProtocolError as error:
            found.append(str(error))
    assert found[0] == found[1]


@thorough
@given(st.data())
def test_damaged_self_describing_states_are_refused_or_read(data: st.DataObject) -> None:
    frame = data.draw(damaged(FRAME))
    try:
        state = StateCodec(None).decode(frame)
    except ProtocolError:
        return
    assert isinstance(state, State)


@quick
@given(st.data())
def test_damaged_actions_are_refused_or_lie_in_the_space(data: st.DataObject) -> None:
    space = Dict({"t": Box(-1, 9, (3,), "int32"), "o": Box(-24, 24, (2, 2)), "n": Discrete(3)})
    codec = ActionCodec(space)
    action = {"t": np.array([-1, 0, 9]), "o": np.full((2, 2), 24.0), "n": 2}
    try:
        found, _ = codec.decode(data.draw(damaged(codec.encode(action))))
    except ProtocolError:
        return
    assert found is None or check(space, found, partial=True) is not None


@quick
@given(st.data())
def test_damaged_first_messages_are_refused_or_read(data: st.DataObject) -> None:
    frame = encode_init(Init(observation_space=FRAME_SPACE, action_space=Discrete(3), process_id=9))
    try:
        init = decode_init(data.draw(damaged(frame)))
    except ProtocolError:
        return
    assert isinstance(init, Init)


@quick
@given(st.binary(max_size=60))
def test_noise_is_refused_or_read(noise: bytes) -> None:
    readers: list[tuple[Callable[[bytes], object], type]] = [
        (StateCodec(None).decode, State),
        (ActionCodec(None).decode, tuple),
        (decode_init, Init),
    ]
    for decode, kind in readers:
        try:
            found = decode(noise)
        except ProtocolError:
            continue
        assert isinstance(found, kind)


integers = st.one_of(st.integers(-(2**31), 2**31 - 1), st.integers(-2, 200), st.integers(100, 20000))


@quick
@given(st.lists(integers, max_size=40), st.integers(1, 20))
def test_whole_numbers_of_all_sizes_survive(numbers: list[int], times: int) -> None:
    for dtype, sent in (("int32", numbers * times), ("uint32", [abs(n) for n in numbers] * times)):
        codec = StateCodec(Box(-INFINITY, INFINITY, (len(sent),), dtype))
        assert codec.decode(codec.encode(State(np.array(sent, dtype)))).observation.tolist() == sent


@quick
@given(st.integers(-(2**63), 2**64 - 1))
def test_single_varints_survive(number: int) -> None:
    encoded = varint.encode(number)
    assert varint.decode(b"x" + encoded + b"y", 1, 1 + len(encoded)) == (number % 2**64, 1 + len(encoded))
