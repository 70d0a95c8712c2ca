# SPDX-License-Identifier: GPL-2.0-only
"""`nru scenarios`: families of scenario, their presets, and how these differ."""

from dataclasses import dataclass

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE
from pyagents.cli.flags import parse
from pyagents.cli.table import make_table, say
from pyagents.core.families import families
from pyagents.core.family import Family
from pyagents.simulators.registry import simulators

DESCRIPTION = """Families of scenario, their presets, and how these differ.

A preset's name is what --scenario takes. A .toml or .json file of fields will do, too: its `family` says of
which family they are, its `base` which preset they change; flags change either further."""


@dataclass(frozen=True, kw_only=True)
class ScenariosFlags:
    """Flags of `nru scenarios`."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    parse(ScenariosFlags, arguments, command="scenarios", description=DESCRIPTION)
    console = Console()
    for family in families():
        _print(console, family)
    return DONE


def list_differences(family: Family) -> dict[str, list[object]]:
    """Fields that some presets have otherwise than others, each with its value in every preset."""
    presets = [preset.to_dict() for preset in family.presets.values()]
    return {
        name: [preset[name] for preset in presets]
        for name in presets[0]
        if any(preset[name] != presets[0][name] for preset in presets)
    }


def _print(console: Console, family: Family) -> None:
    say(console, f"{family.name}: {family.title}", style="bold")
    for what, names in (
        ("simulators", simulators(family)),
        ("agents", family.agents),
        ("without a scenario named", [family.default]),
    ):
        say(console, f"{what}: {', '.join(names)}")
    table = make_table("where presets differ", *family.presets)
    for name, values in list_differences(family).items():
        table.add_row(name, *("-" if value is None else str(value) for value in values))
    console.print(table)
    console.print()
