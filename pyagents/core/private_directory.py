# SPDX-License-Identifier: GPL-2.0-only
"""Temporary directories that nobody else can reach, and that do not outlive their owner for long.

Each is locked by the process that made it, and a lock ends with its process, however that ends. So whoever
makes one first sweeps those whose lock is free: they were left by runs that were killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from pyagents.core.locks import lock, open_folder, require_locks

_YOUNG_S = 1.0
"""Younger ones may have an owner who has yet to lock them."""


class PrivateDirectory:
    """A new directory that is its owner's alone (mode 0700); OSError where it cannot be made.

    Args:
        prefix: Of its name, which tells what it is for; starts with "nru-".
        base: Directory that it is made in; None: the usual one for what is temporary.
    """

    def __init__(self, prefix: str, base: str | None = None) -> None:
        require_locks()
        base = base or tempfile.gettempdir()
        _sweep(Path(base), prefix)
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
        self._handle: int | None = open_folder(self.path)
        lock(self._handle)

    def remove(self) -> None:
        """Remove it and what is in it. Does nothing the second time."""
        handle, self._handle = self._handle, None
        if handle is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(handle)


def _sweep(base: Path, prefix: str) -> None:
    """Remove the directories of our own user whose owners have ended."""
    for path in base.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):  # another's, in use, or swept by another meanwhile
            _remove_if_left(path)


def _remove_if_left(path: Path) -> None:
    handle = open_folder(path, os.O_NOFOLLOW)
    try:
        facts = os.fstat(handle)
        is_ours = facts.st_uid == os.getuid() and stat.S_IMODE(facts.st_mode) == 0o700
        if is_ours and time.time() - facts.st_mtime > _YOUNG_S:
            lock(handle)
            shutil.rmtree(path)
    finally:
        os.close(handle)
