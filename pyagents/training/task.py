# SPDX-License-Identifier: GPL-2.0-only
"""A training as work: any process on any machine can do it, and go on with what another one began."""

import dataclasses
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyagents.core.families import find_family
from pyagents.runs.needs import WEIGHTS, key_in
from pyagents.runs.store import LostRecordError, Store
from pyagents.runs.task import OnStep
from pyagents.training.loop import Loop
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
        loop = Loop(
            make_learner(training, weights),
            schedule=training.schedule,
            score=_score_of(training),
            checkpoint=self.checkpoint if self.checkpoint and seen else folder / FACTS,
            key=training.key,
        )
        while not loop.over:
            row = loop.advance()
            on_step(loop.iteration, row)
        return encode(training, loop)


def _score_of(training: Training) -> Callable[[MakeAgent], float]:
    """Make what validates: the family's objective, in the training's situations if it has some."""
    objective = find_objective(find_family(training.family))
    if training.scenarios:
        situations = {str(number): scenario for number, scenario in enumerate(training.scenarios)}
        objective = dataclasses.replace(objective, situations=situations)
    seeds = validation_seeds(training.schedule.validation_seeds)
    return lambda make: score(objective, make, seeds, training.simulator)
