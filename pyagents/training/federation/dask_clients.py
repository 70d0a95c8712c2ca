# SPDX-License-Identifier: GPL-2.0-only
"""Clients on the workers of a Dask cluster, each a process at one of them, where its data and states stay."""

import atexit
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyagents.core.extras import load_extra
from pyagents.core.private_directory import PrivateDirectory
from pyagents.runs.workers import LostClusterError
from pyagents.training.federation.client import Assignment
from pyagents.training.federation.nursery import Line, Nursery

_LOOK_S, _PAUSE_S = 1.0, 0.02
_GONE = "the Dask scheduler has gone"


class DaskClients:
    """The clients of a federation, dealt out among the workers of a cluster.

    A client stays where it is: its states are in a folder of that machine. Where a worker dies, its clients
    are left out of the round, and begin anew at another.

    Args:
        address: of the scheduler.
        assign: see `LocalClients`.
        modules: that clients load.
        key: of the training.
        limit_s: see `LocalClients`.
        patience_s: how long to wait for the scheduler and its first worker.

    Raises:
        MissingExtraError: Dask is not installed.
        LostClusterError: no scheduler answers there, or it has no workers.
    """

    def __init__(
        self,
        address: str,
        assign: Callable[[int], Assignment],
        modules: tuple[str, ...],
        *,
        key: str,
        limit_s: float,
        patience_s: float = 60.0,
    ) -> None:
        self._distributed = load_extra("distributed", extra="dask")
        self._assign, self._modules, self._key, self._limit_s = assign, modules, key, limit_s
        try:
            self._cluster: Any = self._distributed.Client(address, timeout=patience_s, set_as_default=False)
            self._cluster.wait_for_workers(1, timeout=patience_s)
        except (OSError, TimeoutError, TypeError, ValueError) as error:
            raise LostClusterError(f"no Dask cluster at {address}: {error}") from error
        self._places: dict[int, str] = {}
        self._set_up: set[int] = set()
        self._asked: dict[Any, int] = {}
        self._count = 0

    def send(self, client: int, order: bytes) -> None:
        """Send an order. See `Clients.send`."""
        known = self._workers()
        place = self._places.get(client, "")
        if place not in known:
            place = self._places[client] = known[client % len(known)]
        self._count += 1
        future = self._cluster.submit(
            _exchange,
            self._key,
            client,
            None if client in self._set_up else self._assign(client),
            self._modules,
            order,
            self._limit_s,
            workers=[place],
            allow_other_workers=False,
            pure=False,
            key=f"nru-{self._key[:16]}-{client}-{self._count}",
        )
        self._asked[future] = client
        self._set_up.add(client)

    def next(self) -> tuple[int, bytes]:
        """Wait for the next answer. See `Clients.next`; LostClusterError where the scheduler has gone."""
        known, looked = self._workers(), time.monotonic()
        while True:
            for future, client in list(self._asked.items()):
                if future.done() or self._places[client] not in known:
                    del self._asked[future]
                    answer = _answer_of(future) if future.done() else b""
                    if not answer:
                        future.cancel()
                        self._set_up.discard(client)
                    return client, answer
            time.sleep(_PAUSE_S)
            if time.monotonic() > looked + _LOOK_S:
                known, looked = self._workers(), time.monotonic()

    def close(self, *, forget: bool) -> None:
        """End all clients. See `Clients.close`."""
        with suppress(OSError):  # they have gone before
            self._cluster.run(_release, self._key, str(self._assign(0).folder) if forget else "")
        self._cluster.close()

    def _workers(self) -> list[str]:
        """Addresses of the workers that there are, sorted."""
        try:
            known = sorted(self._cluster.scheduler_info(n_workers=-1)["workers"])
        except OSError as error:
            raise LostClusterError(_GONE) from error
        if not known:
            raise LostClusterError("the Dask cluster has no workers left")
        return known


def _answer_of(future: Any) -> bytes:
    """Give the answer of an exchange; none where its worker died."""
    try:
        answer: bytes = future.result()
    except Exception:
        return b""
    return answer


# ---- On a worker of the cluster ----

_lock = threading.Lock()
_nurseries: dict[tuple[str, ...], tuple[Nursery, PrivateDirectory]] = {}
_lines: dict[tuple[str, int], Line] = {}


def _exchange(
    key: str,
    client: int,
    assignment: Assignment | None,
    modules: tuple[str, ...],
    order: bytes,
    limit_s: float,
) -> bytes:
    """Hand an order to a client's process here, which an assignment starts; its answer, or none."""
    name = key, client
    with _lock:
        line = _lines[name] if assignment is None else _start(name, assignment, modules, limit_s)
    try:
        line.pipe.send_bytes(order)
        if line.pipe.poll(limit_s):
            return line.pipe.recv_bytes()
    except (EOFError, OSError):
        pass
    _lines.pop(name).end()
    return b""


def _start(name: tuple[str, int], assignment: Assignment, modules: tuple[str, ...], limit_s: float) -> Line:
    if name in _lines:
        _lines.pop(name).end()
    if modules not in _nurseries:
        place = PrivateDirectory("nru-clients-")
        _nurseries[modules] = Nursery(modules, place.path, limit_s), place
        atexit.register(_end_nursery, modules)
    _lines[name] = _nurseries[modules][0].bear(assignment)
    return _lines[name]


def _end_nursery(modules: tuple[str, ...]) -> None:
    nursery, place = _nurseries.pop(modules)
    nursery.end()
    place.remove()


def _release(key: str, folder: str) -> None:
    """End a training's clients here, and drop their states where a folder is named."""
    for name in [name for name in _lines if name[0] == key]:
        _lines.pop(name).end()
    if folder:
        shutil.rmtree(Path(folder), ignore_errors=True)
