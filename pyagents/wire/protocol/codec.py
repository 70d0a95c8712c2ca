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
from typing import NamedTuple

from pyagents.wire.errors import IncompleteError, ProtocolError
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.container_codec import Piece, UnusualError
from pyagents.wire.protocol.decoding import decode, is_empty
from pyagents.wire.protocol.descriptions import decode_space, encode_space
from pyagents.wire.protocol.space_codecs import codec_for
from pyagents.wire.protocol.spaces import Space, Value, check
from pyagents.wire.protocol.strictness import parse

MAX_INIT_BYTES = 2**20
"""Longest announcement taken: spaces take more memory than their bytes."""
_REWARD, _REWARD_TAG = struct.Struct("<f"), 2 << 3 | 5
_ZERO = bytes(4)


class Reason(enum.IntEnum):
    """Why the last state is the last."""

    SIMULATION_END = 0
    """The simulated time is over: truncation, to Gymnasium."""
    GAME_OVER = 1
    """The scenario's own end condition was met: termination, to Gymnasium."""


@dataclass(frozen=True, kw_only=True)
class Init:
    """First message of a simulator.

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


class State(NamedTuple):
    """Message of a simulator at a decision instant.

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
    """Write SimInitMsg, from the simulator; ValueError where a process id is no uint64.

    Boxes of actions are announced flat: stock ns3-gym's Python side packs no others.
    """
    return pb.SimInitMsg(
        simProcessId=init.process_id,
        wafShellProcessId=init.parent_process_id,
        obsSpace=encode_space(init.observation_space),
        actSpace=encode_space(init.action_space, flat=True),
    ).SerializeToString()


def decode_init(frame: bytes) -> Init:
    """Read SimInitMsg, for the agent; ProtocolError where it is none, or announces what cannot exist."""
    if len(frame) > MAX_INIT_BYTES:
        raise ProtocolError(f"SimInitMsg: has {len(frame)} bytes; allowed are {MAX_INIT_BYTES}")
    message, _ = parse(pb.SimInitMsg, frame, "SimInitMsg")
    return Init(
        observation_space=decode_space(message.obsSpace, "observation space"),
        action_space=decode_space(message.actSpace, "action space"),
        process_id=message.simProcessId,
        parent_process_id=message.wafShellProcessId,
    )


def encode_init_ack(*, stop: bool = False) -> bytes:
    """Write SimInitAck, from the agent: ready, or (`stop`) asking the simulator to end at once."""
    return pb.SimInitAck(done=not stop, stopSimReq=stop).SerializeToString()


def decode_init_ack(frame: bytes) -> bool:
    """Read SimInitAck, for the simulator: whether it is asked to end at once; ProtocolError if none."""
    return parse(pb.SimInitAck, frame, "SimInitAck")[0].stopSimReq


class StateCodec:
    """EnvStateMsg, both ways, for one observation space.

    Bounds are not checked: NaN ("never measured") lies in none, and stock scenarios overshoot theirs. Without
    a space it takes observations as they describe themselves, and sends none.
    """

    def __init__(self, space: Space | None) -> None:
        self._space = space
        self._codec = None if space is None else codec_for(space)

    def encode(self, state: State) -> bytes:
        """Write a state; ValueError where its observation is not of the space, or its reward no float32."""
        pieces: list[Piece] = []
        if state.observation is not None:
            if self._space is None or self._codec is None:
                raise ValueError("observation: no space was announced; allowed is None")
            self._codec.write(check(self._space, state.observation, "observation", bounds=False), pieces)
        try:
            reward = _REWARD.pack(state.reward)
        except (OverflowError, struct.error) as error:
            raise ValueError(f"reward: is {state.reward!r}; allowed is a single-precision number") from error
        if reward != _ZERO:
            pieces.append(bytes((_REWARD_TAG,)) + reward)
        if state.game_over or state.info:
            reason = (state.reason or 0) if state.game_over else 0
            rest = pb.EnvStateMsg(isGameOver=state.game_over, reason=reason, info=state.info)  # type: ignore[arg-type]
            pieces.append(rest.SerializeToString())
        return b"".join(pieces)

    def decode(self, frame: bytes) -> State:
        """Read a state; ProtocolError where there is none, or another observation than was announced."""
        if self._codec is not None:
            try:
                values: list[Value] = []
                end = self._codec.read(frame, 0, values)
                return _rest(values[0], frame, end)
            except (UnusualError, ProtocolError):
                pass  # the latter is said below, of the whole message
        return self._decode_any(frame)

    def _decode_any(self, frame: bytes) -> State:
        """Read a state however it lies."""
        message, _ = parse(pb.EnvStateMsg, frame, "EnvStateMsg")
        if is_empty(message.obsData):
            return _state(None, message)
        try:
            observation = decode(message.obsData, self._space, "observation")
        except IncompleteError:
            if not message.isGameOver:
                raise
            return _state(None, message)
        return _state(observation, message)


def _rest(observation: Value, frame: bytes, pos: int) -> State:
    """Read what follows an observation; UnusualError where that is another one."""
    if len(frame) == pos:
        return State(observation)
    if len(frame) == pos + 5 and frame[pos] == _REWARD_TAG:
        return State(observation, *_REWARD.unpack_from(frame, pos + 1))
    rest, _ = parse(pb.EnvStateMsg, frame[pos:], "EnvStateMsg")
    if rest.HasField("obsData"):
        raise UnusualError
    return _state(observation, rest)


def _state(observation: Value, message: pb.EnvStateMsg) -> State:
    number, is_over = message.reason, message.isGameOver
    if number not in _REASONS:
        raise ProtocolError(
            f"EnvStateMsg: reason is {number}; allowed are 0 (SimulationEnd) and 1 (GameOver)"
        )
    return State(observation, message.reward, is_over, Reason(number) if is_over else None, message.info)


_REASONS: frozenset[int] = frozenset(Reason)


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
        self._codec = None if space is None else codec_for(space, flat=True, narrow=narrow)

    def encode(self, action: Value, *, stop: bool = False) -> bytes:
        """Write an action, None for none, or a stop; ValueError, which names the entry, out of the space."""
        pieces: list[Piece] = []
        if action is not None:
            if self._space is None or self._codec is None:
                raise ValueError("action: the simulator takes none; allowed is None")
            checked = check(self._space, action, "action", partial=True, bounds=self._has_bounds)
            self._codec.write(checked, pieces)
        if stop:
            pieces.append(b"\x10\x01")
        return b"".join(pieces)

    def decode(self, frame: bytes) -> tuple[Value, bool]:
        """Read an action, or None, and whether to end at once; ProtocolError where it is not in the space."""
        message, _ = parse(pb.EnvActMsg, frame, "EnvActMsg")
        if message.stopSimReq or is_empty(message.actData):
            return None, message.stopSimReq
        action = decode(message.actData, self._space, "action", partial=True)
        if self._space is not None:
            try:
                action = check(self._space, action, "action", partial=True)
            except ValueError as error:
                raise ProtocolError(str(error)) from error
        return action, False
