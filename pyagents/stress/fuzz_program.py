# SPDX-License-Identifier: GPL-2.0-only
"""Sessions in which the C++ half hears malformed messages: it ends with a line, and by no signal."""

import re
import subprocess
from pathlib import Path
from random import Random

import numpy as np
import zmq

from pyagents.stress.echo import TAKEN, draw_action, echo_command
from pyagents.stress.mutation import mutate
from pyagents.stress.tally import Tally
from pyagents.wire.protocol.codec import ActionCodec, encode_init_ack

_WELL = 100
"""Most actions before the first that is malformed."""
_PATIENCE_S = 20.0


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Speak with a program as its agent: well at first, then badly until it ends."""
    encode = ActionCodec(TAKEN).encode
    with zmq.Context() as context, context.socket(zmq.REP) as socket:
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, 200)
        socket.bind(f"ipc://{folder}/socket")
        command = [*echo_command(folder, 10_000), f"--openGymEndpoint=ipc://{folder}/socket"]
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            n_well, n_sent, last, chance = int(rng.integers(0, _WELL)), 0, b"", Random(rng.bytes(16))
            while _hears(socket, program):
                last = encode(draw_action(rng)) if n_sent else encode_init_ack()
                if n_sent >= n_well:
                    last = mutate(last, [encode_init_ack(), encode(draw_action(rng))], chance)
                socket.send(last)
                n_sent += 1
            tally.count("messages", n_sent)
            said = program.communicate(timeout=_PATIENCE_S)[1]
        except subprocess.TimeoutExpired:
            said = "it did not end"
        finally:
            program.kill()
            program.wait()
    tally.count("programs")
    is_told = re.fullmatch(r"(\[libprotobuf .*\n)*(gym: .*\n)?", said) is not None
    tally.judge(program.returncode in (0, 1) and is_told, f"{program.returncode}, {said!r}, of {last.hex()}")


def _hears(socket: "zmq.Socket[bytes]", program: "subprocess.Popen[str]") -> bool:
    """Wait for the program's next message; False once it has ended instead."""
    while True:
        try:
            socket.recv()
        except zmq.Again:
            if program.poll() is not None:
                return False
        else:
            return True
