# SPDX-License-Identifier: GPL-2.0-only
"""The same runs on a Dask cluster leave the same bytes, also when a worker is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pyagents.runs.dask_workers import DaskWorkers
from pyagents.runs.store import Store
from pyagents.runs.sweep import find_missing, play_missing
from pyagents.runs.task import Work
from pyagents.runs.workers import LostClusterError
from pyagents.training.task import TrainingTask
from tests.conftest import ROOT
from tests.test_sweep import AGENTS, contents, play, task
from tests.training.trainings import contents as contents_of
from tests.training.trainings import make_training, run_of
from tests.training.trainings import play as play_work

pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, of closing


CLUSTER = """
import json, sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        print(json.dumps([cluster.scheduler_address, pids]), flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Any:
    """A cluster of three worker processes, in a process of its own: address, and the workers' ids."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())
    process.communicate()


def test_a_killed_worker_costs_only_its_run_in_flight(cluster: Any, tmp_path: Path) -> None:
    address, pids = cluster
    tasks = [task(seed, f"{AGENTS}:Slow") for seed in range(1, 10)]
    killed = threading.Event()

    def kill_one() -> None:
        time.sleep(0.3)
        os.kill(pids[0], signal.SIGKILL)
        killed.set()

    results = Store(tmp_path / "dask")
    with DaskWorkers(address) as workers:
        assert workers.slots == 3
        ended: list[str] = []
        killer = threading.Thread(target=kill_one)
        killer.start()
        failures = play_missing(
            find_missing(tasks, results),
            results,
            workers,
            failed=tmp_path / "failed",
            on_end=lambda outcome, final: ended.append(outcome.error),
        )
        killer.join()
    assert killed.is_set()
    assert failures == []
    assert len(ended) == len(tasks)  # nothing had to be played again by us: Dask gave it to another
    play(tasks, tmp_path / "local")
    assert contents(tmp_path / "dask") == contents(tmp_path / "local" / "runs")


def test_a_run_that_fails_there_is_reported(cluster: Any, tmp_path: Path) -> None:
    address, _ = cluster
    config = {"folder": str(tmp_path), "times": 99, "fails_at": 2}
    tasks = [task(seed, f"{AGENTS}:Faulty", **config) for seed in (1, 2)]
    results = Store(tmp_path / "runs")
    with DaskWorkers(address) as workers:
        failures = play_missing(tasks, results, workers, failed=tmp_path / "failed")
    assert [failure.task for failure in failures] == [tasks[1]]
    assert "no balance today" in failures[0].log.read_text()


def test_a_run_that_hangs_there_is_ended_and_tried_again(cluster: Any, tmp_path: Path) -> None:
    address, _ = cluster
    config = {"folder": str(tmp_path), "times": 1, "fails_at": 2}
    tasks = [task(seed, f"{AGENTS}:Stuck", **config) for seed in (1, 2, 3)]
    errors: list[str] = []
    with DaskWorkers(address, limit_s=lambda task: 20.0) as workers:
        failures = play_missing(
            tasks,
            Store(tmp_path / "runs"),
            workers,
            failed=tmp_path / "failed",
            on_end=lambda outcome, final: errors.append(outcome.error),
        )
    assert not failures
    assert [error for error in errors if error] == [
        "the worker process said nothing for 20 s, all that it has, and was ended"
    ]


def test_trainings_leave_the_same_bytes_there_and_runs_wait_for_them(cluster: Any, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    trained = [make_training(seed=seed) for seed in (1, 2)]
    work: list[Work] = [*map(run_of, trained), *(TrainingTask(training=training) for training in trained)]
    assert play_work(work, tmp_path / "dask", DaskWorkers(cluster[0])) == []
    assert play_work(work, tmp_path / "here") == []
    assert contents_of(tmp_path / "dask") == contents_of(tmp_path / "here")


@pytest.mark.slow
def test_clients_of_a_federation_stay_at_their_workers_and_are_left_out_with_them(
    cluster: Any, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    from pyagents.training.federation.clients import Assign
    from pyagents.training.federation.coordinator import Coordinator
    from pyagents.training.federation.dask_clients import DaskClients
    from pyagents.training.federation.message import Order
    from tests.training.federation.federations import InProcess, make_federation

    training = make_federation(clients=2)

    class Killing(DaskClients):
        def send(self, client: int, order: bytes) -> None:
            super().send(client, order)
            if (client, Order.decode(order).round) == (1, 2):
                (pid,) = self._cluster.run(os.getpid, workers=[self._places[1]]).values()
                os.kill(pid, signal.SIGKILL)

    def reach(assign: Assign) -> DaskClients:
        return Killing(cluster[0], assign, (), key=training.key, limit_s=120)

    there = Coordinator(training, folder=tmp_path / "there", make_clients=reach)
    here = Coordinator(training, folder=tmp_path / "here", make_clients=InProcess)
    try:
        assert there.improve() == here.improve()
        told = [there.improve(), there.improve()]
    finally:
        there.close(forget=True)
    assert [(row["clients"], row["lost"]) for row in told] == [(1, 1), (2, 0)]


@pytest.fixture
def scheduler() -> Any:
    """A scheduler and a worker as processes of their own: address, and the scheduler's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    commands = [
        ["dask_scheduler", "--host", address, "--no-dashboard"],
        ["dask_worker", address, "--nthreads", "1", "--no-dashboard", "--death-timeout", "60"],
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *options], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        for name, *options in commands
    ]
    yield address, processes[0]
    for process in processes:
        process.kill()
        process.wait()


def test_a_scheduler_that_goes_ends_the_sweep_and_keeps_what_ended(scheduler: Any, tmp_path: Path) -> None:
    address, process = scheduler
    tasks = [task(seed, f"{AGENTS}:Slow") for seed in range(1, 10)]
    results = Store(tmp_path / "runs")
    with DaskWorkers(address) as workers:
        with pytest.raises(LostClusterError, match="scheduler has gone"):
            play_missing(
                tasks,
                results,
                workers,
                failed=tmp_path / "failed",
                on_end=lambda outcome, final: process.kill(),
            )
        assert 0 < sum(results.get(t.run.key) is not None for t in tasks) < len(tasks)


def test_no_cluster_is_said_so() -> None:
    with pytest.raises(LostClusterError, match="no Dask cluster at tcp://127"):
        DaskWorkers("tcp://127.0.0.1:9", patience_s=0.5)


def test_tls_without_certificates_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DASK_")]:
        monkeypatch.delenv(name)
    with pytest.raises(LostClusterError, match=r"no Dask cluster at tls://127.*TLS"):
        DaskWorkers("tls://127.0.0.1:1", patience_s=5)
