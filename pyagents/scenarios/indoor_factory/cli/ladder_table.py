# SPDX-License-Identifier: GPL-2.0-only
"""What became of methods and claims on the ladder, for the terminal."""

import math
from collections.abc import Sequence

from pyagents.cli.console import Console
from pyagents.cli.table import make_table, say
from pyagents.core.metrics import Metric
from pyagents.scenarios.indoor_factory.ladder.climb import SHOWN, Fate, Standing, median
from pyagents.scenarios.indoor_factory.ladder.rungs import Ladder
from pyagents.scenarios.indoor_factory.metric_table import METRICS

MARKS = {"holds": "✓", "undecided": "?", "does not hold": "✗"}

NOTE = (
    "Means over the seeds with 95 % bootstrap intervals; of each run, means over its second half. Demands "
    "make the mean load without balancing the same on all rungs, over other seeds than these."
)


def print_agents(console: Console, ladder: Ladder, standings: Sequence[Standing]) -> None:
    """Print a table a rung and simulator: a line an agent."""
    for standing in standings:
        what = f"{ladder.rungs[standing.rung].label}; {standing.match.demand_mbps:.3g} Mb/s a UE"
        say(console, f"\nRung {standing.rung} on {standing.simulator}: {what}", style="bold")
        first, *others = (METRICS[name] for name in SHOWN)
        heads = first.title, "median", *(metric.title for metric in others)
        table = make_table("", *heads, no_wrap=True)
        for contender in standing.contenders:
            table.add_row(
                contender.label,
                _cell(standing, contender.name, first),
                first.show(median(standing.values(contender.name, first.name))),
                *(_cell(standing, contender.name, metric) for metric in others),
            )
        console.print(table)
    say(console, NOTE, style="dim")


def print_fates(console: Console, ladder: Ladder, fates: Sequence[Fate]) -> None:
    """Print a line a claim and simulator, a column a rung, and the way of each claim in words."""
    simulators = sorted({simulator for fate in fates for _, simulator in fate.answers})
    table = make_table("\nclaim")
    table.add_column("\non")
    for number in range(len(ladder.rungs)):
        table.add_column(f"{'rung' if number == 0 else ''}\n{number}", justify="center")
    for fate in fates:
        for line, simulator in enumerate(simulators):
            marks = [
                MARKS.get(fate.answers.get((number, simulator), ""), "")
                for number in range(len(ladder.rungs))
            ]
            table.add_row("" if line else fate.name, simulator, *marks)
    console.print(table)
    say(console, "✓ holds, ? undecided, ✗ does not hold", style="dim")
    for fate in fates:
        end = "" if fate.broken_at is None else f". Not beyond: {ladder.rungs[fate.broken_at].label}"
        say(console, f"{fate.name}: {fate.tell()}{end}")


def _cell(standing: Standing, agent: str, metric: Metric) -> str:
    """Mean and interval of an agent on a rung."""
    estimate = standing.estimate(agent, metric.name)
    if math.isnan(estimate.low):
        return metric.show(estimate.mean)
    return f"{metric.show(estimate.mean)} ({metric.show(estimate.low)}-{metric.show(estimate.high)})"
