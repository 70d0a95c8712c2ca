# SPDX-License-Identifier: GPL-2.0-only
"""Records are whole or absent, whatever ends a process; a run that fails does not end the others."""

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pyagents.runs.record import (
    DECISIONS,
    FACTS,
    LOG,
    RECORDING,
    ROWS,
    BadRecordError,
    decode,
    describe_column,
    encode,
)
from pyagents.runs.rollout import Rollout, Row
from pyagents.runs.run import Run
from pyagents.runs.store import LostRecordError, Store
from pyagents.runs.sums import SUMS
from pyagents.runs.sweep import find_missing, play_missing
from pyagents.runs.task import Outcome, Task, Work, perform
from pyagents.runs.workers import Here, LocalWorkers, limit_s
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from tests.conftest import ROOT

SCENARIO = dataclasses.replace(PRESETS["fig5"], n_ues=6, n_wifi_aps=0, steps=4)
AGENTS = f"{ROOT / 'tests' / 'faulty_agents.py'}"
RUN = Run(scenario=SCENARIO, agent="max-rsrp", simulator="mock", seed=3)


def task(seed: int, agent: str = "max-rsrp", **config: Any) -> Task:
    run = Run(scenario=SCENARIO, agent=agent, agent_config=config, simulator="mock", seed=seed)
    return Task(run=run)


def contents(folder: Path) -> dict[str, bytes]:
    """Files by name, but for those that differ each time that a run is played."""
    differ = (DECISIONS, LOG, SUMS)
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in differ)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def play(tasks: list[Task], folder: Path, workers: int = 2) -> tuple[int, list[Outcome]]:
    """Play what is missing; how many were given up, and every attempt."""
    attempts: list[Outcome] = []
    store = Store(folder / "runs")
    with LocalWorkers(workers) as pool:
        failures = play_missing(
            find_missing(tasks, store),
            store,
            pool,
            failed=folder / "failed",
            on_end=lambda outcome, final: attempts.append(outcome),
        )
    return len(failures), attempts


# ---- Records ----


def files_of(rows: list[Row], summary: dict[str, float]) -> dict[str, bytes]:
    metrics = dataclasses.replace(FAMILY.metrics, summary=lambda rows: summary)
    return encode(RUN, Rollout(rows=rows, decisions_s=[0.25] * (len(rows) - 1)), metrics=metrics)


def test_a_record_reads_back_with_types_and_units() -> None:
    row: Row = {"step": 0.0, "load_std": 0.1 + 0.2, "throughput_mbps": float("nan")}
    rows = [row, {**row, "step": 1.0}]
    record = decode(RUN.key, files_of(rows, {"load_std": 0.25, "satisfied_share": float("nan")}))
    assert record.rows[0]["step"] == 0
    assert record.rows[0]["load_std"] == 0.1 + 0.2
    assert record.rows[0]["throughput_mbps"] != record.rows[0]["throughput_mbps"]
    assert record.summary["load_std"] == 0.25
    assert record.facts["columns"]["step"] == {"type": "int64", "unit": "1"}
    assert record.facts["columns"]["throughput_mbps"] == {"type": "float64", "unit": "Mb/s"}
    assert describe_column("handovers_per_ue_minute")["unit"] == "1/min"
    assert describe_column("sib_age_mean_s")["unit"] == "s"
    assert record.facts["scenario"]["n_ues"] == 6
    assert record.facts["family"] == "indoor-factory"
    assert record.decisions_s == [0.25]


@pytest.mark.parametrize("damage", ["cut", "other rows", "other schema", "other key", "other facts", "gone"])
def test_a_damaged_record_is_none(damage: str, tmp_path: Path) -> None:
    files = files_of([{"step": 0.0, "x": 1.0}], {"x": 1.0})
    match damage:
        case "cut":
            files[FACTS] = files[FACTS][:-20]
        case "other rows":
            files[ROWS] = files[ROWS].replace(b"1", b"2")
        case "other schema":
            files[FACTS] = files[FACTS].replace(b'"schema": 2', b'"schema": 0')
        case "other key":
            files[FACTS] = files[FACTS].replace(RUN.key.encode(), b"0" * 64)
        case "other facts":
            files[FACTS] = files[FACTS].replace(b'"x": 1.0', b'"x": 2.0')
        case "gone":
            del files[ROWS]
    with pytest.raises(BadRecordError):
        decode(RUN.key, files)
    store = Store(tmp_path)
    store.put(RUN.key, files)
    assert store.get(RUN.key) is None
    store.put(RUN.key, files_of([{"step": 0.0}], {}))  # takes its place
    assert store.get(RUN.key) is not None


def test_every_flipped_bit_of_an_entry_is_found(tmp_path: Path) -> None:
    store, dice = Store(tmp_path), random.Random(1)
    rows: list[Row] = [{"step": float(step), "load_std": step / 7, "x": 1e-17 * step} for step in range(9)]
    store.put(RUN.key, files_of(rows, {"load_std": 0.25, "x": 1 / 3}) | {RECORDING: b"x" * 500, LOG: b"log"})
    record, first = store.load(RUN.key), store.files(RUN.key)
    for path in sorted(store.path(RUN.key).iterdir()):
        good = path.read_bytes()
        places = [(byte, bit) for byte in range(len(good)) for bit in range(8)]
        for byte, bit in dice.sample(places, min(len(places), 1000)):
            path.write_bytes(good[:byte] + bytes([good[byte] ^ 1 << bit]) + good[byte + 1 :])
            with pytest.raises(LostRecordError, match="is damaged: remove"):
                store.files(RUN.key)
            assert store.get(RUN.key) == (record if path.name in (LOG, RECORDING) else None) or (
                path.name == SUMS and store.get(RUN.key) == record
            )
        path.write_bytes(good)
    assert store.files(RUN.key) == first


def test_every_flipped_bit_of_the_facts_is_found_without_other_files() -> None:
    files = files_of([{"step": 0.0, "x": 0.1}], {"x": 0.1 + 0.2})
    good = files[FACTS]
    for byte in range(len(good)):
        for bit in range(8):
            files[FACTS] = good[:byte] + bytes([good[byte] ^ 1 << bit]) + good[byte + 1 :]
            with pytest.raises(BadRecordError):
                decode(RUN.key, files)


def test_many_write_to_one_store_and_drafts_of_the_killed_go(tmp_path: Path) -> None:
    (tmp_path / "drafts" / "of-one-that-was-killed").mkdir(parents=True)
    stores = [Store(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            puts = [pool.submit(store.put, RUN.key, files_of([{"step": 0.0}], {})) for store in stores]
            assert [put.result() for put in puts] == [None] * 4
    assert stores[0].get(RUN.key) is not None
    assert not list((tmp_path / "drafts").iterdir())


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    # A limit on the size of files stops writing in the middle of one, as a full disk does.
    script = f"""
import resource, sys
from pathlib import Path
from pyagents.core.files import UnwritableError
from pyagents.runs.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
store = Store(Path({str(tmp_path)!r}))
store.put("aa" * 32, {{"rows.csv": b"x" * 10_000}})
try:
    store.put("ab" * 32, {{"run.json": b"{{}}", "rows.csv": b"x" * 100_000}})
except UnwritableError as error:
    sys.exit(f"full: {{error}}")
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "full: cannot write to" in done.stderr
    assert [name for name in contents(tmp_path) if "drafts" not in name] == [f"aa/{'aa' * 32}/rows.csv"]
    assert not any("ab" * 32 in name for name in contents(tmp_path))


# ---- Sweeps ----


def test_only_what_is_missing_is_played_and_workers_leave_the_same_bytes(tmp_path: Path) -> None:
    tasks = [task(seed) for seed in (1, 2, 3)]
    assert len(play(tasks[:2], tmp_path / "a", workers=1)[1]) == 2
    failed, attempts = play(tasks, tmp_path / "a", workers=1)
    assert failed == 0
    assert [outcome.task.label for outcome in attempts] == ["max-rsrp, seed 3"]
    play(tasks, tmp_path / "b", workers=3)
    assert contents(tmp_path / "a" / "runs") == contents(tmp_path / "b" / "runs")
    assert len(contents(tmp_path / "a" / "runs")) == 6


def test_longest_go_first(tmp_path: Path) -> None:
    lengths = [dataclasses.replace(SCENARIO, steps=steps) for steps in (2, 6, 4)]
    tasks = [Task(run=dataclasses.replace(RUN, scenario=scenario)) for scenario in lengths]
    assert [o.task for o in play(tasks, tmp_path, workers=1)[1]] == [tasks[1], tasks[2], tasks[0]]


@pytest.mark.parametrize("agent", ["Faulty", "Deadly"])
def test_a_run_is_tried_three_times_then_reported_with_its_log(agent: str, tmp_path: Path) -> None:
    config = {"folder": str(tmp_path), "times": 99, "fails_at": 2}
    tasks = [task(seed, f"{AGENTS}:{agent}", **config) for seed in (1, 2, 3)]
    failed, attempts = play(tasks, tmp_path)
    assert failed == 1
    assert sum(bool(outcome.error) for outcome in attempts) == 3
    assert len(contents(tmp_path / "runs")) == 4
    logs = sorted((tmp_path / "failed").iterdir())
    assert len(logs) == 3
    said = {"Faulty": "agent Faulty, reset: RuntimeError: no balance today", "Deadly": "SIGKILL"}[agent]
    assert all(said in log.read_text() for log in logs)


@pytest.mark.parametrize("agent", ["Faulty", "Deadly"])
def test_a_run_that_recovers_is_kept(agent: str, tmp_path: Path) -> None:
    config = {"folder": str(tmp_path), "times": 2, "fails_at": 2}
    failed, attempts = play([task(seed, f"{AGENTS}:{agent}", **config) for seed in (1, 2)], tmp_path)
    assert failed == 0
    assert len(attempts) == 4


@pytest.mark.parametrize("agent", ["Stuck", "Stopped"])
def test_a_worker_that_hangs_is_ended_and_its_run_tried_again(agent: str, tmp_path: Path) -> None:
    import psutil

    config = {"folder": str(tmp_path), "times": 1, "fails_at": 2}
    tasks = [task(seed, f"{AGENTS}:{agent}", **config) for seed in (1, 2, 3)]
    attempts: list[Outcome] = []
    before = psutil.Process().children(recursive=True)
    with LocalWorkers(1, limit_s=lambda task: 20.0) as pool:
        failures = play_missing(
            tasks,
            Store(tmp_path / "runs"),
            pool,
            failed=tmp_path / "failed",
            on_end=lambda outcome, final: attempts.append(outcome),
        )
    assert psutil.Process().children(recursive=True) == before
    hung = [outcome for outcome in attempts if outcome.error]
    assert len(hung) == 1
    assert all(
        outcome.error == "the worker process said nothing for 20 s, all that it has, and was ended"
        for outcome in hung
    )
    assert not failures
    assert len(contents(tmp_path / "runs")) == 2 * 3


def test_a_run_is_given_more_time_than_it_can_take() -> None:
    assert limit_s(task(1)) > 600
    assert limit_s(task(1)) > 50 * 10 * SCENARIO.steps / 50  # ten seconds for fifty steps on ns-3


def test_what_cannot_be_built_is_not_tried_again(tmp_path: Path) -> None:
    hall = dataclasses.replace(SCENARIO, gnb_layout="random", coverage_radius_m=10.0)
    failed, attempts = play([Task(run=dataclasses.replace(RUN, scenario=hall))], tmp_path)
    assert (failed, len(attempts)) == (1, 1)
    assert attempts[0].error.startswith("coverage_radius_m=10")


def test_without_patience_the_first_failure_ends_all(tmp_path: Path) -> None:
    tasks = [
        task(seed, f"{AGENTS}:Faulty", folder=str(tmp_path), times=9, fails_at=1) for seed in range(1, 9)
    ]
    with LocalWorkers(1) as pool:
        (failure,) = play_missing(tasks, Store(tmp_path / "runs"), pool, failed=tmp_path, patient=False)
    assert failure.task == tasks[0]
    assert "no balance today" in failure.outcome.error
    assert not contents(tmp_path / "runs")


def test_workers_tell_of_each_step_if_they_are_asked_to(tmp_path: Path) -> None:
    told: list[tuple[str, int, float]] = []
    tasks = [task(1), task(2)]

    def note(task: Work, step: int, row: Row) -> None:
        told.append((task.label, step, row["time_s"]))

    with LocalWorkers(2, note) as pool:
        play_missing(tasks, Store(tmp_path / "runs"), pool, failed=tmp_path)
    for one in tasks:
        assert [step for label, step, _ in told if label == one.label] == [0, 1, 2, 3, 4]


def test_a_recording_is_kept_with_its_record_and_missing_where_it_was_not_asked_for(tmp_path: Path) -> None:
    store, plain = Store(tmp_path), task(1)
    recorded = dataclasses.replace(plain, record=True)
    play_missing([plain], store, Here(), failed=tmp_path)
    assert find_missing([plain, task(2)], store) == [task(2)]
    assert find_missing([recorded], store) == [recorded]
    play_missing([recorded], store, Here(), failed=tmp_path)
    assert find_missing([recorded], store) == []


def test_a_worker_with_other_code_refuses() -> None:
    code = {"agent": "0", "metrics": "0", "simulator": "0"}
    stale = dataclasses.replace(task(1), run=dataclasses.replace(RUN, code=code))
    assert "has other code than this run is of" in perform(stale).error


SWEEP = """
import sys
from pathlib import Path
from tests.test_sweep import play, task
if __name__ == "__main__":
    print("start", flush=True)
    play([task(seed) for seed in range(1, 13)], Path(sys.argv[1]), workers=2)
"""


def test_killed_anywhere_and_started_again_it_ends_as_if_never_killed(tmp_path: Path) -> None:
    script = tmp_path / "sweep.py"
    script.write_text(SWEEP)
    command = [sys.executable, str(script), str(tmp_path / "a")]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    for patience_s in (0.0, 0.8, 1.4):
        sweep = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)
        assert sweep.stdout is not None
        sweep.stdout.readline()
        time.sleep(patience_s)
        sweep.kill()
        sweep.wait()
        sweep.stdout.close()
        whole = Store(tmp_path / "a" / "runs")
        for folder in (tmp_path / "a" / "runs").glob("??/*"):
            assert whole.get(folder.name) is not None
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    play([task(seed) for seed in range(1, 13)], tmp_path / "b")
    assert contents(tmp_path / "a" / "runs") == contents(tmp_path / "b" / "runs")


def test_a_sweep_leaves_no_process(tmp_path: Path) -> None:
    import psutil

    before = psutil.Process().children(recursive=True)
    play([task(1), task(2)], tmp_path)
    assert psutil.Process().children(recursive=True) == before


def test_workers_of_a_killed_sweep_do_not_stay(tmp_path: Path) -> None:
    import psutil

    script = tmp_path / "sweep.py"
    script.write_text(SWEEP.replace("task(seed)", f"task(seed, {AGENTS + ':Slow'!r})"))
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    sweep = subprocess.Popen([sys.executable, str(script), str(tmp_path)], cwd=ROOT, env=env)
    try:
        workers = wait_for(lambda: psutil.Process(sweep.pid).children(recursive=True))
        time.sleep(1.0)
        os.kill(sweep.pid, signal.SIGKILL)
    finally:
        sweep.kill()
        sweep.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive


def wait_for(look: Any) -> Any:
    for _ in range(200):
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came")
