# SPDX-License-Identifier: GPL-2.0-only
"""A client: learns by itself from what it alone sees, and tells its coordinator nothing but weights."""

import json
import time
import traceback
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pyagents.core.files import write_whole
from pyagents.core.simulator import BatchSimulator
from pyagents.core.tensors import Arrays, WeightsError, decode_tensors, encode_tensors, load_tensors
from pyagents.training.federation.averaging import add_noise, bound_change
from pyagents.training.federation.message import COUNTS, Answer, Order
from pyagents.training.loop import Learner
from pyagents.training.registry import make_learner
from pyagents.training.training import Training

SEEDS = 1_000_000
"""Number of the simulator's seeds that a client has for itself."""


class Member(Learner, Protocol):
    """A learner whose weights can be averaged with those of others. Its rows tell `samples`: transitions."""

    head: Collection[str]
    """Names of the weights of the last layer."""
    sample_bytes: int
    """Length of a transition that it learns from."""

    def numbers(self) -> Arrays:
        """Give the weights as they are."""
        ...

    def join(self, weights: Arrays, pull: float) -> None:
        """Go on from some or all weights, and stay near them: by mu / 2 ||w - w0||^2, mu being the pull."""
        ...


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What a client is set up with."""

    training: Training
    """The training, with the scenarios of this client alone, and a seed of its own."""
    number: int
    """Number of the client, from 0."""
    iterations: int
    """Iterations of its learner in a round."""
    deviation: float
    """Standard deviation of the noise that it adds to each weight that it sends."""
    begin: bytes
    """Weights that it begins with, a safetensors file."""
    folder: Path
    """Folder, where the client is, for its states."""
    kept: int
    """Round that it goes on after; 0: it begins."""


class OwnWorld:
    """A simulator of many runs of which no other client sees one: seeds are shifted to the client's own."""

    def __init__(self, batch: BatchSimulator, number: int) -> None:
        self._batch, self._first = batch, number * SEEDS

    def reset(self, scenario: Any, seeds: Sequence[int]) -> Any:
        """See `BatchSimulator.reset`."""
        return self._batch.reset(scenario, [self._first + seed for seed in seeds])

    def step(self, action: Any) -> Any:
        """See `BatchSimulator.step`."""
        return self._batch.step(action)

    @property
    def done(self) -> bool:
        """See `BatchSimulator.done`."""
        return self._batch.done

    def close(self) -> None:
        """See `BatchSimulator.close`."""
        self._batch.close()


class Client:
    """A client on its way; it goes on after the round that its assignment names, where its state is there."""

    def __init__(self, assignment: Assignment) -> None:
        self._is = assignment
        training, number = assignment.training, assignment.number
        assert training.federation is not None
        self._federation = training.federation
        learner: Any = make_learner(training, world=lambda batch: OwnWorld(batch, number))
        self._learner: Member = learner
        self._learner.begin_with(decode_tensors(assignment.begin)[0])
        self._restore()

    def carry_out(self, order: Order) -> Answer:
        """Do what the coordinator asks for."""
        start = time.process_time()
        if order.do == "keep":
            self._keep(order)
            return Answer()
        if order.do == "show":
            return Answer(weights=self._learner.numbers())
        if order.weights:
            self._learner.join(order.weights, self._federation.mu)
        rows = [self._learner.improve() for _ in range(self._is.iterations)]
        return Answer(
            weights=self._share(order),
            samples=int(sum(row["samples"] for row in rows)),
            row=_summed(rows),
            processor_s=time.process_time() - start,
        )

    def _share(self, order: Order) -> Arrays:
        """What is sent of the weights that the round began with: bounded and noisy where asked for."""
        now, federation = self._learner.numbers(), self._federation
        shared: Arrays = {name: now[name] for name in order.weights}
        if federation.clip:
            shared = bound_change(order.weights, shared, federation.clip)
        if self._is.deviation:
            rng = np.random.default_rng([self._is.training.seed, 3, order.round])
            shared = add_noise(shared, self._is.deviation, rng)
        return shared

    def _path(self, after: int) -> Path:
        return self._is.folder / f"{self._is.number}-{after}"

    def _keep(self, order: Order) -> None:
        """Put away all that it takes to go on, and drop what is needed no longer."""
        arrays, counts = self._learner.state()
        write_whole(self._path(order.round), encode_tensors(arrays, {"state": json.dumps(counts)}))
        for path in self._is.folder.glob(f"{self._is.number}-[0-9]*"):
            if int(path.name.partition("-")[2]) < order.forget:
                with suppress(OSError):
                    path.unlink()

    def _restore(self) -> None:
        """Go on where it was put away; a client whose state is lost begins anew."""
        if self._is.kept:
            with suppress(WeightsError):
                arrays, facts = load_tensors(self._path(self._is.kept))
                self._learner.restore(arrays, json.loads(facts["state"]))


def serve(pipe: Connection) -> None:
    """Be the client that the first message assigns, until the line closes."""
    assignment: Assignment = pipe.recv()
    client: Client | None = None
    while True:
        order = Order.decode(pipe.recv_bytes())
        try:
            client = client or Client(assignment)
            answer = client.carry_out(order)
        except Exception:
            answer = Answer(error=traceback.format_exc())
        pipe.send_bytes(answer.encode())


def _summed(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Sums of what is counted, means of all else."""
    names = dict.fromkeys(name for row in rows for name in row)
    known = {name: [row[name] for row in rows if name in row] for name in names}
    return {
        name: float(np.sum(values) if name in COUNTS else np.mean(values)) for name, values in known.items()
    }
