# SPDX-License-Identifier: GPL-2.0-only
"""The four messages of a session, each both ways: an agent reads what a simulator writes, and back.

| message | from | to bytes | from bytes |
|---|---|---|---|
| SimInitMsg | simulator | `encode_init` | `decode_init` |
| SimInitAck | agent | `encode_init_ack` | `decode_init_ack` |
| EnvStateMsg | simulator | `StateCodec.encode` | `StateCodec.decode` |
| EnvActMsg | agent | `ActionCodec.encode` | `ActionCodec.decode` |

Bytes that cannot be read raise `ProtocolError`, values that cannot be sent `ValueError`; both name the entry.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol import varint
from pyagents.wire.protocol.decoding import decoder_for, open_container
from pyagents.wire.protocol.descriptions import decode_space, encode_space
from pyagents.wire.protocol.encoding import Piece, encoder_for
from pyagents.wire.protocol.familiar import DictReader, familiar_reader
from pyagents.wire.protocol.fields import FIXED32, LEN, VARINT, Unusual, scan
from pyagents.wire.protocol.layouts import Layout, Place
from pyagents.wire.protocol.spaces import Space, Value, check
from pyagents.wire.protocol.strictness import parse

MAX_INIT_BYTES = 2**20
"""Longest announcement taken: spaces take more memory than their bytes."""
_STATE = (0, LEN, FIXED32, VARINT, VARINT, LEN)
_ACTION = (0, LEN, VARINT)
_REWARD = struct.Struct("<f")
_ZERO = bytes(4)
_OBSERVATION_TAG = b"\x0a"


class Reason(enum.IntEnum):
    """Why the last state is the last."""

    SIMULATION_END = 0
    """The simulated time is over: truncation, to Gymnasium."""
    GAME_OVER = 1
    """The scenario's own end condition was met: termination, to Gymnasium."""


@dataclass(frozen=True, kw_only=True)
class Init:
    """What a simulator says first.

    Attributes:
        observation_space: What its states hold; None if it does not say.
        action_space: What it takes; None if it does not say.
        process_id: Of the simulator.
        parent_process_id: Of the simulator's parent.
    """

    observation_space: Space | None
    action_space: Space | None
    process_id: int = 0
    parent_process_id: int = 0


@dataclass(frozen=True)
class State:
    """What a simulator says at a decision instant.

    Attributes:
        observation: A value of the observation space; None if the state came without one, or is the last
            and came with less than was announced, as stock scenarios send it. Arrays are read-only views of
            the message they came in: `copy()` what is to be changed, or kept for long.
        reward: Single precision, as on the wire; may be non-finite.
        game_over: Whether this is the last state.
        reason: Why it is the last; None if it is not.
        info: Free text; JSON by habit.
    """

    observation: Value
    reward: float = 0.0
    game_over: bool = False
    reason: Reason | None = None
    info: str = ""

    @property
    def truncated(self) -> bool:
        """Whether the simulated time is over."""
        return self.game_over and self.reason == Reason.SIMULATION_END

    @property
    def terminated(self) -> bool:
        """Whether the scenario's own end condition was met."""
        return self.game_over and self.reason == Reason.GAME_OVER


def encode_init(init: Init) -> bytes:
    """SimInitMsg, from the simulator.

    Boxes of actions are announced flat: stock ns3-gym's Python side packs no others.

    Raises:
        ValueError: A process id is no uint64.
    """
    return pb.SimInitMsg(
        simProcessId=init.process_id,
        wafShellProcessId=init.parent_process_id,
        obsSpace=encode_space(init.observation_space),
        actSpace=encode_space(init.action_space, flat=True),
    ).SerializeToString()


def decode_init(frame: bytes) -> Init:
    """SimInitMsg, for the agent.

    Raises:
        ProtocolError: The bytes are none, or announce a space that cannot exist.
    """
    if len(frame) > MAX_INIT_BYTES:
        raise ProtocolError(f"SimInitMsg: has {len(frame)} bytes; allowed are {MAX_INIT_BYTES}")
    message = parse(pb.SimInitMsg, frame, "SimInitMsg")
    return Init(
        observation_space=decode_space(message.obsSpace, "observation space"),
        action_space=decode_space(message.actSpace, "action space"),
        process_id=message.simProcessId,
        parent_process_id=message.wafShellProcessId,
    )


def encode_init_ack(*, stop: bool = False) -> bytes:
    """SimInitAck, from the agent: ready, or (`stop`) asking the simulator to end at once."""
    return pb.SimInitAck(done=not stop, stopSimReq=stop).SerializeToString()


def decode_init_ack(frame: bytes) -> bool:
    """SimInitAck, for the simulator: whether it is asked to end at once.

    Raises:
        ProtocolError: The bytes are none.
    """
    return parse(pb.SimInitAck, frame, "SimInitAck").stopSimReq


class StateCodec:
    """EnvStateMsg, both ways, for one observation space.

    Bounds are not checked: NaN ("never measured") lies in none, and stock scenarios overshoot theirs.

    Args:
        space: The announced observation space; None takes observations as they describe themselves,
            and sends none.
    """

    def __init__(self, space: Space | None) -> None:
        self._space = space
        self._decoder = decoder_for(space, "observation")
        self._encoder = None if space is None else encoder_for(space)
        self._reader = None if space is None else familiar_reader(space)
        self._layout: Layout | None = None
        self._places: list[Place] = []

    def encode(self, state: State) -> bytes:
        """The bytes of a state.

        Raises:
            ValueError: The observation is not of the space, or the reward beyond single precision.
        """
        pieces: list[Piece] = []
        if state.observation is not None:
            if self._space is None or self._encoder is None:
                raise ValueError("observation: no space was announced; allowed is None")
            self._encoder.write(check(self._space, state.observation, "observation", bounds=False), pieces)
        try:
            reward = _REWARD.pack(state.reward)
        except (OverflowError, struct.error) as error:
            raise ValueError(f"reward: is {state.reward!r}; allowed is a single-precision number") from error
        if reward != _ZERO:
            pieces.append(b"\x15" + reward)
        if state.game_over:
            pieces.append(b"\x18\x01")
            if state.reason:
                pieces.append(b"\x20" + varint.encode(state.reason))
        if state.info:
            text = state.info.encode()
            pieces.append(b"\x2a" + varint.encode(len(text)) + text)
        return b"".join(pieces)

    def decode(self, frame: bytes) -> State:
        """The state that `frame` holds.

        Raises:
            ProtocolError: It holds none, or one with another observation than was announced.
        """
        state = self._decode_familiar(frame)
        return self._decode_any(frame) if state is None else state

    def _decode_familiar(self, frame: bytes) -> State | None:
        """The state if it lies as protobuf writes it, and all is well; else it is for `_decode_any`."""
        observation, end = None, 0
        if self._layout is not None:
            observation, end = self._layout.read(frame), self._layout.end
        if observation is None:
            found = self._read_by_length(frame)
            if found is None:
                return None
            observation, end = found
        if len(frame) == end:
            return State(observation)
        try:
            data, *rest = scan(frame, end, len(frame), _STATE, "EnvStateMsg")[1:]
        except (Unusual, ProtocolError):
            return None
        return None if data else _state(observation, *_rest(frame, *rest))

    def _read_by_length(self, frame: bytes) -> tuple[Value, int] | None:
        """The observation, and where it ends; two that lie alike are worth a layout."""
        if self._reader is None or frame[:1] != _OBSERVATION_TAG:
            return None
        found = self._reader.read(frame, 0, len(frame))
        if found is not None and isinstance(self._reader, DictReader):
            places = self._reader.places
            if places and places == self._places:
                self._layout = Layout(frame, places, found[1])
            self._places = places
        return found

    def _decode_any(self, frame: bytes) -> State:
        try:
            data, *rest = scan(frame, 0, len(frame), _STATE, "EnvStateMsg")[1:]
        except Unusual:
            message = parse(pb.EnvStateMsg, frame, "EnvStateMsg")
            whole = message.obsData.SerializeToString()
            container = open_container(whole, 0, len(whole), "observation")
            told = message.reward, message.isGameOver, int(message.reason), message.info
        else:
            container = open_container(frame, data[0], data[1], "observation") if data else None
            told = _rest(frame, *rest)
        if container is None:
            return _state(None, *told)
        try:
            state = _state(self._decoder.read(container), *told)
        except IncompleteError:
            if not told[1]:
                raise
            return _state(None, *told)
        return state


def _rest(
    frame: bytes, at: int | None, is_over: int | None, reason: int | None, text: tuple[int, int] | None
) -> tuple[float, bool, int, str]:
    """Reward, whether it is the last state, why, and info, from what `scan` finds of them."""
    try:
        info = str(frame[text[0] : text[1]], "utf-8") if text else ""
    except UnicodeDecodeError as error:
        raise ProtocolError("EnvStateMsg: info is not UTF-8") from error
    return 0.0 if at is None else _REWARD.unpack_from(frame, at)[0], bool(is_over), reason or 0, info


def _state(observation: Value, reward: float, is_over: bool, reason: int, info: str) -> State:
    if reason not in _REASONS:
        raise ProtocolError(
            f"EnvStateMsg: reason is {reason}; allowed are 0 (SimulationEnd) and 1 (GameOver)"
        )
    return State(observation, reward, is_over, Reason(reason) if is_over else None, info)


_REASONS = frozenset(Reason)


class ActionCodec:
    """EnvActMsg, both ways, for one action space.

    Entries of a Dict may be missing: what they stand for stays as it is.

    Args:
        space: The announced action space; None allows no action but None.
        narrow: Send float64 Boxes in single precision, as stock ns3-gym's Python side does and a stock
            scenario with such a space expects.
        bounds: Refuse to send what is outside the announced bounds.
    """

    def __init__(self, space: Space | None, *, narrow: bool = False, bounds: bool = True) -> None:
        self._space = space
        self._has_bounds = bounds
        self._decoder = decoder_for(space, "action", partial=True)
        self._encoder = None if space is None else encoder_for(space, flat=True, narrow=narrow)

    def encode(self, action: Value, *, stop: bool = False) -> bytes:
        """The bytes of an action, None for no action; `stop` asks the simulator to end at once.

        Raises:
            ValueError: The action is not in the space; names the entry, its value and what is allowed.
        """
        pieces: list[Piece] = []
        if action is not None:
            if self._space is None or self._encoder is None:
                raise ValueError("action: the simulator takes none; allowed is None")
            checked = check(self._space, action, "action", partial=True, bounds=self._has_bounds)
            self._encoder.write(checked, pieces)
        if stop:
            pieces.append(b"\x10\x01")
        return b"".join(pieces)

    def decode(self, frame: bytes) -> tuple[Value, bool]:
        """The action that `frame` holds (None: none), and whether the simulator is asked to end at once.

        Raises:
            ProtocolError: It holds none, or one outside the space.
        """
        try:
            data, stop = scan(frame, 0, len(frame), _ACTION, "EnvActMsg")[1:]
        except Unusual:
            message = parse(pb.EnvActMsg, frame, "EnvActMsg")
            stop = message.stopSimReq
            frame = message.actData.SerializeToString()
            data = (0, len(frame))
        if stop or not data:
            return None, bool(stop)
        container = open_container(frame, data[0], data[1], "action")
        if container is None:
            return None, False
        action = self._decoder.read(container)
        if self._space is not None:
            try:
                action = check(self._space, action, "action", partial=True)
            except ValueError as error:
                raise ProtocolError(str(error)) from error
        return action, False
