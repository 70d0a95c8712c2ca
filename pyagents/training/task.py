# SPDX-License-Identifier: GPL-2.0-only
"""A training as work: any process on any machine can do it, and go on with what another one began."""

import dataclasses
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.runs.needs import WEIGHTS, key_in
from pyagents.runs.store import LostRecordError, Store
from pyagents.runs.task import OnStep
from pyagents.runs.workers import SILENCE_S
from pyagents.training.federation.clients import Assign, Clients, LocalClients
from pyagents.training.federation.coordinator import Coordinator
from pyagents.training.loop import Learner, Loop
from pyagents.training.objective import MakeAgent, find_objective, score
from pyagents.training.record import FACTS, decode, encode
from pyagents.training.registry import make_learner
from pyagents.training.seeds import validation_seeds
from pyagents.training.training import Training, trace_training


@dataclass(frozen=True, kw_only=True)
class TrainingTask:
    """A training to be played. See `pyagents.runs.task.Work`."""

    training: Training
    """Training that is played."""
    checkpoint: Path | None = None
    """File that it is kept in on its way, where its folder can be seen; None: nowhere."""
    begin: bytes = b""
    """Weights that the training names by `training:KEY`, as a file."""
    at_once: int = 1
    """Number of clients of a federation that work at once on this machine."""
    scheduler: str = ""
    """Address of a Dask scheduler at whose workers the clients are; empty: on this machine."""

    @property
    def key(self) -> str:
        """Key of the training."""
        return self.training.key

    @property
    def group(self) -> str:
        """Agent that is trained."""
        return f"training of {self.training.agent}"

    @property
    def label(self) -> str:
        """Agent and seed."""
        return f"{self.group}, seed {self.training.seed}"

    @property
    def cost(self) -> float:
        """About that of a run an iteration."""
        family = find_family(self.training.family)
        return family.cost(family.presets[family.default]) * self.training.schedule.iterations

    @property
    def needs(self) -> Collection[str]:
        """Key of the training whose weights it begins with, if so."""
        return [key for key in (key_in(self.training.weights),) if key]

    def is_kept(self, store: Store) -> bool:
        """Whether the store has the training's record."""
        try:
            decode(self.key, store.files(self.key))
        except (LostRecordError, ValueError):
            return False
        return True

    def take(self, store: Store) -> "TrainingTask":
        """The same with what the store has for it."""
        begin = b"".join(store.file(key, WEIGHTS) for key in self.needs)
        return dataclasses.replace(self, checkpoint=store.begun(self.key), begin=begin)

    def do(self, folder: Path, on_step: OnStep) -> Mapping[str, bytes]:
        """Train. See `Work.do`.

        Raises ValueError where the training names what does not exist, RuntimeError where the code here is
        not the training's, and whatever learner, simulator or `on_step` raise.
        """
        training, weights = self.training, self.training.weights
        here = trace_training(training) if training.code else {}
        if here != training.code:
            raise RuntimeError(f"process {os.getpid()} has other code than this training is of: {here}")
        if self.begin:
            (folder / WEIGHTS).write_bytes(self.begin)
            weights = str(folder / WEIGHTS)
        seen = self.checkpoint is not None and self.checkpoint.parent.is_dir()
        checkpoint = self.checkpoint if self.checkpoint and seen else folder / FACTS
        if training.federation:
            return self._federate(weights, checkpoint, on_step)
        learner = make_learner(training, weights)
        judge = _judge(training, training.scenarios)
        return encode(training, self._advance(learner, lambda: judge(learner.agent), checkpoint, on_step))

    def _federate(self, weights: str, checkpoint: Path, on_step: OnStep) -> Mapping[str, bytes]:
        """Train with clients; what they keep on their way is beside the checkpoint."""
        folder = checkpoint.with_name(f"{checkpoint.name}.clients")
        coordinator = Coordinator(
            self.training, weights, folder=folder.absolute(), make_clients=self._reach_clients
        )
        judges = [_judge(self.training, party) for party in coordinator.parts]
        over = False
        try:
            loop = self._advance(
                coordinator,
                lambda: float(
                    np.mean([judge(make) for judge, make in zip(judges, coordinator.agents(), strict=True)])
                ),
                checkpoint,
                on_step,
                lambda: time.process_time() + coordinator.processor_s,
            )
            files = encode(self.training, loop)
            over = True
        finally:
            coordinator.close(forget=over)
        return files

    def _reach_clients(self, assign: Assign) -> Clients:
        """Make the way to the clients: on this machine, or at the workers of a cluster."""
        place = find_family(self.training.family).learners[self.training.agent].place
        modules = (place.partition(":")[0],)
        limit_s = SILENCE_S + self.cost
        if self.scheduler:
            from pyagents.training.federation.dask_clients import DaskClients

            return DaskClients(self.scheduler, assign, modules, key=self.key, limit_s=limit_s)
        return LocalClients(assign, modules, at_once=self.at_once, limit_s=limit_s)

    def _advance(
        self,
        learner: Learner,
        score: Callable[[], float],
        checkpoint: Path,
        on_step: OnStep,
        processor_s: Callable[[], float] = time.process_time,
    ) -> Loop:
        """Go on to the end."""
        loop = Loop(
            learner,
            schedule=self.training.schedule,
            score=score,
            checkpoint=checkpoint,
            key=self.key,
            processor_s=processor_s,
        )
        while not loop.over:
            row = loop.advance()
            on_step(loop.iteration, row)
        return loop


def _judge(training: Training, scenarios: Sequence[Scenario]) -> Callable[[MakeAgent], float]:
    """Make what validates: the family's objective, in situations of the training's if it has some."""
    objective = find_objective(find_family(training.family))
    if scenarios:
        situations = {str(number): scenario for number, scenario in enumerate(scenarios)}
        objective = dataclasses.replace(objective, situations=situations)
    seeds = validation_seeds(training.schedule.validation_seeds)
    return lambda make: score(objective, make, seeds, training.simulator)
