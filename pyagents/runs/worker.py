# SPDX-License-Identifier: GPL-2.0-only
"""What a local worker process does: `python -m pyagents.runs.worker HANDLE PARENT [tell]`."""

import os
import signal
import sys
from multiprocessing.connection import Connection

from pyagents.runs.rollout import Row
from pyagents.runs.task import perform


def main() -> None:
    """Do the tasks that come over a socket, until it closes or the parent is gone; `tell` of each step."""
    handle, parent = map(int, sys.argv[1:3])
    tells = sys.argv[3:] == ["tell"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle

    with Connection(handle) as pipe:

        def look_up(step: int, row: Row) -> None:
            if os.getppid() != parent:
                os._exit(1)  # nobody waits for this any more; the simulator ends with us
            if tells:
                pipe.send((step, row))

        while True:
            try:
                pipe.send(perform(pipe.recv(), look_up))
            except (EOFError, OSError):
                return


if __name__ == "__main__":
    main()
