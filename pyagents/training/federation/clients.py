# SPDX-License-Identifier: GPL-2.0-only
"""Clients on this machine, a process each, of which some work at once."""

import shutil
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Protocol

from pyagents.core.private_directory import PrivateDirectory
from pyagents.training.federation.client import Assignment
from pyagents.training.federation.nursery import Line, Nursery

Assign = Callable[[int], Assignment]
"""Makes what a client is set up with when its process starts, of its number."""


class Clients(Protocol):
    """Takes orders to clients, gives their answers in any order."""

    def send(self, client: int, order: bytes) -> None:
        """Send an order, which is begun as soon as there is a core; a client that is not there is started."""
        ...

    def next(self) -> tuple[int, bytes]:
        """Wait for the next answer, and whose it is; of a client that ended in the meantime none: b""."""
        ...

    def close(self, *, forget: bool) -> None:
        """End all clients; drop their states, too, where nobody will go on."""
        ...


class LocalClients:
    """Clients on this machine.

    Args:
        assign: makes assignments.
        modules: that clients load.
        at_once: number of clients that work at once.
        limit_s: longest time that a client may take for an order; one that takes longer is ended.
    """

    def __init__(self, assign: Assign, modules: tuple[str, ...], *, at_once: int, limit_s: float) -> None:
        self._assign, self._modules, self._at_once, self._limit_s = assign, modules, at_once, limit_s
        self._lines: dict[int, Line] = {}
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._busy: dict[int, float] = {}
        self._nursery: Nursery | None = None
        self._temporary: PrivateDirectory | None = None

    @property
    def pids(self) -> dict[int, int]:
        """Process of each client that has one."""
        return {client: line.pid for client, line in self._lines.items()}

    def send(self, client: int, order: bytes) -> None:
        """Send an order. See `Clients.send`."""
        self._waiting.append((client, order))
        self._hand_out()

    def next(self) -> tuple[int, bytes]:
        """Wait for the next answer. See `Clients.next`."""
        while True:
            pipes = {self._lines[client].pipe: client for client in self._busy}
            ready = wait(list(pipes), timeout=1.0)
            earliest = time.monotonic() - self._limit_s
            late = [client for client, began in self._busy.items() if began < earliest]
            for client in [*(pipes[pipe] for pipe in ready), *late]:  # type: ignore[index]
                answer = b""
                with suppress(EOFError, OSError):
                    if client not in late:
                        answer = self._lines[client].pipe.recv_bytes()
                if not answer:
                    self._lines.pop(client).end()
                del self._busy[client]
                self._hand_out()
                return client, answer

    def close(self, *, forget: bool) -> None:
        """End all clients. See `Clients.close`."""
        for line in self._lines.values():
            line.pipe.close()
        self._lines, self._busy = {}, {}
        self._waiting.clear()
        if self._nursery is not None:
            self._nursery.end()
        if self._temporary is not None:
            self._temporary.remove()
        if forget:
            shutil.rmtree(self._assign(0).folder, ignore_errors=True)

    def _hand_out(self) -> None:
        while self._waiting and len(self._busy) < self._at_once:
            client, order = self._waiting.popleft()
            line = self._lines.get(client) or self._start(client)
            try:
                line.pipe.send_bytes(order)
            except OSError:  # it ended while it had nothing to do
                self._lines.pop(client).end()
                with suppress(OSError):  # again: then there will be no answer
                    self._start(client).pipe.send_bytes(order)
            self._busy[client] = time.monotonic()

    def _start(self, client: int) -> Line:
        if self._nursery is None:
            self._temporary = PrivateDirectory("nru-clients-")
            self._nursery = Nursery(self._modules, self._temporary.path, self._limit_s)
        self._lines[client] = self._nursery.bear(self._assign(client))
        return self._lines[client]
