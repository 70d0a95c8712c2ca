# SPDX-License-Identifier: GPL-2.0-only
"""The loop around every learner: iterations, validation, early stop, checkpoints, the curve."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pyagents.core.agent import Agent
from pyagents.core.files import to_csv, write_whole
from pyagents.core.tensors import Arrays, WeightsError, load_tensors, part_of, save_tensors
from pyagents.core.weights import WeightsForm

CHECKPOINT, WEIGHTS, CURVE = "checkpoint.safetensors", "weights.safetensors", "curve.csv"
_CHECKPOINT_KIND = "nru-checkpoint"
_CHECKPOINT_VERSION = "1"

Row = Mapping[str, float]


class Learner(Protocol):
    """Something that gets better by the iteration, and can be put away and taken up again."""

    form: WeightsForm
    """Form of the weights that it learns."""

    def improve(self) -> Row:
        """One iteration; tells numbers of it by name."""
        ...

    def begin_with(self, weights: Arrays) -> None:
        """Go on from weights that were learnt elsewhere, those of its agent."""
        ...

    def agent(self) -> Agent:
        """What it has learnt, to be validated."""
        ...

    def weights(self) -> Arrays:
        """The same as arrays."""
        ...

    def state(self) -> tuple[Arrays, dict[str, Any]]:
        """All that it takes to go on: arrays, and what JSON can hold."""
        ...

    def restore(self, arrays: Arrays, counts: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        ...


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long to train, and how to tell."""

    iterations: int = 300
    """At most."""
    validate_every: int = 15
    """Iterations between validations, each with a checkpoint."""
    validation_halls: int = 8
    """Seeds of a validation, in each situation of the objective."""
    patience: int = 8
    """Validations without a better one until training stops."""

    def __post_init__(self) -> None:
        for name in ("iterations", "validate_every", "validation_halls", "patience"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)!r} is not allowed: must be at least 1")


class Training:
    """A learner on its way.

    Args:
        learner: fresh; `resume` takes it to where it was.
        settings: of learner and schedule as text; a checkpoint of other settings is not resumed.
        schedule: how long.
        folder: where weights, checkpoint and curve go.
        score: of an agent, lower is better.
    """

    def __init__(
        self,
        learner: Learner,
        *,
        settings: Mapping[str, Any],
        schedule: Schedule,
        folder: Path,
        score: Callable[[Callable[[], Agent]], float],
    ) -> None:
        self.learner, self.schedule, self.folder = learner, schedule, folder
        self._settings = json.dumps(settings, sort_keys=True)
        self._score = score
        self.rows: list[dict[str, float]] = []
        self.best = math.inf
        self._best_weights: dict[str, Any] = {}
        self._worse = 0

    @property
    def iteration(self) -> int:
        """Iterations done."""
        return len(self.rows)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return self.iteration >= self.schedule.iterations or self._worse >= self.schedule.patience

    def advance(self) -> dict[str, float]:
        """One iteration, a validation if one is due, and the files that go with it. Returns its row."""
        row = {"iteration": self.iteration + 1.0, **self.learner.improve()}
        self.rows.append(row)
        if self.iteration % self.schedule.validate_every == 0 or self.iteration == self.schedule.iterations:
            row["validation"] = self._score(self.learner.agent)
            if row["validation"] < self.best:
                self.best, self._worse = row["validation"], 0
                self._best_weights = dict(self.learner.weights())
            else:
                self._worse += 1
            self.save()
        return row

    def save(self) -> None:
        """Write the best weights so far, the curve, and the checkpoint."""
        facts = {
            "kind": self.learner.form.kind,
            "version": str(self.learner.form.version),
            "settings": self._settings,
            "validation": repr(self.best),
        }
        save_tensors(self.folder / WEIGHTS, self._best_weights, facts)
        write_whole(self.folder / CURVE, _curve(self.rows))
        arrays, counts = self.learner.state()
        best = {f"best/{name}": value for name, value in self._best_weights.items()}
        state = {"learner": counts, "rows": self.rows, "best": self.best, "worse": self._worse}
        save_tensors(
            self.folder / CHECKPOINT,
            {f"learner/{name}": value for name, value in arrays.items()} | best,
            {
                "kind": _CHECKPOINT_KIND,
                "version": _CHECKPOINT_VERSION,
                "settings": self._settings,
                "state": json.dumps(state),
            },
        )

    def resume(self) -> None:
        """Go back to the last checkpoint in the folder.

        Raises:
            WeightsError: there is none, or it is of another version or of other settings.
        """
        path = self.folder / CHECKPOINT
        arrays, facts = load_tensors(path)
        if (facts.get("kind"), facts.get("version")) != (_CHECKPOINT_KIND, _CHECKPOINT_VERSION):
            raise WeightsError(
                f"checkpoint {path}: {facts.get('kind')} version {facts.get('version')}, expected "
                f"{_CHECKPOINT_KIND} version {_CHECKPOINT_VERSION}"
            )
        if facts.get("settings") != self._settings:
            raise WeightsError(
                f"checkpoint {path}: made with other settings, {facts.get('settings')}; now {self._settings}"
            )
        state = json.loads(facts["state"])
        self.learner.restore(part_of(arrays, "learner/"), state["learner"])
        self._best_weights = part_of(arrays, "best/")
        self.rows, self.best, self._worse = state["rows"], state["best"], state["worse"]


def _curve(rows: list[dict[str, float]]) -> str:
    """A row an iteration; NaN where nothing was measured."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return to_csv([{name: row.get(name, math.nan) for name in names} for row in rows])
