# SPDX-License-Identifier: GPL-2.0-only
"""Carries out a Run from its description to its folder: the unit of work."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyagents.core.agent_spec import find_agent
from pyagents.core.families import find_family
from pyagents.core.simulator import Simulator
from pyagents.runs.rollout import Meter, Row, rollout
from pyagents.runs.run import Run
from pyagents.runs.store import save_run
from pyagents.runs.timed import TimedAgent
from pyagents.simulators.registry import make_simulator
from pyagents.simulators.replay import Recorder

LOG, RECORDING = "simulator.log", "recording.npz"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run came to."""

    run: Run
    rows: list[Row]
    summary: Row
    decisions_s: list[float]
    """How long the agent thought for each step: processor time. Differs from one time to the next, so it is
    not stored with the run."""


def execute(
    run: Run,
    meter: Meter,
    folder: Path,
    *,
    on_step: Callable[[int, Row], None] = lambda step, row: None,
    record: bool = False,
    simulator: Simulator | None = None,
) -> Result:
    """Play the run and store it.

    Args:
        run: what to play.
        meter: makes its rows and summary.
        folder: where its files go, and the simulator's log.
        on_step: see `rollout`.
        record: keep every Snapshot and Action as well, for the `replay` simulator; of a failed run, what
            there is.
        simulator: plays it, and is closed; None: a new one of the run's name.

    Raises:
        ValueError: the run names an agent, an option or a simulator that does not exist.
        Whatever simulator, agent, meter or `on_step` raise; then the folder holds the log, but no summary.
    """
    agent = TimedAgent(find_agent(run.agent).with_options(run.agent_config).make())
    folder.mkdir(parents=True, exist_ok=True)
    player = simulator or make_simulator(run.simulator, folder / LOG, find_family(run.scenario.family))
    with Recorder(player, folder / RECORDING) if record else player as player:
        rows = rollout(player, agent, run.scenario, run.seed, meter, on_step=on_step)
    summary = meter.summary(rows)
    save_run(folder, run, rows, summary)
    return Result(run=run, rows=rows, summary=summary, decisions_s=agent.decisions_s)
