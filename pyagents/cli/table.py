# SPDX-License-Identifier: GPL-2.0-only
"""What commands print: lines, and tables with names on the left, numbers on the right."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from pyagents.cli.console import Console


def say(console: Console, line: str, *, style: str | None = None) -> None:
    """Print a line, not broken."""
    console.print(line, style=style, soft_wrap=True)


def make_table(first: str, *others: str, title: str | None = None, no_wrap: bool = False) -> Table:
    """Make a table without rows, of headings; with `no_wrap` cells stay whole on a narrow terminal."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=no_wrap)
    for head in others:
        table.add_column(head, justify="right", no_wrap=no_wrap)
    return table


def print_results(
    results: Sequence[Any], columns: Mapping[str, str], *, title: str | None = None, as_json: bool = False
) -> None:
    """Print what a benchmark measured, a row a result, or all fields as JSON.

    Args:
        results: dataclasses.
        columns: templates of the cells, such as `{0.speed:.2f}`, by heading.
        title: what stands above the table.
        as_json: print JSON instead.
    """
    if as_json:
        print(json.dumps([dataclasses.asdict(result) for result in results], indent=2))
        return
    table = make_table(*columns, title=title)
    for result in results:
        table.add_row(*(template.format(result) for template in columns.values()))
    Console().print(table)
