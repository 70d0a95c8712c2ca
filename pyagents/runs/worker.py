# SPDX-License-Identifier: GPL-2.0-only
"""What a local worker process does: `python -m pyagents.runs.worker HANDLE [tell]`."""

import signal
import sys
import time
from multiprocessing.connection import Connection

from pyagents.runs.rollout import Row
from pyagents.runs.task import perform

SIGN_S = 10.0
"""Time between signs that it goes on."""


def main() -> None:
    """Do the tasks that come over a socket, until it closes; `tell` of each step, else of some."""
    handle, tells = int(sys.argv[1]), sys.argv[2:] == ["tell"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle

    with Connection(handle) as pipe:
        told = time.monotonic()

        def tell(step: int, row: Row) -> None:
            nonlocal told
            if tells or time.monotonic() - told > SIGN_S:
                pipe.send((step, row))
                told = time.monotonic()

        while True:
            try:
                pipe.send(perform(pipe.recv(), tell))
            except (EOFError, OSError):
                return


if __name__ == "__main__":
    main()
