# SPDX-License-Identifier: GPL-2.0-only
"""`nru compare`: agents side by side over the same seeds."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import tyro
from rich.console import Console

from pyagents.cli.comparison_table import comparison_rows, decision_rows, print_comparison
from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import make_folder, parse, peek
from pyagents.cli.progress import SweepProgress
from pyagents.cli.run import DEFAULT_SCENARIO, make_meter
from pyagents.core.agent_spec import AgentSpec, find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.families import default_family, find_scenario_of
from pyagents.runs.comparison import Comparison
from pyagents.runs.pool import execute_all
from pyagents.runs.provenance import trace_code
from pyagents.runs.run import Run
from pyagents.runs.store import to_csv, write_whole
from pyagents.scenarios.indoor_factory.scenario import PRESETS, Scenario
from pyagents.simulators.registry import find_simulator

DESCRIPTION = f"""Agents side by side over the same seeds: a table with 95 % bootstrap confidence intervals.

Agents: {", ".join(default_family().agents)}.
Leaves comparison.csv (all metrics), runs.csv (a row a run), decision-times.csv, and each run in a folder of
its own. All but the times comes out the same with any number of workers."""


@dataclass(frozen=True, kw_only=True)
class CompareFlags:
    """What `nru compare` takes."""

    agents: str = "all"
    """Names as `nru run` takes them, separated by commas; all: every agent listed above."""
    simulator: str = "ns3"
    """ns3 or mock."""
    scenario: str = DEFAULT_SCENARIO
    """Preset, or a .json or .toml file of fields; the fields' own flags override it."""
    seeds: int = 10
    """How many random runs of each agent: numbers 1, 2, and so on."""
    workers: int = os.cpu_count() or 1
    """How many runs play at once."""
    out: Path = Path("results/compare")
    """Folder for the results."""
    fields: Annotated[Scenario, tyro.conf.arg(name=""), tyro.conf.OmitArgPrefixes]
    """The scenario's fields."""


class Plan(NamedTuple):
    """What is to be played, where it goes, how many at once, and what to say first."""

    runs: list[tuple[Run, Path]]
    folder: Path
    workers: int
    notes: list[str]


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    plan = make_plan(arguments)
    console = Console()
    for note in plan.notes:
        console.print(note, style="yellow", highlight=False, soft_wrap=True)
    first = plan.runs[0][0]
    if first.simulator == "ns3":
        from pyagents.toolchain import scenario_program

        scenario_program()  # built first, if need be, so that no run waits for it behind a progress bar

    steps = first.scenario.steps
    with SweepProgress(len(plan.runs), steps, console) as progress:
        results = execute_all(
            plan.runs,
            make_meter(first.scenario),
            workers=plan.workers,
            on_step=lambda run, step, row: progress.note(f"{run.agent}, seed {run.seed}", step),
        )
    comparison = Comparison(results=results)
    files = {
        "comparison.csv": comparison_rows(comparison),
        "runs.csv": comparison.rows(),
        "decision-times.csv": decision_rows(comparison),
    }
    for name, rows in files.items():
        write_whole(plan.folder / name, to_csv(rows))
    print_comparison(console, comparison)
    for name in files:
        print(plan.folder / name)
    return DONE


def make_plan(arguments: list[str]) -> Plan:
    """What is to be played; makes the folder.

    Raises:
        BadInputError: an argument is wrong.
    """
    flags: CompareFlags = parse(
        CompareFlags,
        arguments,
        command="compare",
        description=DESCRIPTION,
        default=CompareFlags(fields=_look_up(arguments)),
    )
    for name in ("seeds", "workers"):
        if getattr(flags, name) < 1:
            raise BadInputError(f"{name}={getattr(flags, name)} is not allowed: must be at least 1")
    try:
        find_simulator(flags.simulator, default_family())
        specs, notes = find_agents(flags.agents)
    except (ValueError, MissingExtraError) as error:
        raise BadInputError(str(error)) from error
    folder = make_folder(flags.out)
    runs = [
        Run(
            scenario=flags.fields,
            agent=spec.name,
            agent_config=spec.config_dict(),
            simulator=flags.simulator,
            seed=seed,
            code=trace_code(spec.name, spec.config_dict(), flags.simulator),
        )
        for seed in range(1, flags.seeds + 1)
        for spec in specs
    ]
    return Plan(
        [(run, folder / _label(run.agent) / f"seed-{run.seed}") for run in runs], folder, flags.workers, notes
    )


def find_agents(names: str) -> tuple[list[AgentSpec], list[str]]:
    """The agents, and what to say about those of `all` that cannot be had.

    Args:
        names: separated by commas, or `all`.

    Raises:
        ValueError: an agent is unknown, named twice, or shares its folder with another.
        MissingExtraError: an agent that was named needs a library that is not installed.
    """
    wanted = list(default_family().agents) if names == "all" else [name.strip() for name in names.split(",")]
    labels = [_label(name) for name in wanted]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"agents={names!r} is not allowed: {label} is there twice")
    specs, notes = [], []
    for name in wanted:
        spec = find_agent(name)
        try:
            spec.make()
        except MissingExtraError as error:
            if names != "all":
                raise MissingExtraError(f"agent {name!r}: {error}") from error
            notes.append(f"Without {name}: {error}")
        else:
            specs.append(spec)
    return specs, notes


def _label(agent: str) -> str:
    """Name of the agent's folder."""
    return Path(agent).name.replace(":", "-")


def _look_up(arguments: list[str]) -> Scenario:
    """The scenario that the other flags start from; the default where only help is wanted."""
    try:
        return find_scenario_of(Scenario, peek(arguments, "--scenario", DEFAULT_SCENARIO))
    except ValueError as error:
        if {"-h", "--help"} & set(arguments):
            return PRESETS[DEFAULT_SCENARIO]
        raise BadInputError(str(error)) from error
