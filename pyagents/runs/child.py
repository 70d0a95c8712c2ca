# SPDX-License-Identifier: GPL-2.0-only
"""A process of this package beside this one, and the line to it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from pyagents.core import guard


class Child:
    """A process that runs a module, and ends with this one, whatever ends us.

    Args:
        module: run as a program; its first argument is the handle of its end of the line.
        arguments: its further ones.
        temporary: folder for what it keeps for a time.
    """

    def __init__(self, module: str, *arguments: str, temporary: Path) -> None:
        self.socket, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [
                *(sys.executable, guard.__file__, str(os.getpid())),
                *(sys.executable, "-m", module, str(theirs.fileno()), *arguments),
            ],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={**_environment(), "TMPDIR": str(temporary)},
        )
        theirs.close()

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.process.kill()
        self.process.wait()


def _environment() -> dict[str, str]:
    """A child imports what we import, and uses one thread for linear algebra: as many children as cores."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    path = os.pathsep.join(folder for folder in sys.path if folder)
    return {**os.environ, **dict.fromkeys(threads, "1"), "PYTHONPATH": path}
