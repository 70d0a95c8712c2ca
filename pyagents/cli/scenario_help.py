# SPDX-License-Identifier: GPL-2.0-only
"""`--help-scenario`: the fields of a scenario, which are flags, below the headings of their family."""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from rich.table import Table
from rich.text import Text

from pyagents.cli.console import Console
from pyagents.core.families import find_family
from pyagents.core.field_docs import field_docs
from pyagents.core.scenario import Scenario

FLAG = "--help-scenario"


@dataclasses.dataclass(frozen=True, kw_only=True)
class NoFields:
    """Stands for the scenario's fields where help shows all but these."""

    help_scenario: bool = False
    """Show the scenario's fields, which are flags as well, by headings, with what is allowed."""


def print_scenario_help(scenario: Scenario, console: Console) -> None:
    """Print each field as a flag: the value that it has here, what is allowed, and what it is."""
    family, docs = find_family(scenario.family), field_docs(type(scenario))
    hints = get_type_hints(type(scenario))
    console.print(
        f"Fields of the family {family.name}. Each is a flag, which changes the value shown; --scenario "
        f"names other values to begin with: {', '.join(family.presets)}, or a file."
    )
    fields = dataclasses.fields(scenario)
    rows = {field.name: _describe(field, getattr(scenario, field.name), hints, docs) for field in fields}
    width = max(len(flag) for flag, _ in rows.values())
    for heading, names in _split(list(rows), family.sections):
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(width=width, style="cyan")
        table.add_column()
        for name in names:
            table.add_row(*rows[name])
        console.print(f"\n{heading}" if heading else "", style="bold")
        console.print(table)


def _split(names: Sequence[str], sections: Mapping[str, str]) -> Iterator[tuple[str, Sequence[str]]]:
    """The names below each heading; first those before any, without one."""
    starts = [names.index(first) for first in sections.values()]
    for heading, start, end in zip(["", *sections], [0, *starts], [*starts, len(names)], strict=True):
        if start < end:
            yield heading, names[start:end]


def _describe(
    field: dataclasses.Field[Any], value: Any, hints: Mapping[str, Any], docs: Mapping[str, str]
) -> tuple[Text, Text]:
    """A field as a flag with its value, and what it is."""
    flag, is_switch = field.name.replace("_", "-"), isinstance(value, bool)
    shown = f"--no-{flag}" if is_switch and value else f"--{flag}"
    allowed = describe_allowed(hints[field.name], field.metadata)
    return (
        Text(shown if is_switch else f"{shown} {'none' if value is None else value}"),
        Text(docs.get(field.name, "")) + Text(f" [{allowed}]" if allowed else "", style="dim"),
    )


def describe_allowed(hint: Any, facts: Any) -> str:
    """Which values a field may have, in a few words; empty where its type says all.

    Args:
        hint: the field's type.
        facts: its metadata, as `pyagents.core.scenario.number` leaves them.
    """
    if get_origin(hint) is Literal:
        return ", ".join(map(str, get_args(hint)))
    if "low" not in facts:
        return "a switch" if hint is bool else ""
    low, high = f"{facts['low']:g}", f"{facts['high']:g}"
    text = f"above {low}" if facts["above"] else f"from {low}"
    text += "" if facts["high"] == math.inf else f" to {high}"
    return f"{text}, or none" if NoneType in get_args(hint) else text
