# SPDX-License-Identifier: GPL-2.0-only
"""Plays one episode: simulator and agent in turn, one row a step.

Knows nothing of what is simulated: rows come from the function handed in.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyagents.core.agent import Agent, Reporting
from pyagents.core.simulator import Simulator
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot

Row = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Meter:
    """Turns snapshots into rows, and rows into a summary.

    Attributes:
        row: from the last snapshots, oldest first, the metrics of the newest.
        history: how many snapshots `row` wants to see.
        summary: from all rows, what the run comes to.
    """

    row: Callable[[Sequence[Snapshot]], Row]
    history: int
    summary: Callable[[Sequence[Row]], Row]


def rollout(
    simulator: Simulator,
    agent: Agent,
    scenario: Scenario,
    seed: int,
    meter: Meter,
    *,
    on_step: Callable[[int, Row], None] = lambda step, row: None,
) -> list[Row]:
    """Play the scenario from reset to its last step.

    Args:
        simulator: plays the scenario; the caller closes it.
        agent: decides.
        scenario: the situation.
        seed: of simulator and agent.
        meter: makes the rows.
        on_step: called with number and row of each step as soon as there is one, and may raise to stop.

    Returns:
        A row for each of the states 0 (before the first action) to `scenario.steps`, led by `step`
        and followed by what the agent reports of the action before, if it does.

    Raises:
        Whatever simulator, agent, meter or `on_step` raise.
    """
    rows: list[Row] = []
    history: deque[Snapshot] = deque(maxlen=meter.history)

    def note(snapshot: Snapshot) -> None:
        history.append(snapshot)
        report = agent.report() if isinstance(agent, Reporting) else {}
        rows.append({"step": len(rows), **meter.row(tuple(history)), **report})
        on_step(len(rows) - 1, rows[-1])

    agent.reset(scenario, seed)
    note(simulator.reset(scenario, seed))
    while not simulator.done:
        note(simulator.step(agent.act(history[-1])))
    return rows
