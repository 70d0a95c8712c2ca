# SPDX-License-Identifier: GPL-2.0-only
"""`nru demo`: a hall of 100 UEs with GT-RL, without balancing, and with MAPPO, side by side."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, refusing
from pyagents.cli.flags import STORE, check_counts, check_folder, make_folder, parse
from pyagents.cli.progress import RunProgress
from pyagents.cli.summary import print_summary, summary_markdown
from pyagents.cli.table import say
from pyagents.cli.workers import play_all
from pyagents.core.agent_spec import find_agent
from pyagents.core.files import write_whole
from pyagents.runs.export import check_target, export
from pyagents.runs.record import Record
from pyagents.runs.run import list_runs
from pyagents.runs.store import Store
from pyagents.runs.task import Task
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario

AGENTS = {"gt-rl": "GT-RL", "max-rsrp": "No balancing", "mappo": "MAPPO"}
SIMULATOR = "ns3"
PICTURE = "balance.png"

DESCRIPTION = """GT-RL, no balancing and MAPPO, a learnt policy, in a hall where balancing matters, on ns-3.

10 gNBs on a regular grid and 100 UEs in a hall of 120 m x 50 m, beside Wi-Fi: the preset fig7. Leaves
balance.png, summary.md and, for each agent, rows.csv, summary.json, scenario.json and the simulator's log."""


@dataclass(frozen=True, kw_only=True)
class DemoFlags:
    """Flags of `nru demo`."""

    seed: int = 2
    """Number of the random run, 1 or above; in that of the film in README 17 % of the UEs lack data without
    balancing, over ten seeds 13 %."""
    steps: int = 50
    """SIBx periods to play."""
    out: Path | None = None
    """Folder for the results; by default results/demo, where they take the place of older ones."""
    store: Path = STORE
    """Folder that runs are kept in, for all commands."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: DemoFlags = parse(DemoFlags, arguments, command="demo", description=DESCRIPTION)
    check_counts(flags, "seed")
    with refusing():
        scenario = dataclasses.replace(PRESETS["fig7"], steps=flags.steps)
        runs = list_runs(scenario, map(find_agent, AGENTS), SIMULATOR, [flags.seed])
        folder = flags.out or Path("results/demo")
        for run in runs if flags.out else ():
            check_target(folder / run.agent, run)
    for path in (folder, flags.store):
        check_folder(path)

    console, store = Console(), Store(flags.store)
    say(console, describe(scenario), style="bold")
    tasks = [Task(run=run, who=AGENTS[run.agent]) for run in runs]
    played = play_all(tasks, store, console, count=len(tasks), progress=RunProgress)
    records = {task.group: record for task, record in zip(tasks, played, strict=True)}
    make_folder(folder)
    for run in runs:
        export(run, store.files(run.key), folder / run.agent, replace=flags.out is None)
    _report(console, records, scenario, flags.seed, folder)
    return DONE


def describe(scenario: Scenario) -> str:
    """The situation in one line."""
    layout = {"grid": "on a grid", "random": "at random places"}[scenario.gnb_layout]
    return (
        f"{scenario.n_gnbs} gNBs {layout}, {scenario.n_ues} UEs at {scenario.demand_mbps:g} Mb/s, "
        f"{scenario.hall_length_m:g} m x {scenario.hall_width_m:g} m"
    )


def _report(
    console: Console, records: dict[str, Record], scenario: Scenario, seed: int, folder: Path
) -> None:
    """Draw the figure, write and print the table, say where everything is."""
    from pyagents.scenarios.indoor_factory.figures.balance import draw_balance

    source = f"ns-3, seed {seed}, scenario {scenario.key[:8]}"
    draw_balance(
        {name: record.rows for name, record in records.items()},
        caption=f"{describe(scenario)}; {source}",
        path=folder / PICTURE,
    )
    summaries = {name: record.summary for name, record in records.items()}
    table = summary_markdown(FAMILY.metrics, summaries)
    write_whole(folder / "summary.md", f"{describe(scenario)}; {source}.\n\n{table}")
    print_summary(console, FAMILY.metrics, summaries)
    for name in (PICTURE, "summary.md", *(f"{agent}/rows.csv" for agent in AGENTS)):
        print(folder / name)
