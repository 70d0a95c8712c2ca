# SPDX-License-Identifier: GPL-2.0-only
"""Becomes the simulator's program, but asks the kernel first to kill it when the agent's process ends.

Run as a program: guard.py PARENT COMMAND... . A program of its own rather than a `preexec_fn`, which is not
safe in a process with threads and copies the page tables of one with a large model in memory.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def follow(parent: int) -> bool:
    """Ask the kernel to kill this process when its parent ends; False where that has ended meanwhile."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        return os.getppid() == parent
    return True


def main() -> None:
    """Ask, make sure that the parent has not ended meanwhile, and become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if not follow(parent):
        sys.exit(f"the process {parent} that started {command[0]} has ended")
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
