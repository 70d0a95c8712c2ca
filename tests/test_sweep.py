# SPDX-License-Identifier: GPL-2.0-only
"""Records are whole or absent, whatever ends a process; a run that fails does not end the others."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pyagents.cli.run import make_meter
from pyagents.runs.record import FACTS, ROWS, BadRecordError, decode, describe_column, encode
from pyagents.runs.results import Results, StoreBusyError
from pyagents.runs.run import Run
from pyagents.runs.sweep import find_missing, play_missing
from pyagents.runs.task import Outcome, Task, perform
from pyagents.runs.workers import LocalWorkers
from pyagents.scenarios.indoor_factory.scenario import PRESETS
from tests.conftest import ROOT

SCENARIO = dataclasses.replace(PRESETS["fig5"], n_ues=6, n_wifi_aps=0, steps=4)
AGENTS = f"{ROOT / 'tests' / 'faulty_agents.py'}"
RUN = Run(scenario=SCENARIO, agent="max-rsrp", simulator="mock", seed=3)


def task(seed: int, agent: str = "max-rsrp", **config: Any) -> Task:
    run = Run(scenario=SCENARIO, agent=agent, agent_config=config, simulator="mock", seed=seed)
    return Task(run=run, meter=make_meter(SCENARIO), label=f"{agent}, seed {seed}")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def play(tasks: list[Task], folder: Path, workers: int = 2) -> tuple[int, list[Outcome]]:
    """Play what is missing; how many were given up, and every attempt."""
    attempts: list[Outcome] = []
    with Results(folder / "runs") as results, LocalWorkers(workers) as pool:
        failures = play_missing(
            find_missing(tasks, results),
            results,
            pool,
            failed=folder / "failed",
            on_end=lambda outcome, final: attempts.append(outcome),
        )
    return len(failures), attempts


# ---- Records ----


def test_a_record_reads_back_with_types_and_units() -> None:
    rows = [{"step": 0.0, "load_std": 0.1 + 0.2, "throughput_mbps": float("nan")}]
    record = decode(RUN.key, encode(RUN, rows, {"load_std": 0.25, "satisfied_share": float("nan")}))
    assert record.rows[0]["step"] == 0
    assert record.rows[0]["load_std"] == 0.1 + 0.2
    assert record.rows[0]["throughput_mbps"] != record.rows[0]["throughput_mbps"]
    assert record.summary["load_std"] == 0.25
    assert record.facts["columns"]["step"] == {"type": "int64", "unit": "1"}
    assert record.facts["columns"]["throughput_mbps"] == {"type": "float64", "unit": "Mb/s"}
    assert describe_column("handovers_per_ue_minute")["unit"] == "1/min"
    assert describe_column("sib_age_mean_s")["unit"] == "s"
    assert record.facts["scenario"]["n_ues"] == 6


@pytest.mark.parametrize("damage", ["cut", "other rows", "other schema", "other key", "gone"])
def test_a_damaged_record_is_none(damage: str, tmp_path: Path) -> None:
    files = encode(RUN, [{"step": 0.0, "x": 1.0}], {"x": 1.0})
    match damage:
        case "cut":
            files[FACTS] = files[FACTS][:-20]
        case "other rows":
            files[ROWS] = files[ROWS].replace(b"1", b"2")
        case "other schema":
            files[FACTS] = files[FACTS].replace(b'"schema": 1', b'"schema": 0')
        case "other key":
            files[FACTS] = files[FACTS].replace(RUN.key.encode(), b"0" * 64)
        case "gone":
            del files[ROWS]
    with pytest.raises(BadRecordError):
        decode(RUN.key, files)
    with Results(tmp_path) as results:
        results.put(RUN.key, files)
        assert results.get(RUN.key) is None
        results.put(RUN.key, encode(RUN, [{"step": 0.0}], {}))  # takes its place
        assert results.get(RUN.key) is not None


def test_two_do_not_write_to_one_store(tmp_path: Path) -> None:
    with Results(tmp_path), pytest.raises(StoreBusyError, match="another process"), Results(tmp_path):
        pass
    with Results(tmp_path):
        pass


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    # A limit on the size of files stops writing in the middle of one, as a full disk does.
    script = f"""
import resource, sys
from pathlib import Path
from pyagents.runs.results import Results, StoreFullError
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
with Results(Path({str(tmp_path)!r})) as results:
    results.put("aa" * 32, {{"rows.csv": b"x" * 10_000}})
    try:
        results.put("ab" * 32, {{"run.json": b"{{}}", "rows.csv": b"x" * 100_000}})
    except StoreFullError as error:
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
    assert [outcome.task.run.seed for outcome in attempts] == [3]
    play(tasks, tmp_path / "b", workers=3)
    assert contents(tmp_path / "a" / "runs") == contents(tmp_path / "b" / "runs")
    assert len(contents(tmp_path / "a" / "runs")) == 6


def test_longest_go_first(tmp_path: Path) -> None:
    tasks = [dataclasses.replace(task(seed), cost=float(seed)) for seed in (1, 3, 2)]
    assert [o.task.run.seed for o in play(tasks, tmp_path, workers=1)[1]] == [3, 2, 1]


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
    said = {"Faulty": "RuntimeError: no balance today", "Deadly": "SIGKILL"}[agent]
    assert all(said in log.read_text() for log in logs)


@pytest.mark.parametrize("agent", ["Faulty", "Deadly"])
def test_a_run_that_recovers_is_kept(agent: str, tmp_path: Path) -> None:
    config = {"folder": str(tmp_path), "times": 2, "fails_at": 2}
    failed, attempts = play([task(seed, f"{AGENTS}:{agent}", **config) for seed in (1, 2)], tmp_path)
    assert failed == 0
    assert len(attempts) == 4


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
    for patience_s in (0.0, 0.6, 0.9, 1.2, 1.6):
        sweep = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)
        assert sweep.stdout is not None
        sweep.stdout.readline()
        time.sleep(patience_s)
        sweep.kill()
        sweep.wait()
        sweep.stdout.close()
        whole = Results(tmp_path / "a" / "runs")
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
