# SPDX-License-Identifier: GPL-2.0-only
"""Locks of folders and files that end with the process that holds them, however it ends: `flock` of POSIX."""

import errno
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows; what writes no results works there, such as environments on a mock
    fcntl = None  # type: ignore[assignment]


def open_folder(path: Path, flags: int = 0) -> int:
    """Open a folder that is to be locked, and give its descriptor.

    Args:
        path: the folder.
        flags: flags of `os.open` besides.

    Raises:
        OSError: it cannot be opened, or this system has no such locks.
    """
    require_locks()
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | flags)


def lock(handle: int, *, shared: bool = False, wait: bool = False) -> None:
    """Lock what is open, in place of a lock that is held on it.

    Args:
        handle: its descriptor; closing it ends the lock.
        shared: with others that share it; otherwise alone.
        wait: until no other holds a lock that forbids this one.

    Raises:
        BlockingIOError: another holds one, and this was not to wait.
        OSError: there are no such locks here.
    """
    require_locks()
    fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))


def require_locks() -> None:
    """Raise OSError where there are no such locks."""
    if fcntl is None:
        raise OSError(errno.ENOTSUP, "this system has no locks of folders: use Linux or macOS")
