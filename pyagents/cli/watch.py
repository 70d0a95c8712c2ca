# SPDX-License-Identifier: GPL-2.0-only
"""`nru watch`: a run as it plays, on a page in the browser."""

import dataclasses
import os
import sys
import webbrowser
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import tyro

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, BadInputError, explain
from pyagents.cli.run import RunFlags, make_plan, play_run
from pyagents.live.server import LiveServer
from pyagents.live.show import Show
from pyagents.live.stream import Stream

Options = TypeVar("Options")
Fields = TypeVar("Fields")

DESCRIPTION = """A run as it plays, on a page of this machine alone: picture, numbers and curves.

Plays what `nru run` plays, always anew, and leaves the same. It waits a while for somebody to open the page,
and ends with the run; the page then keeps what it has seen."""

DELIVERY_S = 10.0
"""Time that pages have to take the end of a run."""


@dataclass(frozen=True, kw_only=True)
class PageFlags:
    """How a run is shown."""

    speed: float = 1.0
    """Simulated seconds in a second, at most; 0: as fast as it goes."""
    every: int = 1
    """Steps from one picture to the next."""
    open: bool = sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
    """Whether to open the page in a browser; by default where there is a desktop."""
    wait_s: float = 30.0
    """Longest wait for a page to be opened before the run begins."""
    port: int = 0
    """TCP port of the page on 127.0.0.1; 0: one that is free."""


@dataclass(frozen=True, kw_only=True)
class WatchFlags(RunFlags[Fields, Options], Generic[Fields, Options]):
    """What `nru watch` takes."""

    page: Annotated[PageFlags, tyro.conf.OmitArgPrefixes] = PageFlags()
    """Page that shows it."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    plan, flags = make_plan(arguments, WatchFlags, command="watch", description=DESCRIPTION)
    page, console, stream = flags.page, Console(), Stream()
    _check(page)
    show = Show(plan.run, stream, every=page.every, speed=page.speed)
    plan = dataclasses.replace(plan, resume=False, task=dataclasses.replace(plan.task, on_snapshot=show.see))
    try:
        server = LiveServer(stream, page.port)
    except OSError as error:
        raise BadInputError(f"port={page.port} is not allowed: {error.strerror}") from error
    with server:
        console.print(f"Open {server.url}: the run begins then, or in {page.wait_s:g} s.")
        if page.open:
            webbrowser.open(server.url)
        stream.wait_for_reader(page.wait_s)
        try:
            play_run(plan, console, show.note)
        except BaseException as error:
            show.end(explain(error).splitlines()[0] if str(error) else "interrupted")
            raise
        else:
            show.end("")
        finally:
            stream.wait_until_read(DELIVERY_S)
    return DONE


def _check(page: PageFlags) -> None:
    """Refuse numbers that are not allowed.

    Raises:
        BadInputError: one is not.
    """
    for name, least, most in (("speed", 0, 1e6), ("every", 1, 1e6), ("wait_s", 0, 3600), ("port", 0, 65535)):
        value = getattr(page, name)
        if not least <= value <= most:
            raise BadInputError(f"{name}={value:g} is not allowed: must be {least:g} to {most:g}")
