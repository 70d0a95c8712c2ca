# SPDX-License-Identifier: GPL-2.0-only
"""Trainings are kept by their content, go on where they were killed, and runs wait for their weights."""

import dataclasses
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from pyagents.core.tensors import load_tensors
from pyagents.runs.needs import WEIGHTS
from pyagents.runs.run import Run
from pyagents.runs.store import Store
from pyagents.runs.sweep import find_missing
from pyagents.runs.task import Task, Work, perform
from pyagents.runs.workers import LocalWorkers
from pyagents.training.record import CURVE, FACTS, decode
from pyagents.training.task import TrainingTask
from pyagents.training.training import Training
from tests.conftest import ROOT
from tests.training.trainings import (
    SCHEDULE,
    SMALL,
    contents,
    make_long_training,
    make_training,
    play,
    run_of,
)


def test_equal_trainings_share_a_key_and_any_difference_makes_another() -> None:
    key = make_training().key
    assert make_training().key == key
    others = [
        make_training(seed=2),
        make_training("dqn-mlb"),
        make_training(config=dict(make_training().config) | {"clip": 0.1}),
        make_training(schedule=dataclasses.replace(SCHEDULE, patience=3)),
        make_training(scenarios=(dataclasses.replace(SMALL, n_ues=9),)),
        make_training(scenarios=()),
        make_training(simulator="ns3"),
        make_training(weights=f"training:{key}"),
    ]
    assert len({key, *(other.key for other in others)}) == len(others) + 1


def test_a_file_of_weights_is_known_by_what_it_holds(tmp_path: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).write_bytes(content)
    one, same, other = (make_training(weights=str(tmp_path / name)) for name in "abc")
    assert one.key == same.key != other.key


def test_the_record_says_what_was_trained_and_when_it_was_at_its_best(tmp_path: Path) -> None:
    task = TrainingTask(training=make_training())
    assert play([task], tmp_path) == []
    store = Store(tmp_path / "runs")
    record = decode(task.key, store.files(task.key))
    assert record.facts["agent"] == "mappo"
    assert record.facts["scenarios"][0]["n_ues"] == 8
    assert record.facts["iterations"] == len(record.rows) == 4
    assert record.facts["steps"] == 4 * 2 * 4
    validations = {row["iteration"]: row["validation"] for row in record.rows if "validation" in row}
    assert list(validations) == [2, 4]
    best = record.facts["converged_at_iteration"]
    assert validations[best] == min(validations.values()) == record.facts["best_validation"]
    assert record.facts["converged_at_step"] == best * 2 * 4
    assert record.spent(4)["wall_s"] > record.spent(2)["wall_s"] > 0
    assert record.spent(2)["processor_s"] > 0
    _, facts = load_tensors(store.path(task.key) / WEIGHTS)
    assert facts["kind"] == "mappo"
    assert facts["validation"] == repr(record.facts["best_validation"])


@pytest.mark.parametrize("damage", [WEIGHTS, CURVE, FACTS])
def test_a_damaged_record_is_trained_again(damage: str, tmp_path: Path) -> None:
    task = TrainingTask(training=make_training())
    play([task], tmp_path)
    whole, store = contents(tmp_path), Store(tmp_path / "runs")
    assert find_missing([task], store) == []
    (store.path(task.key) / damage).write_bytes(b"{}")
    assert find_missing([task], store) == [task]
    play([task], tmp_path)
    assert contents(tmp_path) == whole


@pytest.mark.parametrize("agent", ["mappo", "dqn-mlb"])
def test_any_number_of_workers_leaves_the_same_bytes(agent: str, tmp_path: Path) -> None:
    tasks: list[Work] = [TrainingTask(training=make_training(agent, seed)) for seed in (1, 2)]
    assert play(tasks, tmp_path / "one", LocalWorkers(1)) == []
    assert play(tasks, tmp_path / "two", LocalWorkers(2)) == []
    assert len(contents(tmp_path / "one")) == 6
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


KILLED = """
import sys
from pathlib import Path
from pyagents.training.task import TrainingTask
from tests.training.trainings import make_long_training, play
play([TrainingTask(training=make_long_training(sys.argv[2]))], Path(sys.argv[1]))
"""


@pytest.mark.parametrize("agent", ["mappo", "dqn-mlb"])
def test_killed_in_the_middle_and_started_again_it_leaves_the_same_bytes(agent: str, tmp_path: Path) -> None:
    task = TrainingTask(training=make_long_training(agent))
    script = tmp_path / "train.py"
    script.write_text(KILLED)
    begun = Store(tmp_path / "killed" / "runs").begun(task.key)
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "killed"), agent],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        deadline = time.monotonic() + 120
        while not begun.exists() and time.monotonic() < deadline:
            time.sleep(0.005)
    finally:
        process.kill()
        process.wait()
    assert begun.exists()
    assert find_missing([task], Store(tmp_path / "killed" / "runs")) == [task]
    told: list[float] = []
    taken = task.take(Store(tmp_path / "killed" / "runs"))
    outcome = perform(taken, lambda iteration, row: told.append(row["iteration"]))
    assert outcome.error == ""
    assert told[0] > 2, "it went on from the checkpoint"
    play([task], tmp_path / "whole")
    for name in (WEIGHTS, CURVE, FACTS):
        assert outcome.files[name] == Store(tmp_path / "whole" / "runs").file(task.key, name)


def test_what_was_begun_is_gone_once_it_is_kept(tmp_path: Path) -> None:
    task = TrainingTask(training=make_training())
    play([task], tmp_path)
    assert not Store(tmp_path / "runs").begun(task.key).exists()


def test_a_damaged_checkpoint_is_as_good_as_none(tmp_path: Path) -> None:
    task, store = TrainingTask(training=make_training()), Store(tmp_path / "a" / "runs")
    store.begun(task.key).write_bytes(b"torn")
    play([task], tmp_path / "a")
    play([task], tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_runs_wait_for_the_training_that_they_take_their_weights_from(tmp_path: Path) -> None:
    training = make_training()
    runs = [run_of(training, seed) for seed in (1, 2)]
    assert play([*runs, TrainingTask(training=training)], tmp_path, LocalWorkers(3)) == []
    store = Store(tmp_path / "runs")
    config = {"weights": str(store.path(training.key) / WEIGHTS)}
    by_file = Task(run=Run(scenario=SMALL, agent="mappo", agent_config=config, simulator="mock", seed=2))
    play([by_file], tmp_path)
    assert store.load(runs[1].key).table == store.load(by_file.key).table
    assert store.load(runs[0].key).table != store.load(by_file.key).table


def test_a_training_begins_with_the_weights_of_another(tmp_path: Path) -> None:
    first = make_training()
    second = make_training(
        weights=f"training:{first.key}", schedule=dataclasses.replace(SCHEDULE, iterations=2)
    )
    tasks: list[Work] = [TrainingTask(training=training) for training in (second, first)]
    assert play(tasks, tmp_path, LocalWorkers(2)) == []
    fresh = dataclasses.replace(second, weights="")
    play([TrainingTask(training=fresh)], tmp_path)
    store = Store(tmp_path / "runs")
    assert store.file(second.key, WEIGHTS) != store.file(fresh.key, WEIGHTS)


def test_a_run_whose_training_is_nowhere_is_given_up_and_says_so(tmp_path: Path) -> None:
    (failure,) = play([run_of(make_training())], tmp_path)
    assert f"there is no {WEIGHTS} of {make_training().key[:8]}" in failure.outcome.error


def test_a_run_whose_training_fails_is_given_up_with_it(tmp_path: Path) -> None:
    broken = make_training(config=dict(make_training().config) | {"halls": -1})
    failures = play([run_of(broken), TrainingTask(training=broken)], tmp_path)
    assert len(failures) == 2
    assert any("halls=-1 is not allowed" in failure.outcome.error for failure in failures)


def test_a_worker_with_other_code_refuses() -> None:
    stale = TrainingTask(training=dataclasses.replace(make_training(), code={"learner": "0"}))
    assert "has other code than this training is of" in perform(stale).error


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"agent": "gt-rl"}, "'gt-rl' does not learn: use one of dqn-mlb, mappo"),
        ({"simulator": "ns2"}, "simulator='ns2' is not allowed: must be mock or ns3"),
    ],
)
def test_what_cannot_be_trained_is_said(changes: dict[str, Any], why: str) -> None:
    training: Training = dataclasses.replace(make_training(), code={}, **changes)
    assert why in perform(TrainingTask(training=training)).error
