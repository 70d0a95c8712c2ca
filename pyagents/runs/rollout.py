# SPDX-License-Identifier: GPL-2.0-only
"""Plays one episode: simulator and agent in turn, one row a step.

Knows nothing of what is simulated: rows come from the metrics handed in.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyagents.core.agent import Agent, Reporting
from pyagents.core.families import find_family
from pyagents.core.metrics import Metrics
from pyagents.core.mistake import check_action, telling
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Snapshot

Row = Mapping[str, float]


class Watch:
    """The rows of a run, made from its Snapshots one after the other."""

    def __init__(self, scenario: Scenario, metrics: Metrics) -> None:
        self._scenario, self._metrics = scenario, metrics
        self._history: deque[Any] = deque(maxlen=metrics.history_steps(scenario))
        self.rows: list[Row] = []
        """Rows so far."""

    @property
    def now(self) -> Any:
        """The newest Snapshot."""
        return self._history[-1]

    def note(self, snapshot: Snapshot, report: Row | None = None) -> Row:
        """Take in a Snapshot, and what the agent reports; the row of its step."""
        self._history.append(snapshot)
        made = self._metrics.row(tuple(self._history), self._scenario)
        self.rows.append({"step": len(self.rows), **made, **(report or {})})
        return self.rows[-1]


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """Rows and times of an episode."""

    rows: list[Row] = field(default_factory=list)
    """A row for each of the states 0 (before the first action) to `Scenario.steps`, led by `step` and
    followed by what the agent reports of the action before, if it does."""
    reported: list[str] = field(default_factory=list)
    """Names of the columns that the agent reports."""
    decisions_s: list[float] = field(default_factory=list)
    """Processor time of the deciding thread for each action, s: runs side by side do not count for each
    other. Differs from one time to the next."""


def rollout(
    simulator: Simulator,
    agent: Agent,
    scenario: Scenario,
    seed: int,
    metrics: Metrics | None = None,
    *,
    on_step: Callable[[int, Row], None] = lambda step, row: None,
    on_snapshot: Callable[[Any], None] = lambda snapshot: None,
) -> Rollout:
    """Play the scenario from reset to its last step; the caller closes the simulator.

    Args:
        simulator: plays the scenario.
        agent: decides.
        scenario: the situation.
        seed: of simulator and agent.
        metrics: makes the rows; None: those of the scenario's family.
        on_step: called with number and row of each step as soon as there is one, and may raise to stop.
        on_snapshot: called with the Snapshot of each step before.

    Raises:
        AgentMistakeError: the agent failed, or what it answered is no action.
        Whatever simulator, metrics or `on_step` raise.
    """
    watch = Watch(scenario, metrics or find_family(scenario.family).metrics)
    played = Rollout(rows=watch.rows)

    def note(snapshot: Snapshot) -> None:
        step, report = len(watch.rows), dict[str, float]()
        if isinstance(agent, Reporting):
            with telling(agent, "report", step):
                report |= agent.report()
            played.reported[:] = report
        row = watch.note(snapshot, report)
        on_snapshot(snapshot)
        on_step(step, row)

    with telling(agent, "reset"):
        agent.reset(scenario, seed)
    note(simulator.reset(scenario, seed))
    while not simulator.done:
        with telling(agent, "act", len(watch.rows)):
            start = time.thread_time()
            action = agent.act(watch.now)
            played.decisions_s.append(time.thread_time() - start)
        try:
            snapshot = simulator.step(action)
        except Exception:
            check_action(agent, action, scenario, len(watch.rows))
            raise
        note(snapshot)
    return played
