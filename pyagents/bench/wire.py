# SPDX-License-Identifier: GPL-2.0-only
"""What a step costs on the wire, beside the least that it could cost.

A round trip is a `Session.step` with this scenario's real observations and actions, against a process that
answers at once: `gym-echo`, the bridge's C++ half without a network behind it, or, without ns-3, Python on
both sides. The floor is a bare ZMQ round trip of frames of the same sizes between two Python processes, by
blocking calls. What reading a state costs is measured early and late in a run, beside the protobuf runtime
alone. All is measured by turns in the same run, for what else the machine does hits all.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zmq
from numpy.typing import NDArray

from pyagents.bench.wire_kinds import medians_us
from pyagents.bench.wire_messages import Arrays, recorded_steps, write_recording
from pyagents.bench.wire_stock import read_state
from pyagents.core.scenario import Scenario
from pyagents.simulators.spaces import action_space, observation_space
from pyagents.wire import Dict, Session, State
from pyagents.wire.process.keys import make_keys
from pyagents.wire.protocol.codec import ActionCodec, StateCodec

TRANSPORTS = ("tcp", "unix")
ENCRYPTED = "tcp, keys"
_PEER = "pyagents.bench.wire_peer"
_WARM_UP = 0.2
"""Share of a block's rounds, the first ones, that do not count."""
_TIMEOUT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class WireTimes:
    """Medians over all rounds, in microseconds."""

    transport: str
    """Way that frames take: one of `TRANSPORTS`, or `ENCRYPTED`."""
    simulator: str
    """Language of the other end, C++ or Python."""
    state_bytes: int
    """Median size of a state's frame."""
    action_bytes: int
    """Median size of an action's frame."""
    rounds: int
    """Number of round trips that counted."""
    round_trip_us: float
    """Time of a `Session.step`."""
    floor_us: float
    """Time of a bare ZMQ round trip of frames of these sizes."""
    encode_action_us: float
    """Time of the agent's side, action to bytes."""
    decode_action_us: float
    """Time of the simulator's side, bytes to action."""
    encode_state_us: float
    """Time of the simulator's side, state to bytes."""
    decode_state_us: float
    """Time of the agent's side, bytes to state."""
    transport_us: float
    """Time that is left: sockets, kernel, waking up, and `Session` itself."""
    ratio: float
    """Round trip over floor."""


@dataclass(frozen=True, kw_only=True)
class DecodingTimes:
    """Medians of what reading a state costs, in microseconds."""

    step: int
    """Step of the run from which the states are."""
    state_bytes: int
    """Median size of their frames."""
    decode_us: float
    """Time that `StateCodec` takes."""
    stock_us: float
    """Time that it takes by the protobuf runtime and NumPy alone, see `pyagents.bench.wire_stock`."""
    ratio: float
    """Time of `StateCodec` over that of the runtime."""


def bench_wire(
    scenario: Scenario,
    *,
    echo: Path | None = None,
    rounds: int = 1000,
    blocks: int = 5,
    keys: bool = False,
) -> tuple[list[WireTimes], list[DecodingTimes]]:
    """Measure both transports, and what reading a state costs early and late in a run.

    The other end is the program `echo`, or Python. Each is measured in so many blocks, by turns; with keys,
    TCP with CURVE too, whose floor is without. Raises WireError where the peer process failed.
    """
    recorded = recorded_steps(scenario)
    states = [state for noted, _ in recorded.values() for state in noted]
    actions = [action for _, noted in recorded.values() for action in noted]
    spaces = observation_space(scenario), action_space(scenario)
    decodings = [
        _time_decoding(step, spaces[0], noted, rounds, blocks) for step, (noted, _) in recorded.items()
    ]
    with tempfile.TemporaryDirectory(prefix="nru-bench-") as name:
        folder = Path(name)
        write_recording(folder / "recording", *spaces, states)
        bench = _Bench(folder, echo, spaces, states, actions, rounds)
        make_keys(folder / "keys")
        times = [bench.measure(transport, blocks) for transport in (*TRANSPORTS, *[ENCRYPTED][:keys])]
    return times, decodings


def _time_decoding(step: int, space: Dict, states: list[Arrays], rounds: int, blocks: int) -> DecodingTimes:
    codec = StateCodec(space)
    frames = [codec.encode(State(state)) for state in states]
    n = len(frames)
    ours, stock = medians_us(
        [lambda k: codec.decode(frames[k % n]), lambda k: read_state(frames[k % n])], rounds, blocks
    )
    return DecodingTimes(
        step=step,
        state_bytes=int(np.median([len(frame) for frame in frames])),
        decode_us=ours,
        stock_us=stock,
        ratio=ours / stock,
    )


def _timed(call: Callable[..., Any], times: list[float]) -> Callable[..., Any]:
    """The same function, which notes how long it takes, s."""

    def timed(*arguments: Any) -> Any:
        start = time.perf_counter()
        result = call(*arguments)
        times.append(time.perf_counter() - start)
        return result

    return timed


class _Bench:
    def __init__(
        self,
        folder: Path,
        echo: Path | None,
        spaces: tuple[Dict, Dict],
        states: list[Arrays],
        actions: list[Arrays],
        rounds: int,
    ) -> None:
        self._folder, self._echo, self._actions, self._rounds = folder, echo, actions, rounds
        self._spaces = spaces
        encode_state, encode_action = StateCodec(self._spaces[0]).encode, ActionCodec(self._spaces[1]).encode
        self._state_bytes = int(np.median([len(encode_state(State(state))) for state in states]))
        self._action_bytes = int(np.median([len(encode_action(action)) for action in actions]))

    def measure(self, transport: str, blocks: int) -> WireTimes:
        """All blocks of one transport."""
        floors, trips = [], []
        for _ in range(blocks):
            floors.append(self._floor(transport))
            trips.append(self._session(transport))
        floor = float(np.median(np.concatenate(floors))) * 1e6
        trip, encode, decode, read, write = np.median(np.concatenate(trips), axis=0) * 1e6
        return WireTimes(
            transport=transport,
            simulator="Python" if self._echo is None else "C++",
            state_bytes=self._state_bytes,
            action_bytes=self._action_bytes,
            rounds=sum(map(len, trips)),
            round_trip_us=float(trip),
            floor_us=floor,
            encode_action_us=float(encode),
            decode_action_us=float(read),
            encode_state_us=float(write),
            decode_state_us=float(decode),
            transport_us=float(trip - encode - decode - read - write),
            ratio=float(trip) / floor,
        )

    def _command(self, program: Path | None, *options: str) -> list[str]:
        start = [sys.executable, "-m", _PEER] if program is None else [str(program)]
        files = [str(self._folder / "recording"), str(self._folder / "times")]
        return [*start, *files, f"--rounds={self._rounds}", *options]

    def _session(self, transport: str) -> NDArray[np.float64]:
        """[rounds, 5] s: step, encode action, decode state, decode action, encode state."""
        states, actions = StateCodec(self._spaces[0]), ActionCodec(self._spaces[1])
        reading, writing = list[float](), list[float]()
        states.decode = _timed(states.decode, reading)  # type: ignore[method-assign]
        actions.encode = _timed(actions.encode, writing)  # type: ignore[method-assign]
        endpoint = None if transport == "unix" else "tcp://127.0.0.1:0"
        keys = self._folder / "keys" if transport == ENCRYPTED else None
        trips = np.empty(self._rounds)
        command = self._command(self._echo)
        with Session(command, endpoint=endpoint, keys=keys, timeout_s=_TIMEOUT_S) as session:
            session.start()
            session._states, session._actions = states, actions
            for k in range(self._rounds):
                action = self._actions[k % len(self._actions)]
                start = time.perf_counter()
                session.step(action)
                trips[k] = time.perf_counter() - start
        theirs = np.loadtxt(self._folder / "times", ndmin=2)
        return np.column_stack([trips, writing, reading, theirs])[self._first :]

    def _floor(self, transport: str) -> NDArray[np.float64]:
        """[rounds] s of bare round trips."""
        frame = bytes(self._action_bytes)
        context = zmq.Context()
        socket = context.socket(zmq.REP)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, int(_TIMEOUT_S * 1000))
        address = f"ipc://{self._folder}/floor" if transport == "unix" else "tcp://127.0.0.1:*"
        socket.bind(address)
        endpoint = socket.getsockopt_string(zmq.LAST_ENDPOINT)
        trips = np.empty(self._rounds)
        options = f"--bare={self._state_bytes}", f"--openGymEndpoint={endpoint}"
        peer = subprocess.Popen(self._command(None, *options))
        try:
            socket.recv()
            for k in range(self._rounds):
                start = time.perf_counter()
                socket.send(frame)
                socket.recv()
                trips[k] = time.perf_counter() - start
            socket.send(frame)
            peer.wait(_TIMEOUT_S)
        finally:
            peer.kill()
            peer.wait()
            context.destroy(linger=0)
        return trips[self._first :]

    @property
    def _first(self) -> int:
        return int(self._rounds * _WARM_UP)
