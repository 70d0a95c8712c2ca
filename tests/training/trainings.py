# SPDX-License-Identifier: GPL-2.0-only
"""Trainings that take a second: little is learnt in a small hall."""

import dataclasses
from pathlib import Path
from typing import Any

from pyagents.runs.record import DECISIONS, LOG
from pyagents.runs.run import Run
from pyagents.runs.store import Store
from pyagents.runs.sums import SUMS
from pyagents.runs.sweep import Failure, find_missing, play_missing
from pyagents.runs.task import Task, Work
from pyagents.runs.workers import Here, Workers
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.training.record import TIMES
from pyagents.training.training import Schedule, Training, list_trainings

SMALL = dataclasses.replace(PRESETS["fig5"], n_ues=8, n_wifi_aps=0, steps=26)
SCHEDULE = Schedule(iterations=4, validate_every=2, validation_seeds=1)


def make_training(agent: str = "mappo", seed: int = 1, **changes: Any) -> Training:
    from pyagents.scenarios.indoor_factory.training.settings import DqnMlbTraining, MappoTraining

    config: Any = {
        "mappo": MappoTraining(halls=2, steps=4, epochs=1, minibatches=1),
        "dqn-mlb": DqnMlbTraining(
            halls=2, steps=16, gradient_steps=2, batch=8, replay=100, held_out=20, min_evidence=1
        ),
    }[agent]
    begun = Training(
        family="indoor-factory",
        agent=agent,
        config=dataclasses.asdict(config),
        schedule=SCHEDULE,
        scenarios=(SMALL,),
    )
    return list_trainings(dataclasses.replace(begun, **changes), [seed])[0]


def make_long_training(agent: str) -> Training:
    """One that is still far from its end after its first checkpoint."""
    return make_training(agent, schedule=dataclasses.replace(SCHEDULE, iterations=30, patience=99))


def run_of(training: Training, seed: int = 1) -> Task:
    """A run with the weights of a training."""
    config: Any = {"weights": f"training:{training.key}"}
    run = Run(scenario=SMALL, agent=training.agent, agent_config=config, simulator="mock", seed=seed)
    return Task(run=run)


def play(tasks: list[Work], folder: Path, workers: Workers | None = None) -> list[Failure]:
    """Do what is missing, in this process if no workers are given."""
    store = Store(folder / "runs")
    with workers or Here() as pool:
        return play_missing(find_missing(tasks, store), store, pool, failed=folder / "failed")


def contents(folder: Path) -> dict[str, bytes]:
    """Files of a store by name, but for those that differ each time."""
    differ = (TIMES, DECISIONS, LOG, SUMS)
    files = (path for path in sorted((folder / "runs").glob("??/*/*")) if path.name not in differ)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
