# SPDX-License-Identifier: GPL-2.0-only
"""What a training took, as metrics beside those of runs: `training_...` in experiments and claims."""

import dataclasses
from collections.abc import Mapping
from itertools import accumulate

from pyagents.core.family import Family
from pyagents.core.metrics import Metric
from pyagents.core.names import suggest
from pyagents.training.record import TrainingRecord

_TO_TARGET = (
    Metric(name="training_rounds", label="iterations to the target", form=".0f"),
    Metric(name="training_steps", label="environment steps to the target", form=".0f"),
    Metric(name="training_gradient_steps", label="gradient steps to the target", form=".0f"),
    Metric(name="training_processor_s", label="processor time to the target", unit="s", form=".0f"),
    Metric(name="training_bytes", label="weights sent to the target", unit="MB", form=".2f", factor=1e-6),
    Metric(name="training_raw_bytes", label="raw data that left clients", unit="MB", form=".2f", factor=1e-6),
    Metric(name="training_round_bytes", label="weights sent a round", unit="MB", form=".3f", factor=1e-6),
    Metric(name="training_best", label="best validation", form=".4f"),
)

EFFORT: Mapping[str, Metric] = {
    **{metric.name: dataclasses.replace(metric, better="lower", over="") for metric in _TO_TARGET},
    "training_reached": Metric(
        name="training_reached", label="trainings that reach the target", better="higher", form=".2f", over=""
    ),
}
"""Numbers of a training by name. A training that never reaches the target counts with all that it took."""


def measure_effort(record: TrainingRecord, target: float) -> dict[str, float]:
    """Measure what a training took until its validation was at most the target, or all of it."""
    rows = record.rows
    validated = [number for number, row in enumerate(rows) if "validation" in row]
    reached = next((number for number in validated if rows[number]["validation"] <= target), None)
    end = validated[-1] if reached is None else reached
    sums = {
        name: list(accumulate(row.get(name, 0.0) for row in rows))
        for name in ("steps", "gradient_steps", "down_bytes", "up_bytes", "raw_bytes")
    }
    sent = sums["down_bytes"][end] + sums["up_bytes"][end]
    return {
        "training_rounds": end + 1.0,
        "training_steps": sums["steps"][end],
        "training_gradient_steps": sums["gradient_steps"][end],
        "training_processor_s": record.spent(end + 1)["processor_s"],
        "training_bytes": sent,
        "training_raw_bytes": sums["raw_bytes"][end],
        "training_round_bytes": sent / (end + 1),
        "training_reached": float(reached is not None),
        "training_best": record.facts["best_validation"],
    }


def find_metric(name: str, family: Family) -> Metric:
    """Find a metric of a family's runs, or of its trainings; ValueError without one."""
    known = {**family.metrics.table, **EFFORT}
    if name not in known:
        raise ValueError(f"metric={name!r} is unknown: {suggest(name, known)}")
    return known[name]
