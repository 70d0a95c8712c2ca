# SPDX-License-Identifier: GPL-2.0-only
"""Programs that are killed or stopped at any moment: the session says so in time, and leaves nothing."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from pyagents.stress.echo import echo_command
from pyagents.stress.tally import Tally
from pyagents.wire import PeerDiedError, PeerTimeoutError, Session

_DEADLY = (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT, signal.SIGUSR1, signal.SIGBUS)
_PROMPT_S = 5.0


def attack(rng: np.random.Generator, folder: Path, tally: Tally) -> None:
    """Play some steps, end or stop the program, and go on."""
    number = signal.SIGSTOP if rng.random() < 0.1 else _DEADLY[rng.integers(0, len(_DEADLY))]
    n_steps, delay_s = int(rng.integers(-1, 20)), float(rng.choice([0.0, rng.random() * 0.02]))
    session = Session(echo_command(folder, 10_000), timeout_s=2.0 if number == signal.SIGSTOP else 20.0)
    with session:
        if n_steps >= 0:
            session.start()
        for _ in range(n_steps):
            session.step(None)
        time.sleep(delay_s)
        pid = session.pid
        assert pid is not None
        os.kill(pid, number)
        began = time.monotonic()
        try:
            while True:
                session.step(None) if n_steps >= 0 else session.start()
                n_steps = max(n_steps, 0)
        except (PeerDiedError, PeerTimeoutError) as error:
            tally.count(f"{number.name}: {type(error).__name__}")
        spent_s = time.monotonic() - began
    what = f"{number.name} after {n_steps} steps"
    tally.judge(spent_s < _PROMPT_S, f"{what}: said after {spent_s:.1f} s")
    tally.judge(not Path(f"/proc/{pid}").exists(), f"{what}: process {pid} is left")
    tally.count("programs")
