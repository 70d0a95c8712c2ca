# SPDX-License-Identifier: GPL-2.0-only
"""`nru demo`: the paper's Fig. 5 situation with GT-RL, without balancing, and with MAPPO, side by side."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import make_folder, parse
from pyagents.cli.progress import RunProgress
from pyagents.cli.run import make_meter
from pyagents.cli.summary import print_summary, summary_markdown
from pyagents.core.agent_spec import find_agent
from pyagents.runs.execute import Result
from pyagents.runs.pool import execute_all
from pyagents.runs.provenance import trace_code
from pyagents.runs.run import Run
from pyagents.runs.store import write_whole
from pyagents.scenarios.indoor_factory.scenario import PRESETS, Scenario

AGENTS = {"gt-rl": "GT-RL", "max-rsrp": "No balancing", "mappo": "MAPPO"}
SIMULATOR = "ns3"

DESCRIPTION = """GT-RL, no balancing and MAPPO, a learnt policy, in the paper's Fig. 5 situation, on ns-3.

6 gNBs on a regular grid and 40 UEs at 5 Mb/s in a hall of 120 m x 50 m. Leaves load-deviation.png, summary.md
and, for each agent, rows.csv, summary.json, scenario.json and the simulator's log."""


@dataclass(frozen=True, kw_only=True)
class DemoFlags:
    """What `nru demo` takes."""

    seed: int = 1
    """Number of the random run, 1 or above."""
    steps: int = 50
    """SIBx periods to play."""
    out: Path = Path("results/demo")
    """Folder for the results."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: DemoFlags = parse(DemoFlags, arguments, command="demo", description=DESCRIPTION)
    if flags.seed < 1:
        raise BadInputError(f"seed={flags.seed} is not allowed: must be at least 1")
    try:
        scenario = dataclasses.replace(PRESETS["fig5"], steps=flags.steps)
    except ValueError as error:
        raise BadInputError(str(error)) from error
    folder = make_folder(flags.out)
    _prepare()

    console = Console()
    console.print(f"[bold]{describe(scenario)}[/bold]", highlight=False)
    runs = [
        Run(
            scenario=scenario,
            agent=agent,
            agent_config=find_agent(agent).config_dict(),
            simulator=SIMULATOR,
            seed=flags.seed,
            code=trace_code(agent, find_agent(agent).config_dict(), SIMULATOR),
        )
        for agent in AGENTS
    ]
    with RunProgress(list(AGENTS.values()), scenario.steps, console) as progress:
        results = _play(runs, folder, progress)
    _report(console, results, scenario, flags.seed, folder)
    return DONE


def describe(scenario: Scenario) -> str:
    """The situation in one line."""
    layout = {"grid": "on a grid", "random": "at random places"}[scenario.gnb_layout]
    return (
        f"{scenario.n_gnbs} gNBs {layout}, {scenario.n_ues} UEs at {scenario.demand_mbps:g} Mb/s, "
        f"{scenario.hall_length_m:g} m x {scenario.hall_width_m:g} m"
    )


def _prepare() -> None:
    """Build the scenario program first, if need be, so that no run waits for it behind a progress bar."""
    from pyagents.toolchain import scenario_program

    scenario_program()


def _play(runs: list[Run], folder: Path, progress: RunProgress) -> dict[str, Result]:
    """Play all runs at once."""
    results = execute_all(
        [(run, folder / run.agent) for run in runs],
        make_meter(runs[0].scenario),
        workers=len(runs),
        on_step=lambda run, step, row: progress.note(AGENTS[run.agent], step, row),
    )
    return {AGENTS[result.run.agent]: result for result in results}


def _report(
    console: Console, results: dict[str, Result], scenario: Scenario, seed: int, folder: Path
) -> None:
    """Draw the figure, write and print the table, say where everything is."""
    from pyagents.scenarios.indoor_factory.figures.load_deviation import draw_load_deviation

    source = f"ns-3, seed {seed}, scenario {scenario.key[:8]}"
    draw_load_deviation(
        {name: result.rows for name, result in results.items()},
        title="How evenly the gNBs are loaded",
        caption=f"{describe(scenario)}; {source}",
        path=folder / "load-deviation.png",
    )
    summaries = {name: result.summary for name, result in results.items()}
    write_whole(folder / "summary.md", f"{describe(scenario)}; {source}.\n\n{summary_markdown(summaries)}")
    print_summary(console, summaries)
    for name in ("load-deviation.png", "summary.md", *(f"{agent}/rows.csv" for agent in AGENTS)):
        print(folder / name)
