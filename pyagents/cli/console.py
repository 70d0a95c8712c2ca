# SPDX-License-Identifier: GPL-2.0-only
"""The one way to the terminal: what is printed stands there as it is, whoever wrote it.

Names, paths and messages of others may hold what rich takes for markup, an address such as `[::1]`, or
characters that steer a terminal. None of it does anything here; styles are given beside a text, never in it.
"""

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import rich.console
from rich.console import ConsoleOptions, RenderableType
from rich.progress import TextColumn
from rich.segment import Segment

from pyagents.core.plain_text import plain


class Console(rich.console.Console):
    """rich's console without markup, emoji names and highlighting.

    Args:
        options: of rich's, such as `file` and `width`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """See rich. Control characters are spelt out, but for rich's own."""
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control or text.isprintable() else Segment(plain(text), style)


def column(template: str, *, style: str = "none") -> TextColumn:
    """A column of a progress display, of a task's fields, whose values are no markup."""
    return TextColumn(template, style=style, markup=False)


def complain(command: str, message: str) -> None:
    """Say on standard error why a command ends."""
    with suppress(OSError):  # nobody listens
        print(f"nru {command}: {plain(message)}", file=sys.stderr)


def prepare_streams() -> None:
    """Let output and errors spell out what their encoding lacks; put nothing in the place of closed streams.

    Otherwise the next file that is opened would take their number, and what is printed.
    """
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with suppress(OSError):  # it is gone
                stream.reconfigure(errors="backslashreplace")
