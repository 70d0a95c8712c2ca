# SPDX-License-Identifier: GPL-2.0-only
"""Runs that come to what a test wants."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from pyagents.core.metrics import Metrics
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.experiment import Experiment, Value
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.plan import Plan
from pyagents.runs.record import encode
from pyagents.runs.rollout import Rollout, Row
from pyagents.runs.store import Store
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.metric_table import METRICS

AGENTS = (Contender(name="gt-rl", label="GT-RL"), Contender(name="qa-lb", label="QA-LB"))

Level = Callable[[str, Value, int], float]
"""Of agent, value of the swept field or variant, and seed."""


def outcomes_of(
    experiments: Sequence[Experiment],
    folder: Path,
    value: Level,
    *,
    seeds: int = 10,
    agents: Sequence[Contender] = AGENTS,
    series: Callable[[str, int], Sequence[float]] = lambda agent, seed: (),
) -> Outcomes:
    """Outcomes in which every metric of every run is `value`, and `load_std` goes along `series`."""
    plan = Plan(
        experiments=experiments,
        contenders=agents,
        left_out={Contender(name="dqn-mlb", label="DQN-MLB"): "there is no library for it"},
        seeds=range(1, seeds + 1),
        simulator="mock",
        quick=False,
    )
    store = Store(folder)
    for (_, agent, x, seed), run in plan.runs.items():
        level = value(agent, x, seed)
        steps = run.scenario.steps + 1
        line = series(agent, seed) or [level] * steps
        rows: list[Row] = [
            {"step": step, "load_std": line[min(step, len(line) - 1)]} for step in range(steps)
        ]
        store.put(run.key, encode(run, Rollout(rows=rows), metrics=_summing_up_to(level)))
    return Outcomes(plan, store)


def _summing_up_to(level: float) -> Metrics:
    summary = dict.fromkeys(METRICS, level) | {
        "offered_bytes": 10.0,
        "delivered_bytes": 7.0,
        "dropped_bytes": 2.0,
        "queued_bytes": 1.0,
        "ping_pong_share": math.nan,
    }
    return dataclasses.replace(FAMILY.metrics, summary=lambda rows: summary)
