# SPDX-License-Identifier: GPL-2.0-only
"""Shows a build on the terminal: one line that is rewritten, or a line now and then where that can't be."""

import sys
import time
from typing import TextIO

_QUIET_SECONDS = 15.0


class BuildProgress:
    """The lines of a build's output on a terminal or in a log, as suits it; by default on standard error."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rewrites = self._stream.isatty()
        self._start = self._last = time.monotonic()

    def say(self, message: str) -> None:
        """Write a message that stays."""
        end = "\033[K\n" if self._rewrites else "\n"
        start = "\r" if self._rewrites else ""
        self._stream.write(f"{start}{message}{end}")
        self._stream.flush()

    def step(self, line: str) -> None:
        """Show one line of the build's output: what is being done now."""
        now = time.monotonic()
        if self._rewrites:
            self._stream.write(f"\r  {line[:100]}\033[K")
            self._stream.flush()
        elif now - self._last >= _QUIET_SECONDS:
            self._last = now
            self.say(f"  {line}")

    def finish(self, what: str) -> None:
        """Say that `what` is done and how long it took, in seconds."""
        self.say(f"{what} in {time.monotonic() - self._start:.0f} s")
