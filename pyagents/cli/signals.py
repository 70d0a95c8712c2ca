# SPDX-License-Identifier: GPL-2.0-only
"""Signals that end a command: it cleans up first, as after Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class EndedError(KeyboardInterrupt):
    """The command is to end, by a signal: raised wherever the main thread is."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(f"ended by {number.name}")
        self.number = number


@contextmanager
def ending_gently() -> Iterator[None]:
    """Take SIGTERM and SIGHUP within for Ctrl-C: EndedError; what was begun is closed and removed."""

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # a second one must not disturb the cleaning up
        raise EndedError(signal.Signals(number))

    is_main = threading.current_thread() is threading.main_thread()
    known = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__]
    numbers = [number for number in known if is_main and signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    except Exception as error:
        if interrupt := _find_interrupt(error):
            raise interrupt from None
        raise
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _find_interrupt(error: BaseException | None) -> KeyboardInterrupt | None:
    """Find what an error was made of, if that was a signal: Python 3.11 wraps what `__set_name__` raises."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return error
        error = error.__cause__
    return None
