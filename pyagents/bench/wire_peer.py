# SPDX-License-Identifier: GPL-2.0-only
"""The other end of `nru bench wire` in Python: sends a recorded state whenever it is answered.

Run as a program: wire_peer.py RECORDING TIMES --rounds=N [--bare=STATE_BYTES]
--openGymPort=N | --openGymEndpoint=ADDRESS [--openGymKeys=FOLDER]. It times its codec as `gym-echo` does the
C++ one; bare, it sends a frame of the same size and nothing else.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
import zmq

from pyagents.bench.wire_messages import read_recording
from pyagents.wire.process.keys import load_scenario_keys
from pyagents.wire.protocol.codec import (
    ActionCodec,
    Init,
    Reason,
    State,
    StateCodec,
    decode_init_ack,
    encode_init,
)


def main() -> None:
    """Connect, serve as many rounds as asked for, write the times down."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recording", type=Path)
    parser.add_argument("times", type=Path)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--bare", type=int)
    parser.add_argument("--openGymPort", dest="port", type=int)
    parser.add_argument("--openGymEndpoint", dest="endpoint")
    parser.add_argument("--openGymKeys", dest="keys", type=Path)
    options = parser.parse_args()
    context = zmq.Context()
    socket = context.socket(zmq.REQ)
    if options.keys is not None:
        load_scenario_keys(options.keys).use(socket)
    socket.connect(options.endpoint or f"tcp://127.0.0.1:{options.port}")
    if options.bare is not None:
        _serve_bare(socket, options.bare, options.rounds)
    else:
        np.savetxt(options.times, _serve(socket, options.recording, options.rounds))
    context.destroy()


def _serve_bare(socket: "zmq.Socket[bytes]", size: int, rounds: int) -> None:
    frame = bytes(size)
    for _ in range(rounds + 1):
        socket.send(frame)
        socket.recv()


def _serve(socket: "zmq.Socket[bytes]", recording: Path, rounds: int) -> np.ndarray:
    """[rounds, 2] seconds spent on reading an action and on writing the state that follows."""
    seen, done, observations = read_recording(recording)
    states, actions = StateCodec(seen), ActionCodec(done)
    socket.send(encode_init(Init(observation_space=seen, action_space=done, process_id=os.getpid())))
    decode_init_ack(socket.recv())
    times = np.empty((rounds, 2))
    socket.send(states.encode(State(observations[0])))
    for k in range(rounds):
        frame = socket.recv()
        start = time.perf_counter()
        actions.decode(frame)
        read = time.perf_counter()
        is_last = k == rounds - 1
        observation = observations[(k + 1) % len(observations)]
        answer = states.encode(State(observation, 0.0, is_last, Reason.SIMULATION_END if is_last else None))
        times[k] = read - start, time.perf_counter() - read
        socket.send(answer)
    socket.recv()
    return times


if __name__ == "__main__":
    main()
