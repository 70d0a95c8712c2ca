# SPDX-License-Identifier: GPL-2.0-only
"""Plays one episode: simulator and agent in turn, one row a step.

Knows nothing of what is simulated: rows come from the metrics handed in.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pyagents.core.agent import Agent, Reporting
from pyagents.core.families import find_family
from pyagents.core.metrics import Metrics
from pyagents.core.mistake import check_action, telling
from pyagents.core.scenario import Scenario
from pyagents.core.simulator import Simulator
from pyagents.core.snapshot import Snapshot

Row = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What an episode came to."""

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
) -> Rollout:
    """Play the scenario from reset to its last step.

    Args:
        simulator: plays the scenario; the caller closes it.
        agent: decides.
        scenario: the situation.
        seed: of simulator and agent.
        metrics: makes the rows; None: those of the scenario's family.
        on_step: called with number and row of each step as soon as there is one, and may raise to stop.

    Raises:
        AgentMistakeError: the agent failed, or what it answered is no action.
        Whatever simulator, metrics or `on_step` raise.
    """
    metrics = metrics or find_family(scenario.family).metrics
    played = Rollout()
    history: deque[Snapshot] = deque(maxlen=metrics.history_steps(scenario))

    def note(snapshot: Snapshot) -> None:
        step = len(played.rows)
        history.append(snapshot)
        report: Row = {}
        if isinstance(agent, Reporting):
            with telling(agent, "report", step):
                report = agent.report()
            played.reported[:] = report
        played.rows.append({"step": step, **metrics.row(tuple(history), scenario), **report})
        on_step(step, played.rows[-1])

    with telling(agent, "reset"):
        agent.reset(scenario, seed)
    note(simulator.reset(scenario, seed))
    while not simulator.done:
        with telling(agent, "act", len(played.rows)):
            start = time.thread_time()
            action = agent.act(history[-1])
            played.decisions_s.append(time.thread_time() - start)
        try:
            snapshot = simulator.step(action)
        except Exception:
            check_action(agent, action, scenario, len(played.rows))
            raise
        note(snapshot)
    return played
