# SPDX-License-Identifier: GPL-2.0-only
"""Clients see nothing but their own, send nothing but weights, die and come back."""

import os
import pickle
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from pyagents.core.tensors import WeightsError, load_tensors, save_tensors
from pyagents.runs.needs import WEIGHTS
from pyagents.runs.store import Store
from pyagents.runs.task import perform
from pyagents.scenarios.indoor_factory.agents.dqn_mlb import WEIGHTS as FORM
from pyagents.training.federation.averaging import average
from pyagents.training.federation.clients import Assign, LocalClients
from pyagents.training.federation.coordinator import Coordinator
from pyagents.training.federation.message import Answer, Order
from pyagents.training.record import CURVE, FACTS, TIMES
from pyagents.training.task import TrainingTask
from tests.training.federation.federations import HALLS, InProcess, coordinate, make_federation
from tests.training.trainings import make_training

MODULE = ("pyagents.scenarios.indoor_factory.training.dqn_mlb",)


def same(one: Any, other: Any) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def test_processes_leave_the_bytes_that_one_process_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = TrainingTask(training=make_federation(fraction=0.6), at_once=2)
    apart = perform(task)
    assert apart.error == "", apart.details
    monkeypatch.setattr(TrainingTask, "_reach_clients", lambda self, assign: InProcess(assign))
    together = perform(task)
    for name in (WEIGHTS, CURVE, FACTS):
        assert apart.files[name] == together.files[name]
    rows = apart.files[TIMES].decode().splitlines()
    assert len(rows) == 3, "a row a validation"
    store = Store(tmp_path / "runs")
    store.put(task.key, apart.files)
    assert task.is_kept(store)


def test_one_that_was_stopped_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TrainingTask, "_reach_clients", lambda self, assign: InProcess(assign))
    for scheme in ("federated", "personalised"):
        task = TrainingTask(training=make_federation(scheme=scheme, fraction=0.6, mu=0.1))
        whole = perform(task)
        begun = task.take(Store(tmp_path / scheme))

        def stop(iteration: int, row: Any) -> None:
            if iteration == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            perform(begun, stop)
        told: list[int] = []
        again = perform(begun, lambda iteration, row, told=told: told.append(iteration))  # type: ignore[misc]
        assert told == [3, 4], "it went on from the checkpoint"
        for name in (WEIGHTS, CURVE, FACTS):
            assert again.files[name] == whole.files[name]


class Killing(LocalClients):
    """Clients of whom one is killed as soon as it has begun the second round."""

    def __init__(self, assign: Assign) -> None:
        super().__init__(assign, MODULE, at_once=3, limit_s=120)

    def send(self, client: int, order: bytes) -> None:
        super().send(client, order)
        told = Order.decode(order)
        if (told.do, told.round, client) == ("learn", 2, 1):
            os.kill(self.pids[1], signal.SIGKILL)


def test_a_client_that_is_killed_is_left_out_and_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    killed = Coordinator(make_federation(), folder=tmp_path / "a", make_clients=Killing)
    other, clients = coordinate(tmp_path / "b")
    clients.dies = {(1, 2)}
    rows = []
    for coordinator in (killed, other):
        told = [coordinator.improve()]
        coordinator.state()
        rows.append([*told, coordinator.improve(), coordinator.improve()])
    killed.close(forget=True)
    assert [row["lost"] for row in rows[0]] == [0, 1, 0]
    assert [row["clients"] for row in rows[0]] == [3, 2, 3]
    assert rows[0] == rows[1], "and it went on from what it had kept after the first round"
    assert same(killed.weights(), other.weights())
    assert not (tmp_path / "a").exists()


def test_a_federation_of_which_nobody_answers_is_given_up(tmp_path: Path) -> None:
    coordinator, clients = coordinate(tmp_path)
    clients.dies = {(client, number) for client in range(3) for number in (1, 2, 3)}
    assert [coordinator.improve()["lost"] for _ in range(2)] == [3, 3]
    with pytest.raises(RuntimeError, match="no client has answered for 3 rounds"):
        coordinator.improve()


def test_what_fails_at_a_client_is_told(tmp_path: Path) -> None:
    failed = perform(TrainingTask(training=make_federation(training={"config": {"halls": -1}})))
    assert "halls=-1 is not allowed" in failed.error


def test_a_client_is_told_nothing_of_the_others(tmp_path: Path) -> None:
    """All that it is set up with is the same, to the byte, whatever the others have."""
    mine, others = HALLS[0], (HALLS[1], HALLS[1])
    set_up = [
        pickle.dumps(coordinate(tmp_path, training={"scenarios": halls})[0]._assign(0))
        for halls in (HALLS, (mine, *others))
    ]
    assert set_up[0] == set_up[1]


def test_alone_a_client_comes_to_the_same_whatever_the_others_have(tmp_path: Path) -> None:
    shown = []
    for halls in (HALLS, (HALLS[0], HALLS[2], HALLS[1])):
        coordinator, _ = coordinate(tmp_path, scheme="isolated", training={"scenarios": halls})
        coordinator.improve()
        shown.append(coordinator.weights())
    mine, theirs = ([{n: v for n, v in one.items() if n.startswith(f"{k}/")} for one in shown] for k in "01")
    assert same(*mine)
    assert not same(*theirs)


def test_what_crosses_is_weights_and_its_bytes_are_counted(tmp_path: Path) -> None:
    coordinator, clients = coordinate(tmp_path)
    row = coordinator.improve()
    lengths = [len(order.encode()) for _, order in clients.orders]
    assert row["down_bytes"] == sum(lengths)
    shapes = {name: array.shape for name, array in clients.orders[0][1].weights.items()}
    assert shapes == FORM.shapes
    numbers = 4 * sum(int(np.prod(shape)) for shape in FORM.shapes.values())
    assert numbers < row["up_bytes"] / 3 < 1.25 * numbers
    assert row["raw_bytes"] == 0


def test_the_average_is_of_what_the_participants_sent(tmp_path: Path) -> None:
    coordinator, clients = coordinate(tmp_path, fraction=0.67)
    coordinator.improve()
    answers = [Answer.decode(content) for content in clients.answered]
    assert len(answers) == 2
    wanted = average([one.weights for one in answers], [one.samples for one in answers])
    assert same(coordinator.weights(), wanted)


def test_personalised_clients_share_all_but_the_last_layer(tmp_path: Path) -> None:
    coordinator, clients = coordinate(tmp_path, scheme="personalised")
    coordinator.improve()
    shared = set(clients.orders[0][1].weights)
    assert shared == {"hidden1.weight", "hidden1.bias", "hidden2.weight", "hidden2.bias"}
    weights = coordinator.weights()
    for name in FORM.shapes:
        assert np.array_equal(weights[f"0/{name}"], weights[f"1/{name}"]) == (name in shared)


def test_centrally_as_many_steps_are_played_and_the_data_leaves(tmp_path: Path) -> None:
    apart, _ = coordinate(tmp_path, fraction=0.67)
    central, clients = coordinate(tmp_path, scheme="central", fraction=0.67)
    rows = [one.improve() for one in (apart, central)]
    assert rows[0]["steps"] == rows[1]["steps"]
    assert rows[1]["raw_bytes"] > rows[1]["samples"] * 4 * 50
    assert {client for client, _ in clients.orders} == {0}
    assert set(central.weights()) == set(FORM.shapes)


def test_fedprox_holds_a_client_near_the_weights_of_the_round(tmp_path: Path) -> None:
    moved = []
    for mu in (0.0, 1000.0):
        coordinator, _ = coordinate(tmp_path, mu=mu, training={"config": _slow()})
        before = coordinator.weights()
        coordinator.improve()
        moved.append(sum(float(np.abs(v - before[n]).sum()) for n, v in coordinator.weights().items()))
    assert moved[1] < 0.7 * moved[0]


def _slow() -> dict[str, Any]:
    return dict(make_training("dqn-mlb").config) | {"gradient_steps": 30}


def test_a_bounded_change_is_bounded_on_the_wire(tmp_path: Path) -> None:
    coordinator, _ = coordinate(tmp_path, clip=1e-3)
    before = coordinator.weights()
    coordinator.improve()
    change = np.sqrt(sum(float(np.square(v - before[n]).sum()) for n, v in coordinator.weights().items()))
    assert 0 < change <= 1.01e-3


def test_mappo_cannot_be_federated_yet_and_says_so(tmp_path: Path) -> None:
    training = make_training("mappo", federation=make_federation().federation)
    assert "'mappo' cannot be federated" in perform(TrainingTask(training=training)).error


def test_weights_of_several_clients_are_taken_by_number(tmp_path: Path) -> None:
    coordinator, _ = coordinate(tmp_path, scheme="isolated")
    coordinator.improve()
    path = tmp_path / "weights.safetensors"
    save_tensors(path, coordinator.weights(), {"kind": FORM.kind, "version": str(FORM.version)})
    arrays, _ = load_tensors(path)
    assert same(FORM.load(f"{path}#2"), {n: arrays[f"2/{n}"] for n in FORM.shapes})
    with pytest.raises(WeightsError, match=r"those of several clients, name one of .*#0"):
        FORM.load(str(path))
