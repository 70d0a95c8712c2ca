# SPDX-License-Identifier: GPL-2.0-only
"""Where clients come from: a process that has loaded what they need, and forks one for each line.

`python -m pyagents.training.federation.nursery HANDLE MODULE...`. A client begins in milliseconds that way,
and shares the memory of libraries with the others; it sees nothing of what others do afterwards.
"""

import importlib
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from pyagents.core import guard
from pyagents.runs.child import Child
from pyagents.training.federation.client import Assignment, serve


class Line:
    """The line to a client's process."""

    def __init__(self, pid: int, pipe: Connection) -> None:
        self.pid, self.pipe = pid, pipe

    def end(self) -> None:
        """Kill the client, wherever it is."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.pipe.close()


class Nursery:
    """This process's side: asks for clients.

    Args:
        modules: that clients need, loaded beforehand.
        temporary: folder for what clients keep for a time.
        limit_s: longest time that anybody may take to begin, or to take or give a part of a message.
    """

    def __init__(self, modules: Sequence[str], temporary: Path, limit_s: float) -> None:
        self._child = Child("pyagents.training.federation.nursery", *modules, temporary=temporary)
        self._child.socket.settimeout(limit_s)
        self._limit = struct.pack("@ll", int(limit_s) + 1, 0)

    def bear(self, assignment: Assignment) -> Line:
        """Start a client; RuntimeError where the nursery has ended."""
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._child.socket, [b"?"], [theirs.fileno()])
            pid = int.from_bytes(self._child.socket.recv(4), "little")
        except OSError:
            pid = 0
        theirs.close()
        if not pid:
            ours.close()
            self.end()
            raise RuntimeError("the process that starts clients has ended: see what it said above")
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):  # it may stop in the middle of a message
            ours.setsockopt(socket.SOL_SOCKET, option, self._limit)
        line = Line(pid, Connection(ours.detach()))
        line.pipe.send(assignment)
        return line

    def end(self) -> None:
        """End it, and with it all clients that it has started."""
        self._child.socket.close()
        self._child.end()


def main() -> None:
    """Load the modules, and fork a client for each line."""
    handle, *modules = sys.argv[1:]
    for module in modules:
        importlib.import_module(module)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a client ended: its line closes
    parent = os.getpid()
    with socket.socket(fileno=int(handle)) as line:
        while True:
            try:
                asked, handles, _, _ = socket.recv_fds(line, 1, 1)
                if not asked:
                    return
                pid = os.fork()
                if pid == 0:
                    line.close()
                    _be_client(handles[0], parent)
                os.close(handles[0])
                line.sendall(pid.to_bytes(4, "little"))
            except OSError:
                return


def _be_client(handle: int, parent: int) -> None:
    """Serve a line until it closes, and end."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if guard.follow(parent):
            with Connection(handle) as pipe, suppress(EOFError, OSError):
                serve(pipe)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
