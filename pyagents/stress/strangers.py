# SPDX-License-Identifier: GPL-2.0-only
"""Strangers at a TCP endpoint while a run is under way: it goes on, state by state, and ends as ever."""

import contextlib
import socket
from pathlib import Path
from random import Random

import numpy as np
import zmq

from pyagents.stress.echo import N_STATES, STATES, TAKEN, draw_action, echo_command
from pyagents.stress.mutation import mutate
from pyagents.stress.tally import Tally
from pyagents.wire import Session
from pyagents.wire.protocol.codec import ActionCodec

_GREETING = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL" + bytes(48)
"""The first 64 bytes of ZMTP 3.0, without a signature's mistake."""
_ROUNDS = 60


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Play a run beside strangers who connect, speak badly, idle and leave."""
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(
            Session(echo_command(folder, _ROUNDS), endpoint="tcp://127.0.0.1:0", timeout_s=20.0)
        )
        context = stack.enter_context(zmq.Context())
        state, n_seen = session.start(), 0
        while True:
            seen = state.observation
            assert isinstance(seen, dict)
            expected = STATES[n_seen % N_STATES]
            same = all(np.array_equal(seen[name], expected[name], equal_nan=True) for name in expected)
            tally.judge(same, f"state {n_seen} is another")
            if state.game_over:
                break
            if rng.random() < 0.3:
                _visit(session.endpoint, context, stack, rng)
                tally.count("strangers")
            state, n_seen = session.step(draw_action(rng)), n_seen + 1
        tally.judge(n_seen == _ROUNDS, f"over after {n_seen} of {_ROUNDS} steps")
        tally.count("steps", n_seen)


def _visit(
    endpoint: str,
    context: "zmq.Context[zmq.Socket[bytes]]",
    stack: contextlib.ExitStack,
    rng: np.random.Generator,
) -> None:
    """Connect as a stranger, who stays until the run is over or leaves at once."""
    answer, chance = ActionCodec(TAKEN).encode(draw_action(rng)), Random(rng.bytes(16))
    if rng.random() < 0.5:
        guest = context.socket(int(rng.choice([zmq.REQ, zmq.DEALER, zmq.PUSH, zmq.SUB])))
        guest.setsockopt(zmq.LINGER, 0)
        stack.callback(guest.close)
        guest.connect(endpoint)
        with contextlib.suppress(zmq.ZMQError):
            guest.send_multipart([b"", mutate(answer, [], chance)][int(rng.integers(0, 2)) :], zmq.NOBLOCK)
        return
    raw = socket.create_connection(("127.0.0.1", int(endpoint.rpartition(":")[2])))
    stack.callback(raw.close)
    with contextlib.suppress(OSError):
        raw.sendall(mutate(_GREETING + answer, [answer], chance))
    if rng.random() < 0.5:
        raw.close()
