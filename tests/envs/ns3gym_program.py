# SPDX-License-Identifier: GPL-2.0-only
"""A program as ns3-gym's users write them, but for ns-3: takes their two flags, and has spaces of every kind.

A walk in three dimensions, drawn by `--simSeed`, that the action pushes. It ends after `--steps`; sooner, by
its own end condition, where the action `quit` is 99. `--hollow-end` lets the last state come without
observation, `--hollow-start` the first, `--deaf` ignores SIGTERM, `--size` is how wide the walk is, by name.
"""

import argparse
import os
import signal
import sys
from typing import Any

import numpy as np
import zmq

from pyagents.wire import Box, Dict, Discrete, Reason, State, Tuple
from pyagents.wire.protocol.codec import ActionCodec, Init, StateCodec, decode_init_ack, encode_init

INFINITY = float("inf")
QUIT = 99
ACTION_SPACE = Dict(
    {
        "push": Box(-1, 1, (3,), "float64"),
        "quit": Discrete(100),
        "pair": Tuple((Discrete(3), Box(0, 9, (2,), "int32"))),
    }
)


def observation_space(size: int) -> Dict:
    return Dict(
        {
            "walk": Box(-INFINITY, INFINITY, (size, 3), "float64"),
            "step": Discrete(10**6),
            "heard": Tuple((Discrete(3), Dict({"counts": Box(0, INFINITY, (2,), "uint32")}))),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--openGymPort", dest="port", type=int, required=True)
    parser.add_argument("--simSeed", dest="seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--size", type=int, default=2)
    parser.add_argument("--hollow-start", action="store_true")
    parser.add_argument("--hollow-end", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    options = parser.parse_args()
    if options.deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.write(f"seed {options.seed}\n")
    sys.stdout.flush()
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.connect(f"tcp://localhost:{options.port}")
        play(socket, options)


def play(socket: "zmq.Socket[bytes]", options: argparse.Namespace) -> None:
    space = observation_space(options.size)
    socket.send(encode_init(Init(observation_space=space, action_space=ACTION_SPACE, process_id=os.getpid())))
    if decode_init_ack(socket.recv()):
        return
    states, actions = StateCodec(space), ActionCodec(ACTION_SPACE)
    random = np.random.default_rng(options.seed)
    walk = np.zeros((options.size, 3))
    action: dict[str, Any] = {"push": np.zeros(3), "quit": 0, "pair": (0, [0, 0])}
    for step in range(options.steps + 1):
        walk = walk + action["push"] + random.normal(size=walk.shape)
        is_last = step == options.steps or action["quit"] == QUIT
        hollow = (is_last and options.hollow_end) or (step == 0 and options.hollow_start)
        observation = {
            "walk": walk,
            "step": step,
            "heard": (action["pair"][0], {"counts": np.asarray(action["pair"][1], np.uint32)}),
        }
        reason = Reason.GAME_OVER if action["quit"] == QUIT else Reason.SIMULATION_END
        state = State(
            None if hollow else observation, step / 2, is_last, reason if is_last else None, f"at {step}"
        )
        socket.send(states.encode(state))
        answer, stop = actions.decode(socket.recv())
        if stop:
            return
        action.update(answer or {})


if __name__ == "__main__":
    main()
