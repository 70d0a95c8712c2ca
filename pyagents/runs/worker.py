# SPDX-License-Identifier: GPL-2.0-only
"""What a local worker process does: `python -m pyagents.runs.worker HANDLE PARENT`."""

import os
import signal
import sys
from multiprocessing.connection import Connection

from pyagents.runs.rollout import Row
from pyagents.runs.task import perform


def main() -> None:
    """Do the tasks that come over a socket, until it closes or the parent is gone."""
    handle, parent = map(int, sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle

    def look_up(step: int, row: Row) -> None:
        if os.getppid() != parent:
            os._exit(1)  # nobody waits for this any more; the simulator ends with us

    with Connection(handle) as pipe:
        while True:
            try:
                pipe.send(perform(pipe.recv(), look_up))
            except (EOFError, OSError):
                return


if __name__ == "__main__":
    main()
