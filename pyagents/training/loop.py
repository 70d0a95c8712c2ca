# SPDX-License-Identifier: GPL-2.0-only
"""The loop around every learner: iterations, validation, early stop, checkpoints."""

import json
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from pyagents.core.agent import Agent
from pyagents.core.files import write_whole
from pyagents.core.tensors import Arrays, WeightsError, encode_tensors, load_tensors, part_of
from pyagents.core.weights import WeightsForm
from pyagents.training.training import Schedule

_KIND, _VERSION = "nru-checkpoint", "2"

Row = Mapping[str, float]


class Learner(Protocol):
    """Something that gets better by the iteration, and can be put away and taken up again.

    A family's `LearnerRef` names a class with these methods, whose constructor takes `config`, and by name
    `seed`, `scenarios` and `make_batch`: see `pyagents.training.registry.make_learner`.
    """

    form: WeightsForm
    """Form of the weights that it learns."""

    def improve(self) -> Row:
        """Do one iteration; tell numbers of it by name, among them `steps`: decision steps that it played."""
        ...

    def begin_with(self, weights: Arrays) -> None:
        """Go on from weights that were learnt elsewhere, those of its agent."""
        ...

    def agent(self) -> Agent:
        """Give what it has learnt, to be validated."""
        ...

    def weights(self) -> Arrays:
        """Give the same as arrays."""
        ...

    def state(self) -> tuple[Arrays, dict[str, Any]]:
        """Give all that it takes to go on: arrays, and what JSON can hold."""
        ...

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        ...


class Loop:
    """A learner on its way. It begins where its checkpoint ends, if there is one.

    Args:
        learner: a fresh one.
        schedule: how long.
        score: of what the learner has come to, lower is better.
        checkpoint: file that all is kept in after each validation.
        key: of the training; a checkpoint of another one, or a damaged one, is as good as none.
        processor_s: tells the processor time that was spent so far, s.
    """

    def __init__(
        self,
        learner: Learner,
        *,
        schedule: Schedule,
        score: Callable[[], float],
        checkpoint: Path,
        key: str,
        processor_s: Callable[[], float] = time.process_time,
    ) -> None:
        self.learner, self.schedule, self.checkpoint = learner, schedule, checkpoint
        self._score, self._key, self._processor_s = score, key, processor_s
        self.rows: list[dict[str, float]] = []
        self.times: list[dict[str, float]] = []
        """After each validation: iteration, wall and processor time since the beginning, s."""
        self.best = math.inf
        self.best_weights: Arrays = {}
        self._worse = 0
        self._start = (time.monotonic(), processor_s())
        self._resume()

    @property
    def iteration(self) -> int:
        """Iterations done."""
        return len(self.rows)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.iteration >= self.schedule.iterations or self._worse >= self.schedule.patience

    def advance(self) -> dict[str, float]:
        """Do one iteration, with what is due of validation and checkpoint; its row; ValueError for NaN."""
        row = {"iteration": self.iteration + 1.0, **self.learner.improve()}
        self.rows.append(row)
        if self.iteration % self.schedule.validate_every == 0 or self.iteration == self.schedule.iterations:
            row["validation"] = self._score()
            if not math.isfinite(row["validation"]):
                raise ValueError(
                    f"validation={row['validation']} says nothing: the situations are too short or too calm"
                )
            if row["validation"] < self.best:
                self.best, self._worse = row["validation"], 0
                self.best_weights = dict(self.learner.weights())
            else:
                self._worse += 1
            self._save()
        return row

    def _save(self) -> None:
        wall, processor = self._start
        spent = {"wall_s": time.monotonic() - wall, "processor_s": self._processor_s() - processor}
        self.times.append({"iteration": float(self.iteration), **spent})
        arrays, counts = self.learner.state()
        state = {
            "learner": counts,
            "rows": self.rows,
            "times": self.times,
            "best": self.best,
            "worse": self._worse,
        }
        facts = {"kind": _KIND, "version": _VERSION, "training": self._key, "state": json.dumps(state)}
        named = {f"learner/{name}": value for name, value in arrays.items()}
        named |= {f"best/{name}": value for name, value in self.best_weights.items()}
        write_whole(self.checkpoint, encode_tensors(named, facts))

    def _resume(self) -> None:
        try:
            arrays, facts = load_tensors(self.checkpoint)
        except WeightsError:
            return
        if (facts.get("kind"), facts.get("version"), facts.get("training")) != (_KIND, _VERSION, self._key):
            return
        state = json.loads(facts["state"])
        self.learner.restore(part_of(arrays, "learner/"), state["learner"])
        self.best_weights = part_of(arrays, "best/")
        self.rows, self.times = state["rows"], state["times"]
        self.best, self._worse = state["best"], state["worse"]
        wall, processor = self._start
        self._start = (wall - self.times[-1]["wall_s"], processor - self.times[-1]["processor_s"])
