# SPDX-License-Identifier: GPL-2.0-only
"""Agents that are killed at any moment: their programs end with them."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from pyagents.stress.echo import echo_command
from pyagents.stress.tally import Tally
from pyagents.wire import Session

_PATIENCE_S = 10.0


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Kill a process that steps a session as fast as it can."""
    command = echo_command(folder, 10**6)
    reader, writer = os.pipe()
    owner = os.fork()
    if owner == 0:
        try:
            os.close(reader)
            with Session(command, timeout_s=20.0) as session:
                os.write(writer, f"{session.pid}\n".encode())
                session.start()
                while True:
                    session.step(None)
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as told:
        program = int(told.readline() or 0)
    time.sleep(float(rng.random() * 0.05))
    os.kill(owner, signal.SIGKILL)
    os.waitpid(owner, 0)
    deadline = time.monotonic() + _PATIENCE_S
    while Path(f"/proc/{program}").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    tally.count("owners")
    tally.judge(not Path(f"/proc/{program}").exists(), f"program {program} outlives its owner")
