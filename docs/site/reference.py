# SPDX-License-Identifier: GPL-2.0-only
"""The pages that are made from the code alone: the command line, and the families."""

import contextlib
import io
import os
from collections.abc import Iterator
from unittest import mock

from declared import facts, metrics, options, presets, summary
from tables import table

from pyagents.cli import COMMANDS, main
from pyagents.core.families import FAMILIES
from pyagents.core.family import Family, load_place

WIDTH = "88"
"""Columns of a help text."""


def command_line() -> str:
    """The page of all commands, as their help says it."""
    families = [load_place(place) for place in FAMILIES]
    own = {name: ref.does for family in families for name, ref in family.commands.items()}
    parts = [
        "# Commands",
        table(
            ["command", "does"], [[f"[`nru {n}`](#nru-{n})", does] for n, does in (COMMANDS | own).items()]
        ),
    ]
    for name in COMMANDS | own:
        parts += [f"## nru {name}", f"```text\n{_help(name)}\n```"]
    return "\n\n".join(parts) + "\n"


def _help(command: str) -> str:
    said = io.StringIO()
    with (
        mock.patch.dict(os.environ, {"COLUMNS": WIDTH, "NO_COLOR": "1"}),
        contextlib.redirect_stdout(said),
        contextlib.suppress(SystemExit),
    ):
        main([command, "--help"])
    return "\n".join(line.rstrip() for line in said.getvalue().splitlines()).strip()


def family_pages() -> Iterator[tuple[str, str]]:
    """Name and text of a page a family."""
    for place in FAMILIES:
        family: Family = load_place(place)
        yield family.name, _family(family, place.partition(":")[0])


def _family(family: Family, module: str) -> str:
    agents = [[f"`{name}`", summary(load_place(ref.place))] for name, ref in family.agents.items()]
    parts = [
        f"# {family.name}",
        f"{family.title[0].upper()}{family.title[1:]}, as `{module}` declares it.",
        "## Presets",
        presets(family.presets),
        "## Scenario",
        "Each field is a flag of `nru run`, a key of a scenario file, and a keyword in Python.",
        options(family.scenario),
        "## Snapshot",
        "What is known at a decision, and to whom. What nobody knows is for metrics, not for agents.",
        facts(family.snapshot),
        "## Action",
        "What an agent may set; what it leaves out stays as it is.",
        facts(family.action),
        "## Agents",
        table(["agent", "is"], agents),
        "## Metrics",
        metrics(family.metrics.table.values()),
    ]
    if family.environments:
        rows = [
            [f"`pyagents.envs:{name}`", f"`{ref.place}`", "yes" if ref.vector else "no"]
            for name, ref in family.environments.items()
        ]
        parts += ["## Environments", table(["Gymnasium's id", "made by", "also many at once"], rows)]
    return "\n\n".join(parts) + "\n"
