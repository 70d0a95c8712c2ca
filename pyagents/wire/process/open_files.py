# SPDX-License-Identifier: GPL-2.0-only
"""Counts file descriptors before they are needed: libzmq ends the process where it gets none."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from pyagents.wire.errors import LaunchError

try:
    import resource
except ImportError:  # Windows, where no session of ours begins
    resource = None  # type: ignore[assignment]


class Reservation:
    """Room for the files of a session that begins, kept free of others that begin meanwhile.

    Args:
        count: how many it takes at most.

    Raises:
        LaunchError: There is no such room.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        with _lock:
            limit, n_open = resource.getrlimit(resource.RLIMIT_NOFILE)[0], _count_open()
            promised = sum(_promised)
            if n_open is not None and limit != resource.RLIM_INFINITY and n_open + promised + count > limit:
                begun = f", {promised} are promised to others that begin" if promised else ""
                raise LaunchError(
                    f"{n_open} files are open{begun} and a session may need {count}; allowed are {limit} in "
                    "all: close sessions, or raise the limit (ulimit -n)"
                )
            _promised.append(count)

    def end(self) -> None:
        """Its files are open by now, or never will be. Does nothing the second time."""
        with _lock:
            if self._count in _promised:
                _promised.remove(self._count)
            self._count = 0


_promised: list[int] = []
_lock = threading.Lock()


def _count_open() -> int | None:
    """How many files are open; None on a system that does not tell."""
    try:
        return len(list(Path("/dev/fd").iterdir()))
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return None


def _forget() -> None:
    """In a forked child, in which nothing of its parent's begins."""
    global _lock
    _lock = threading.Lock()
    _promised.clear()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forget)
