# SPDX-License-Identifier: GPL-2.0-only
"""A simulator without a simulation: speaks as ns-3 does, and misbehaves where it is told to.

Run as a program: fake_simulator.py --openGymPort=N | --openGymEndpoint=ADDRESS [--openGymKeys=FOLDER]
[--steps=N --do=WHAT --at=N].
WHAT happens instead of state number N (0: the first), or instead of the first message if N is -1.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import zmq

from pyagents.wire.process.keys import load_scenario_keys
from pyagents.wire.protocol import messages_pb2 as pb
from pyagents.wire.protocol.codec import (
    ActionCodec,
    Init,
    Reason,
    State,
    StateCodec,
    decode_init_ack,
    encode_init,
)
from pyagents.wire.protocol.spaces import Box, Dict, Discrete, Value

INFINITY = float("inf")
OBSERVATION_SPACE = Dict(
    {
        "step": Discrete(10**6),
        "matrix": Box(-INFINITY, INFINITY, (4, 3), "float64"),
        "counter": Box(-1, 1e9, (3,), "int32"),
        "heard": Box(-1, 9, (2,), "int32"),
    }
)
ACTION_SPACE = Dict(
    {
        "target": Box(-1, 9, (3,), "int32"),
        "offset": Box(-24, 24, (2, 2), "float64"),
    }
)


def observation(step: int, action: Value) -> dict[str, Value]:
    heard = [-1, -1] if action is None or "target" not in action else action["target"][:2]
    return {
        "step": step,
        "matrix": np.full((4, 3), np.nan if step == 0 else float(step)),
        "counter": np.full(3, 100 * step, dtype=np.int32),
        "heard": np.asarray(heard, dtype=np.int32),
    }


def report(*words: object) -> None:
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def misbehave(what: str, socket: zmq.Socket[bytes]) -> None:
    report("at", time.time())
    report("about to", what)
    match what:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(3)
        case "hang":
            time.sleep(60)
        case "hang-deaf":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)
        case "leave":
            socket.close(linger=0)
            time.sleep(60)
        case "orphan":
            subprocess.Popen(["sleep", "61"])
            os.kill(os.getpid(), signal.SIGKILL)
        case "garbage":
            socket.send(b"\xff" * 20)
        case "frames":
            socket.send_multipart([b"a", b"b"])
        case "large":
            socket.send(bytes(1_500_000))
        case "huge":
            socket.send(bytes(3_000_000))
        case "hollow-end":
            container = pb.DataContainer(type=pb.Box, name="counter")
            container.data.Pack(pb.BoxDataContainer(dtype=pb.INT, shape=[3]))
            whole = pb.DataContainer(type=pb.Dict)
            whole.data.Pack(pb.DictDataContainer(element=[container]))
            over = pb.EnvStateMsg(obsData=whole, isGameOver=True, reason=pb.EnvStateMsg.GameOver)
            socket.send(over.SerializeToString())
            socket.recv()
            sys.exit(0)
        case "again":
            socket.send(encode_init(Init(observation_space=None, action_space=None, process_id=1)))
        case _:
            sys.exit(f"does not know how to {what}")
    time.sleep(60)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--openGymPort", dest="port", type=int)
    parser.add_argument("--openGymEndpoint", dest="endpoint")
    parser.add_argument("--openGymKeys", dest="keys", type=Path)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--do", dest="what")
    parser.add_argument("--at", type=int, default=-1)
    parser.add_argument("--reason", type=int, default=0)
    parser.add_argument("--linger", type=float, default=0.0, help="seconds from the last answer to the end")
    parser.add_argument("--overreach", action="store_true", help="take more than is announced")
    parser.add_argument("--deaf", action="store_true", help="ignore stop requests and SIGTERM")
    options = parser.parse_args()

    report("fake simulator", os.getpid())
    if options.deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.REQ)
    if options.endpoint and "[::1]" in options.endpoint:
        socket.setsockopt(zmq.IPV6, 1)
    if options.keys:
        load_scenario_keys(options.keys).use(socket)
    socket.connect(options.endpoint or f"tcp://localhost:{options.port}")
    if options.what and options.at == -1:
        misbehave(options.what, socket)
    socket.send(
        encode_init(
            Init(
                observation_space=OBSERVATION_SPACE,
                action_space=ACTION_SPACE,
                process_id=os.getpid(),
                parent_process_id=os.getppid(),
            )
        )
    )
    taken = Dict({"target": Box(-INFINITY, INFINITY, (3,), "int32")}) if options.overreach else ACTION_SPACE
    states, actions = StateCodec(OBSERVATION_SPACE), ActionCodec(taken)
    action, stop = None, decode_init_ack(socket.recv())
    for step in range(options.steps + 1):
        if stop and not options.deaf:
            report("stops as asked")
            return
        if options.what and options.at == step:
            misbehave(options.what, socket)
        is_last = step == options.steps
        reason = Reason(options.reason) if is_last else None
        state = State(observation(step, action), step / 2, is_last, reason, f'{{"step": {step}}}')
        socket.send(states.encode(state))
        action, stop = actions.decode(socket.recv())
    time.sleep(options.linger)
    report("ends by itself")


if __name__ == "__main__":
    main()
