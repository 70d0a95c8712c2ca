# SPDX-License-Identifier: GPL-2.0-only
"""A run as a unit of work that any process on any machine can do, and whose result travels back as bytes."""

import os
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyagents.core.agent_spec import find_agent
from pyagents.core.families import find_family
from pyagents.runs.execute import LOG
from pyagents.runs.provenance import trace_code
from pyagents.runs.record import encode
from pyagents.runs.rollout import Meter, Row, rollout
from pyagents.runs.run import Run
from pyagents.simulators.registry import make_simulator

_LOG_BYTES = 100_000


@dataclass(frozen=True, kw_only=True)
class Task:
    """A run to be played."""

    run: Run
    """What."""
    meter: Meter
    """Makes rows and summary; of functions that have a name in a module."""
    cost: float = 1.0
    """How long it takes compared with others, for the order and the time left."""
    label: str = ""
    """What people call it."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a task: files or an error."""

    task: Task
    files: Mapping[str, bytes]
    """See `pyagents.runs.record`; empty after an error."""
    error: str = ""
    """Traceback and the end of the simulator's log; empty where all went well."""
    seconds: float = 0.0
    """Wall time that it took."""


def perform(task: Task, on_step: Callable[[int, Row], None] = lambda step, row: None) -> Outcome:
    """Play a task here. Never raises what a run raises: that is in the outcome.

    Args:
        task: what to play.
        on_step: see `rollout`; what it raises ends the run.
    """
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nru-run-") as folder:
        log = Path(folder) / LOG
        try:
            files = _play(task, log, on_step)
        except Exception:
            tail = log.read_bytes()[-_LOG_BYTES:].decode(errors="replace") if log.is_file() else ""
            error = f"{traceback.format_exc()}\n---- the simulator's log ----\n{tail}"
            return Outcome(task=task, files={}, error=error, seconds=time.monotonic() - start)
    return Outcome(task=task, files=files, seconds=time.monotonic() - start)


def _play(task: Task, log: Path, on_step: Callable[[int, Row], None]) -> dict[str, bytes]:
    run = task.run
    here = trace_code(run.agent, run.agent_config, run.simulator)
    if run.code and here != run.code:
        other = [
            f"{part}: {here[part]}, not {run.code[part]}" for part in here if here[part] != run.code[part]
        ]
        raise RuntimeError(f"process {os.getpid()} has other code than this run is of: {'; '.join(other)}")
    agent = find_agent(run.agent).with_options(run.agent_config).make()
    with make_simulator(run.simulator, log, find_family(run.scenario.family)) as simulator:
        rows = rollout(simulator, agent, run.scenario, run.seed, task.meter, on_step=on_step)
    return encode(run, rows, task.meter.summary(rows))
