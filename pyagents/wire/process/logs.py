# SPDX-License-Identifier: GPL-2.0-only
"""Where a simulator's output goes, and the end of it for an error message."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO

from pyagents.core.plain_text import plain

_TAIL_BYTES = 16384


class Log:
    """A file that takes the output of one process, overwritten; without a path, gone when closed."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.file: IO[bytes]
        if path is None:
            self.file = tempfile.TemporaryFile(prefix="nru-log-")  # noqa: SIM115 - closed by `close`
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = path.open("w+b")

    def tail(self, lines: int = 20) -> list[str]:
        """Read the last lines written so far, oldest first, as a terminal may show them."""
        if self.file.closed:
            return []
        fd = self.file.fileno()
        size = os.fstat(fd).st_size
        start = max(0, size - _TAIL_BYTES)
        text = os.pread(fd, size - start, start).decode(errors="replace")
        return [plain(line.rstrip()) for line in text.splitlines()[-lines:]]

    def close(self) -> None:
        """Close the file. May be called twice."""
        self.file.close()
