# SPDX-License-Identifier: GPL-2.0-only
"""The coordinator: lets clients learn, round by round, and averages what they send. It sees no data."""

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pyagents.core.agent import Agent
from pyagents.core.families import find_family
from pyagents.core.family import load_place
from pyagents.core.scenario import Scenario
from pyagents.core.tensors import Arrays, encode_tensors
from pyagents.training.federation.averaging import average
from pyagents.training.federation.client import Assignment, Member
from pyagents.training.federation.clients import Assign, Clients
from pyagents.training.federation.message import COUNTS, Answer, Order
from pyagents.training.registry import make_learner
from pyagents.training.training import Training

MAX_SILENT_ROUNDS = 3
"""Rounds without an answer of anybody after which a federation is given up."""

MakeClients = Callable[[Assign], Clients]


class Coordinator:
    """A `Learner` whose iteration is a round of a federation.

    Args:
        training: with a federation.
        weights: file of weights that all begin with; empty: chance.
        folder: for the states of clients, where each of them is.
        make_clients: makes what reaches them.

    Raises:
        ValueError: the learner's weights cannot be averaged, or there is nothing to deal out among clients.
    """

    def __init__(
        self, training: Training, weights: str = "", *, folder: Path, make_clients: MakeClients
    ) -> None:
        assert training.federation is not None
        self._training, self._federation = training, training.federation
        self.parts = deal_out(training)
        """Situations of each client."""
        self._model = make_member(training, weights)
        self.form = self._model.form
        self._global = dict(self._model.numbers())
        self._begin = encode_tensors(self._global, {})
        self._folder, self._clients = folder, make_clients(self._assign)
        self._rng = np.random.default_rng([training.seed, 2])
        self._round = self._kept = self._silent = 0
        self._begun: set[int] = set()
        self._shown: dict[int, Arrays] = {}
        self.processor_s = 0.0
        """Processor time of all clients since the beginning here, s."""

    def improve(self) -> Mapping[str, float]:
        """Do one round: those who take part learn from the common weights, and what they send is averaged."""
        federation, model = self._federation, self._global
        self._round += 1
        self._shown = {}
        asked = [0]
        if federation.scheme != "central":
            drawn = self._rng.choice(federation.clients, federation.participants, replace=False)
            asked = sorted(drawn.tolist())
        order = Order(do="learn", round=self._round, weights=self._shared()).encode()
        answers, up_bytes = self._ask(asked, order)
        self._silent = 0 if answers else self._silent + 1
        if self._silent == MAX_SILENT_ROUNDS:
            raise RuntimeError(f"no client has answered for {MAX_SILENT_ROUNDS} rounds")
        sent = [answer for _, answer in sorted(answers.items()) if answer.weights]
        if sent:
            equal = federation.is_private  # what one client can change must not hang on how much it has
            samples = [1.0 if equal else float(answer.samples) for answer in sent]
            self._global = {**model, **average([answer.weights for answer in sent], samples)}
        raw = self._model.sample_bytes if federation.scheme == "central" else 0
        told = _gathered(list(answers.values()))
        return {
            **told,
            "clients": float(len(answers)),
            "lost": float(len(asked) - len(answers)),
            "down_bytes": float(len(order) * len(asked)),
            "up_bytes": float(up_bytes),
            "raw_bytes": told["samples"] * raw,
        }

    def begin_with(self, weights: Arrays) -> None:
        """Go on from weights that were learnt elsewhere."""
        self._global = dict(weights)
        self._begin = encode_tensors(weights, {})

    def agents(self) -> list[Callable[[], Agent]]:
        """List what makes the agent of each client, to be validated in its own situations: `parts`."""
        known = self._networks()
        return [
            partial(self._agent_of, known[client if len(known) > 1 else 0])
            for client in range(len(self.parts))
        ]

    def agent(self) -> Agent:
        """Give the agent of the first client."""
        return self.agents()[0]()

    def weights(self) -> Arrays:
        """Give the common weights; where each client has its own, all of them: `NUMBER/NAME`."""
        known = self._networks()
        if len(known) == 1:
            return known[0]
        return {f"{client}/{name}": value for client in known for name, value in known[client].items()}

    def state(self) -> tuple[Arrays, dict[str, Any]]:
        """Have each client keep its own state, and give the rest."""
        keep = Order(do="keep", round=self._round, forget=self._kept).encode()
        self._insist(sorted(self._begun), keep)
        self._kept = self._round
        counts = {
            "round": self._round,
            "rng": copy.deepcopy(self._rng.bit_generator.state),
            "begun": sorted(self._begun),
            "silent": self._silent,
        }
        return self._global, counts

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave; clients take theirs when they start."""
        self._global = dict(arrays)
        self._round = self._kept = counts["round"]
        self._rng.bit_generator.state = counts["rng"]
        self._begun, self._silent = set(counts["begun"]), counts["silent"]

    def close(self, *, forget: bool) -> None:
        """End all clients; drop their states, too, where nobody will go on."""
        self._clients.close(forget=forget)

    # ---- Clients ----

    def _assign(self, client: int) -> Assignment:
        """Set up a client: with its own scenarios, and nothing of the others'."""
        federation, training = self._federation, self._training
        is_central = federation.scheme == "central"
        part = tuple(dict.fromkeys(sum(self.parts, ()))) if is_central else self.parts[client]
        seed = int(np.random.SeedSequence([training.seed, client]).generate_state(1)[0])
        spread = np.sqrt(federation.participants)
        return Assignment(
            training=dataclasses.replace(training, scenarios=part, seed=seed, weights=""),
            number=client,
            iterations=federation.local_iterations * (federation.participants if is_central else 1),
            deviation=float(federation.noise * federation.clip / spread),
            begin=self._begin,
            folder=self._folder,
            kept=self._kept,
        )

    def _shared(self) -> Arrays:
        """The weights that are sent to clients and come back changed."""
        match self._federation.scheme:
            case "federated":
                return self._global
            case "personalised":
                own = self._model.head
                return {name: value for name, value in self._global.items() if name not in own}
            case _:
                return {}

    def _networks(self) -> dict[int, Arrays]:
        """The weights by client; of a federation whose clients all have the same, once."""
        if self._federation.scheme == "federated":
            return {0: self._global}
        if not self._shown:
            show = Order(do="show", round=self._round).encode()
            answers = self._insist(range(self._federation.parties), show)
            shown = {client: {**self._global, **answers[client].weights} for client in sorted(answers)}
            self._shown = {client: {**own, **self._shared()} for client, own in shown.items()}
        return self._shown

    def _agent_of(self, weights: Arrays) -> Agent:
        self._model.begin_with(weights)
        return self._model.agent()

    def _ask(self, clients: Sequence[int], order: bytes) -> tuple[dict[int, Answer], int]:
        """Send an order to clients; the answers of those that live, and how many bytes these had."""
        for client in clients:
            self._begun.add(client)
            self._clients.send(client, order)
        answers, length = {}, 0
        for _ in clients:
            client, content = self._clients.next()
            if content:
                answers[client] = Answer.decode(content)
                length += len(content)
                if error := answers[client].error:
                    raise RuntimeError(f"client {client}: {error}")
        self.processor_s += sum(answer.processor_s for answer in answers.values())
        return answers, length

    def _insist(self, clients: Sequence[int], order: bytes) -> dict[int, Answer]:
        """Send an order that no client may be left out of: one that ends is started and asked once more."""
        answers, _ = self._ask(clients, order)
        if lost := [client for client in clients if client not in answers]:
            answers |= self._ask(lost, order)[0]
        if len(answers) < len(clients):
            raise RuntimeError(f"clients {sorted(set(clients) - set(answers))} end as soon as they are asked")
        return answers


def make_member(training: Training, weights: str = "") -> Member:
    """Make a learner whose weights can be averaged; ValueError where they cannot."""
    made: Any = make_learner(training, weights)
    if not hasattr(made, "join"):
        raise ValueError(f"agent {training.agent!r} cannot be federated: its learner has no weights to share")
    member: Member = made
    return member


def deal_out(training: Training) -> list[tuple[Scenario, ...]]:
    """Tell which situations are whose: as the family says, or in turn.

    Raises ValueError where there are none, or clients cannot be made of them.
    """
    federation = training.federation
    assert federation is not None
    place = find_family(training.family).learners[training.agent].clients
    if place:
        parts: list[tuple[Scenario, ...]] = load_place(place)(
            training.scenarios, federation.clients, np.random.default_rng([training.seed, 4])
        )
        return parts
    if not training.scenarios:
        raise ValueError("scenarios='' is not allowed: name what is dealt out among the clients")
    given = training.scenarios
    return [(given[client % len(given)],) for client in range(federation.clients)]


def _gathered(answers: Sequence[Answer]) -> dict[str, float]:
    """Sums of what clients count, means of all else they tell."""
    names = dict.fromkeys(name for answer in answers for name in answer.row)
    known = {name: [answer.row[name] for answer in answers if name in answer.row] for name in names}
    told = {
        name: float(np.sum(values) if name in COUNTS else np.mean(values)) for name, values in known.items()
    }
    return {"steps": 0.0, "samples": 0.0, **told}
