# SPDX-License-Identifier: GPL-2.0-only
"""What a training leaves: weights, its curve, and `training.json`, which says what it is and how it went.

The same training leaves the same bytes, but for `times.csv`: how long it took differs each time.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyagents.core.files import read_csv, to_csv
from pyagents.core.tensors import encode_tensors
from pyagents.runs.needs import WEIGHTS
from pyagents.training.loop import Loop
from pyagents.training.training import Training

SCHEMA = 1
"""Version of what is below. A record of another one is as good as none."""

FACTS, CURVE, TIMES = "training.json", "curve.csv", "times.csv"


@dataclass(frozen=True, kw_only=True)
class TrainingRecord:
    """Record of a training."""

    facts: Mapping[str, Any]
    """All of `training.json`: the training, and how it went."""
    curve: bytes
    """All of `curve.csv`."""
    times: bytes
    """All of `times.csv`."""

    @property
    def rows(self) -> list[dict[str, float]]:
        """Numbers of each iteration; those that were not measured are left out."""
        return [
            {name: number for name, value in row.items() if not math.isnan(number := float(value))}
            for row in read_csv(self.curve)
        ]

    def spent(self, iteration: int) -> Mapping[str, float]:
        """Wall and processor time until the validation after an iteration, `wall_s` and `processor_s`."""
        rows = ({name: float(value) for name, value in row.items()} for row in read_csv(self.times))
        return next(row for row in rows if row["iteration"] == iteration)


def encode(training: Training, loop: Loop) -> dict[str, bytes]:
    """Encode the files of a record, by name."""
    rows, form = loop.rows, loop.learner.form
    converged = next(int(row["iteration"]) for row in rows if row.get("validation") == loop.best)
    settings = {name: value for name, value in training.to_dict().items() if name != "code"}
    weights = encode_tensors(
        loop.best_weights,
        {
            "kind": form.kind,
            "version": str(form.version),
            "settings": json.dumps(settings, sort_keys=True),
            "validation": repr(loop.best),
        },
    )
    names = list(dict.fromkeys(name for row in rows for name in row))
    # A row an iteration; NaN where nothing was measured.
    curve = to_csv([{name: row.get(name, math.nan) for name in names} for row in rows]).encode()
    facts = {
        "schema": SCHEMA,
        "key": training.key,
        **training.to_dict(),
        "iterations": len(rows),
        "stopped_early": len(rows) < training.schedule.iterations,
        "best_validation": loop.best,
        "converged_at_iteration": converged,
        "converged_at_step": _steps(rows[:converged]),
        "steps": _steps(rows),
        "sha256": {WEIGHTS: _digest(weights), CURVE: _digest(curve)},
    }
    return {
        WEIGHTS: weights,
        CURVE: curve,
        FACTS: (json.dumps(facts, indent=1, allow_nan=False) + "\n").encode(),
        TIMES: to_csv(loop.times).encode(),
    }


def decode(key: str, files: Mapping[str, bytes]) -> TrainingRecord:
    """Read the files of a record back; ValueError where they are damaged or another training's."""
    try:
        facts = json.loads(files[FACTS])
        if (facts["schema"], facts["key"]) != (SCHEMA, key):
            raise ValueError(f"schema {facts['schema']}, key {facts['key'][:8]}")
        for name, digest in facts["sha256"].items():
            if _digest(files[name]) != digest:
                raise ValueError(f"{name} is not what was written")
        return TrainingRecord(facts=facts, curve=files[CURVE], times=files[TIMES])
    except (KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _steps(rows: Sequence[Mapping[str, float]]) -> int:
    return int(sum(row["steps"] for row in rows))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
