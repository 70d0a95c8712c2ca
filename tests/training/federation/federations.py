# SPDX-License-Identifier: GPL-2.0-only
"""Federations that take seconds: little is learnt, in small halls."""

import dataclasses
from collections import deque
from pathlib import Path
from typing import Any

from pyagents.training.federation.client import Client
from pyagents.training.federation.clients import Assign
from pyagents.training.federation.coordinator import Coordinator
from pyagents.training.federation.message import Order
from pyagents.training.federation.settings import Federation
from pyagents.training.training import Training
from tests.training.trainings import SMALL, make_training

HALLS = tuple(dataclasses.replace(SMALL, n_ues=number) for number in (8, 6, 4))
"""One for each client, of several sizes."""


class InProcess:
    """Clients without processes of their own: what they come to has to be the same."""

    def __init__(self, assign: Assign) -> None:
        self._assign, self._clients = assign, dict[int, Client]()
        self._answers = deque[tuple[int, bytes]]()
        self.orders: list[tuple[int, Order]] = []
        self.answered: list[bytes] = []
        self.dies: set[tuple[int, int]] = set()
        """Clients that end in the middle of a round, with its number."""

    def send(self, client: int, order: bytes) -> None:
        told = Order.decode(order)
        self.orders.append((client, told))
        if told.do == "learn" and (client, told.round) in self.dies:
            self._clients.pop(client, None)
            self._answers.append((client, b""))
            return
        if client not in self._clients:
            self._clients[client] = Client(self._assign(client))
        self._answers.append((client, self._clients[client].carry_out(told).encode()))

    def next(self) -> tuple[int, bytes]:
        client, answer = self._answers.popleft()
        self.answered.append(answer)
        return client, answer

    def close(self, *, forget: bool) -> None:
        self._clients.clear()


def make_federation(seed: int = 1, training: dict[str, Any] | None = None, **changes: Any) -> Training:
    """Make a federated training of three clients."""
    federation = Federation(**({"clients": 3, "fraction": 1.0} | changes))
    given: dict[str, Any] = {"scenarios": HALLS, "federation": federation} | (training or {})
    return make_training("dqn-mlb", seed, **given)


def coordinate(folder: Path, **changes: Any) -> tuple[Coordinator, InProcess]:
    """Make a coordinator with clients in this process."""
    reached: list[InProcess] = []

    def reach(assign: Assign) -> InProcess:
        reached.append(InProcess(assign))
        return reached[0]

    return Coordinator(make_federation(**changes), folder=folder, make_clients=reach), reached[0]
