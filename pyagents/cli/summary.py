# SPDX-License-Identifier: GPL-2.0-only
"""The table that says what runs came to, for the terminal and for a file."""

from collections.abc import Iterable, Mapping

from pyagents.cli.console import Console
from pyagents.cli.table import make_table, say
from pyagents.core.metrics import SECOND_HALF, Metrics
from pyagents.runs.record import Record
from pyagents.runs.rollout import Row


def print_summary(console: Console, metrics: Metrics, runs: Mapping[str, Row]) -> None:
    """Print the table of the family's headline, a column a run."""
    table = make_table("", *runs)
    for cells in _cells(metrics, runs):
        table.add_row(*cells)
    console.print(table)
    say(console, describe_spans(metrics, metrics.headline), style="dim")


def summary_markdown(metrics: Metrics, runs: Mapping[str, Row]) -> str:
    """The table as Markdown."""
    head = [["", *runs], ["---", *("---:" for _ in runs)]]
    lines = [f"| {' | '.join(cells)} |" for cells in [*head, *_cells(metrics, runs)]]
    return "\n".join(lines) + f"\n\n{describe_spans(metrics, metrics.headline)}\n"


def describe_spans(metrics: Metrics, names: Iterable[str]) -> str:
    """Over which part of a run these metrics are taken, in a sentence."""
    of: dict[str, list[str]] = {}
    for name in names:
        metric = metrics.table[name]
        of.setdefault(metric.over, []).append(metric.label)
    parts = [f"{', '.join(labels)} {span}" for span, labels in of.items() if span not in ("", SECOND_HALF)]
    return "; ".join([f"Means {SECOND_HALF}", *parts]) + "."


def describe_replay(record: Record) -> str:
    """Say whose states a run shows that was played from a recording."""
    replay, agent = record.facts["replay"], record.facts["agent"]
    states = f"these are the states that {replay['agent']} brought about"
    if replay["departs_at_step"] is None:
        return f"A replay: {states}, and {agent} acted as recorded."
    return (
        f"A replay, not a score: {states}. {agent} acted otherwise, first at step "
        f"{replay['departs_at_step']}, which changed nothing."
    )


def _cells(metrics: Metrics, runs: Mapping[str, Row]) -> list[list[str]]:
    return [
        [metric.title, *(metric.show(summary[metric.name]) for summary in runs.values())]
        for metric in (metrics.table[name] for name in metrics.headline)
    ]
