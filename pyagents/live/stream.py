# SPDX-License-Identifier: GPL-2.0-only
"""What a run tells as it goes, kept for readers that join late."""

import json
import threading
from collections import deque
from collections.abc import Generator, Mapping
from typing import Any, NamedTuple

MOST = 2000
"""Number of messages that are kept, the newest; the first one stays besides."""


class Message(NamedTuple):
    """One message."""

    number: int
    """Its place among all, from 0."""
    kind: str
    """Name of what it tells."""
    text: str
    """What it tells, as JSON in one line."""


class Stream:
    """Messages from one writer to any number of readers, in other threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._first: list[Message] = []
        self._rest: deque[Message] = deque(maxlen=MOST)
        self._count = self._readers = 0
        self._is_read = self._is_closed = False

    def add(self, kind: str, content: Mapping[str, Any]) -> None:
        """Append a message; numbers in it have to be finite."""
        text = json.dumps(content, allow_nan=False)
        with self._changed:
            (self._rest if self._first else self._first).append(Message(self._count, kind, text))
            self._count += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Say that no message follows."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def follow(self, after: int = -1) -> Generator[Message, None, None]:
        """All messages behind a number, as they come, until the last one.

        Args:
            after: number of the last message that the reader has; -1: it has none.
        """
        with self._changed:
            self._readers, self._is_read = self._readers + 1, True
            self._changed.notify_all()
        try:
            while new := self._wait_for_new(after):
                yield from new
                after = new[-1].number
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    def _wait_for_new(self, after: int) -> list[Message]:
        """Messages behind a number, at least one; none once the last one was read."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > after + 1 or self._is_closed)
            return [message for message in (*self._first, *self._rest) if message.number > after]

    def wait_for_reader(self, timeout_s: float) -> bool:
        """Wait until somebody has begun to read; False: nobody has in this time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_read, timeout_s)

    def wait_until_read(self, timeout_s: float) -> bool:
        """Wait until nobody reads any more; False: somebody still does after this time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._readers == 0, timeout_s)
