# SPDX-License-Identifier: GPL-2.0-only
"""What small messages cost, by kind of space, beside ns3-gym's own client: those of most of its programs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyagents.bench.wire_stock import read_state, write_action
from pyagents.wire import Box, Dict, Discrete, Space, State, Tuple
from pyagents.wire.protocol.codec import ActionCodec, StateCodec

_INF = float("inf")
_COUNTERS = Box(0, _INF, (15,), "uint32")
KINDS: dict[str, tuple[Space, Any]] = {
    "Discrete": (Discrete(5), 3),
    "Box, 4 float32": (Box(-_INF, _INF, (4,), "float32"), np.array([0.1, 2, -3, 4e5], "float32")),
    "Box, 10 float64": (Box(-_INF, _INF, (10,)), np.linspace(-1, 1, 10)),
    "Box, 5 int32 below 128": (Box(0, 100, (5,), "int32"), np.arange(5, dtype="int32")),
    "Box, 15 uint32 beyond": (_COUNTERS, np.logspace(2, 9, 15).astype("uint32")),
    "Tuple of 2": (Tuple((Discrete(4), Box(0, 1, (3,), "float32"))), (2, np.array([0.5, 0, 1], "float32"))),
    "Dict of 2": (
        Dict({"box": Box(0, 1000, (5,), "uint32"), "discrete": Discrete(4)}),
        {"box": np.array([1, 2, 300, 4, 5], "uint32"), "discrete": 2},
    ),
    "Dict of 2 Dicts": (
        Dict({name: Dict({"x": Box(0, 1, (2,), "float32"), "on": Discrete(2)}) for name in "ab"}),
        {name: {"x": np.array([0.5, 1], "float32"), "on": 1} for name in "ab"},
    ),
}
"""A space of each kind, and a value in it."""


@dataclass(frozen=True, kw_only=True)
class KindTimes:
    """Medians of what a state and an action of one space cost, in microseconds."""

    kind: str
    """Kind of space: one of `KINDS`."""
    state_bytes: int
    """Size of the state's frame."""
    decode_us: float
    """Time that `StateCodec` takes, bytes to state."""
    stock_decode_us: float
    """Time that it takes by the protobuf runtime alone, numbers left in its lists."""
    stock_arrays_us: float
    """Time that it takes so, numbers in arrays."""
    encode_us: float
    """Time that `ActionCodec` takes, action to bytes."""
    stock_encode_us: float
    """Time that it takes by the protobuf runtime alone."""

    @property
    def decode_ratio(self) -> float:
        """Time of `StateCodec` over that of the runtime, with arrays."""
        return self.decode_us / self.stock_arrays_us

    @property
    def encode_ratio(self) -> float:
        """Time of `ActionCodec` over that of the runtime."""
        return self.encode_us / self.stock_encode_us


def bench_kinds(*, rounds: int, blocks: int) -> list[KindTimes]:
    """Measure each kind of space in so many rounds of so many blocks, by turns."""
    return [_measure(kind, *drawn, rounds, blocks) for kind, drawn in KINDS.items()]


def _measure(kind: str, space: Space, value: Any, rounds: int, blocks: int) -> KindTimes:
    states, actions = StateCodec(space), ActionCodec(space)
    frame = states.encode(State(value, 1.5))
    calls: list[Callable[[int], object]] = [
        lambda _: states.decode(frame),
        lambda _: read_state(frame, arrays=False),
        lambda _: read_state(frame),
        lambda _: actions.encode(value),
        lambda _: write_action(space, value),
    ]
    decode, stock_decode, stock_arrays, encode, stock_encode = medians_us(calls, rounds, blocks)
    return KindTimes(
        kind=kind,
        state_bytes=len(frame),
        decode_us=decode,
        stock_decode_us=stock_decode,
        stock_arrays_us=stock_arrays,
        encode_us=encode,
        stock_encode_us=stock_encode,
    )


def medians_us(calls: Sequence[Callable[[int], object]], rounds: int, blocks: int) -> list[float]:
    """Time calls, each with the number of the round: so many rounds of each in so many blocks, by turns."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(blocks):
        for call, times in zip(calls, taken, strict=True):
            for k in range(rounds):
                start = time.perf_counter()
                call(k)
                times.append(time.perf_counter() - start)
    return [float(np.median(times)) * 1e6 for times in taken]
