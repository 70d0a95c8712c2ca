# SPDX-License-Identifier: GPL-2.0-only
"""`nru compare`: agents side by side over the same seeds."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import tyro

from pyagents.cli.comparison_table import comparison_rows, decision_rows, print_comparison, run_rows
from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, BadInputError, refusing
from pyagents.cli.flags import (
    DEFAULT_SCENARIO,
    STORE,
    check_counts,
    check_folder,
    fields_of,
    list_choices,
    make_folder,
    parse,
    peek_scenario,
)
from pyagents.cli.table import say
from pyagents.cli.workers import play_all, refuse_replay
from pyagents.core.agent_spec import AgentSpec, find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.families import find_family
from pyagents.core.family import Family
from pyagents.core.files import locked, read_csv, to_csv, write_whole
from pyagents.core.mistake import AgentMistakeError
from pyagents.core.tensors import WeightsError
from pyagents.runs.run import list_runs
from pyagents.runs.store import Store
from pyagents.runs.task import Task
from pyagents.simulators.registry import find_simulator, simulators

Fields = TypeVar("Fields")

DESCRIPTION = """Agents side by side over the same seeds: a table with 95 % bootstrap confidence intervals.

Leaves comparison.csv (all metrics), runs.csv (a row a run) and decision-times.csv. All but the times comes
out the same with any number of workers. Runs are kept as they end: start again, and only what is missing is
played.
"""


@dataclass(frozen=True, kw_only=True)
class CompareFlags(Generic[Fields]):
    """Flags of `nru compare`."""

    agents: str = "all"
    """Names as `nru run` takes them, separated by commas; all: every agent listed above."""
    simulator: str = "ns3"
    """ns3 or mock."""
    scenario: str = DEFAULT_SCENARIO
    """Preset, or a .json or .toml file of fields; the fields' own flags override it."""
    seeds: int = 10
    """Number of random runs of each agent: 1, 2, and so on."""
    workers: int = os.cpu_count() or 1
    """Number of runs that play at once."""
    out: Path | None = None
    """Folder for the tables; by default one under results/ that is named after what is compared."""
    store: Path = STORE
    """Folder that runs are kept in, for all commands."""
    resume: bool = True
    """Play only what is missing; --no-resume: everything, anew."""
    fields: Annotated[Fields, tyro.conf.OmitArgPrefixes]
    """Fields of the scenario."""


class Plan(NamedTuple):
    """Runs that are to be played, where they go, how many at once, and what to say first."""

    tasks: list[Task]
    folder: Path
    store: Store
    workers: int
    resume: bool
    notes: list[str]


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    plan = make_plan(arguments)
    console = Console()
    for note in plan.notes:
        say(console, note, style="yellow")
    records = play_all(plan.tasks, plan.store, console, count=plan.workers, resume=plan.resume)
    family = plan.tasks[0].run.family
    with locked(make_folder(plan.folder), wait=True):
        files = {
            "comparison.csv": comparison_rows(family, records),
            "runs.csv": run_rows(records),
            "decision-times.csv": decision_rows(records),
        }
        for name, rows in files.items():
            write_whole(plan.folder / name, to_csv(rows))
    print_comparison(console, family, records)
    for name in files:
        print(plan.folder / name)
    return DONE


def make_plan(arguments: list[str]) -> Plan:
    """Tell what is to be played; BadInputError where an argument is wrong."""
    preset = peek_scenario(arguments)
    family, fields = find_family(preset.family), fields_of(preset, arguments)
    flags: CompareFlags[Any] = parse(
        CompareFlags[type(fields)],  # type: ignore[misc]
        arguments,
        command="compare",
        description=f"{DESCRIPTION}\n{list_choices(family)}",
        default=CompareFlags(fields=fields, simulator=next(iter(simulators(family)))),
    )
    check_counts(flags, "seeds", "workers")
    refuse_replay(flags.simulator)
    with refusing(AgentMistakeError, MissingExtraError):
        find_simulator(flags.simulator, family)
        specs, notes = find_agents(flags.agents, family)
        runs = list_runs(flags.fields, specs, flags.simulator, range(1, flags.seeds + 1))
    keys = sorted(run.key for run in runs)
    digest = hashlib.sha256("".join(keys).encode()).hexdigest()
    folder = flags.out or Path("results") / f"compare-{digest[:8]}"
    for path in (folder, flags.store):
        check_folder(path)
    _check_target(folder, keys)
    return Plan(
        [Task(run=run) for run in runs], folder, Store(flags.store), flags.workers, flags.resume, notes
    )


def find_agents(names: str, family: Family) -> tuple[list[AgentSpec], list[str]]:
    """Find agents by names with commas, or `all`; and say which of those of all lack a library or weights.

    Raises:
        ValueError: an agent is unknown, or named twice.
        AgentMistakeError: an agent cannot be made.
        MissingExtraError: an agent that was named needs a library that is not installed.
        WeightsError: an agent that was named needs weights.
    """
    wanted = list(family.agents) if names == "all" else [name.strip() for name in names.split(",")]
    for name in wanted:
        if wanted.count(name) > 1:
            raise ValueError(f"agents={names!r} is not allowed: {name} is there twice")
    specs, notes = [], []
    for name in wanted:
        spec = find_agent(name, family)
        try:
            spec.make()
        except (MissingExtraError, WeightsError) as error:
            if names != "all":
                raise type(error)(f"agent {name!r}: {error}") from error
            notes.append(f"Without {name}: {error}")
        else:
            specs.append(spec)
    return specs, notes


def _check_target(folder: Path, keys: Sequence[str]) -> None:
    """Refuse a folder whose tables would be overwritten by those of other runs, with BadInputError."""
    try:
        there = sorted(row["run_key"] for row in read_csv((folder / "runs.csv").read_bytes()))
    except (OSError, ValueError, KeyError):
        return
    if there != keys:
        raise BadInputError(f"{folder} holds another comparison: name another folder, or remove that one")
