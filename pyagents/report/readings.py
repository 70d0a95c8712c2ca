# SPDX-License-Identifier: GPL-2.0-only
"""GT-RL with one reading of the paper changed at a time, beside GT-RL."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from html import escape

from pyagents.report.html import Cell, interval, table, text
from pyagents.report.ranking import METHOD, describe, heading
from pyagents.reproduction.experiment import Contender, Experiment
from pyagents.reproduction.outcomes import Outcomes
from pyagents.reproduction.tabulate import TableRow, tabulate
from pyagents.scenarios.indoor_factory.agents.gt_rl import READINGS, TUNED
from pyagents.scenarios.indoor_factory.metric_table import METRICS
from pyagents.statistics.interval import Estimate, estimate_mean, median

CHANGES: Mapping[str, str] = {
    "reward-letter": "the reward of Eq. (7) by the sign that is printed: cost of the cell that the UE goes "
    "to minus that of its own, in place of what it saves",
    "must-move": "staying does not compete: who decides greedily moves, as Algorithm 2 prints it",
    "own-load-none": "UEs reckon with the loads that they hear, without what they would add themselves",
    "own-load-full": "UEs add to a load what they would be if the cell had its channel to itself, in place "
    "of what they would be in the airtime that heard loads leave",
    "selection-none": "gNBs select nobody: UEs of all gNBs decide, each with a probability that fills the "
    "cell it goes to up to the mean",
    "pace-thinned": "gNBs select nobody: UEs of all gNBs decide, each with a fixed probability",
    "selected-all": "a gNB in overload lets all go that want to, in place of as many as its excess is worth",
    "overload-full": "overload begins at load 1, in place of the mean of the loads that a gNB knows",
    "rate-measured": "rates as UEs measure them on discovery bursts, in place of those that are left while "
    "all cells of the channel transmit",
    "old-news": "a load counts however long ago it was heard",
    "min-saving-none": "any saving is worth a handover",
}
"""What each of `READINGS` does in place of what GT-RL does."""


def readings(outcomes: Outcomes) -> str:
    """The section: what each reading changes, and a table of each experiment that is one."""
    experiments = [
        e
        for e in outcomes.plan.experiments
        if e.columns and e.beside == METHOD and any(map(_is_one, outcomes.contenders(e)))
    ]
    tables = "".join(
        f"<p>{escape(describe(e, value))}. Differences are paired over the seeds.</p>"
        f"{_table(e, [row for row in rows if row.value == value], outcomes)}"
        for e in experiments
        for rows in [[r for r in tabulate(e, outcomes) if r.contender.name == METHOD or _is_one(r.contender)]]
        for value in outcomes.points(e)
    )
    return tables + _changes([c for c in outcomes.plan.contenders if _is_one(c)]) if tables else ""


def _is_one(contender: Contender) -> bool:
    """Whether the agent is GT-RL with a reading changed."""
    base, _, reading = contender.name.partition(":")
    return base == METHOD and reading in READINGS


def _table(experiment: Experiment, rows: Sequence[TableRow], outcomes: Outcomes) -> str:
    head = ["Agent"]
    beside = outcomes.plan.labels.get(experiment.beside, experiment.beside)
    for name in experiment.columns:
        head.append(heading(METRICS[name]))
        head += ["Median over seeds"] if name == experiment.metric else []
        head += [f"Above {beside}'s"] if beside else []
    return table(head, [_row(experiment, row, outcomes) for row in rows], name=experiment.name)


def _row(experiment: Experiment, row: TableRow, outcomes: Outcomes) -> list[Cell]:
    cells = [text(row.contender.label)]
    for name in experiment.columns:
        metric = METRICS[name]
        cells.append(interval(row.means[name], metric.form, metric.factor))
        if name == experiment.metric:
            values = outcomes.summary(experiment, row.contender.name, row.value, name).values()
            cells.append(interval(estimate_mean(values, average=median), metric.form, metric.factor))
        if experiment.beside:
            cells.append(interval(row.differences.get(name, _NOTHING), f"+{metric.form}", metric.factor))
    return cells


_NOTHING = Estimate(mean=math.nan, low=math.nan, high=math.nan, count=0)


def _changes(contenders: Sequence[Contender]) -> str:
    """A line a reading: what it changes, and its options where they differ from GT-RL's."""
    ours = dataclasses.asdict(TUNED)
    lines = []
    for contender in contenders:
        reading = contender.name.partition(":")[2]
        theirs = dataclasses.asdict(READINGS[reading])
        options = ", ".join(f"{name}={value}" for name, value in theirs.items() if value != ours[name])
        lines.append(
            f"<li><b>{escape(contender.label)}</b>: {escape(CHANGES[reading])} "
            f"(<code>{escape(contender.name)}</code>: <code>{escape(options)}</code>).</li>"
        )
    return f"<ul>{''.join(lines)}</ul>"
