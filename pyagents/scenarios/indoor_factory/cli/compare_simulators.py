# SPDX-License-Identifier: GPL-2.0-only
"""`nru compare-simulators`: the mock beside ns-3."""

import dataclasses
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyagents.cli.comparison_table import compare
from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, BadInputError, refusing
from pyagents.cli.flags import STORE, check_counts, check_folder, make_folder, parse
from pyagents.cli.table import make_table, say
from pyagents.cli.workers import play_all
from pyagents.core.agent_spec import AgentSpec, find_agent
from pyagents.core.families import find_scenario_of
from pyagents.core.files import to_csv, write_whole
from pyagents.core.metrics import Metric
from pyagents.runs.run import Run, list_runs
from pyagents.runs.store import Store
from pyagents.runs.task import Task
from pyagents.scenarios.indoor_factory.efficiency import METRICS, PLACE
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.same_halls import DRAWS, play_in_halls_of, ratio
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.statistics.comparison import Comparison
from pyagents.statistics.interval import Estimate
from pyagents.statistics.twins import Twins

TRUTH, TWIN = "ns3", "mock"

DESCRIPTION = """The mock beside ns-3: the same scenarios and agents on both, with 95 % bootstrap intervals.

Leaves simulators.csv (the table) and ranking.csv; runs are kept as they end. The two draw other random
numbers: what is compared are distributions over seeds. With --same-halls the mock is set into the halls that
ns-3 drew, and ratios come with their standard errors over halls."""


COLUMNS = tuple(
    METRICS.table[name]
    for name in (
        "load_mean",
        "load_std",
        "load_max",
        "airtime_mean",
        "airtime_used_mean",
        "spectral_efficiency",
        "throughput_mbps",
        "satisfied_share",
        "starved_share",
        "delay_p99_ms",
        "wifi_throughput_mbps",
        "sib_loss_share",
        "sib_age_mean_s",
        "handovers",
    )
)
RANKED = ("load_std", "load_variance", "satisfied_share", "throughput_mbps", "handovers")

OF_EACH_RUN = "Of each run: means over its second half, handovers over all of it."
NOTE = (
    f"Means over the seeds with 95 % bootstrap intervals; +-: standard deviation over seeds. {OF_EACH_RUN} "
    "A dash: not modelled, as are delays on the mock."
)
SAME_HALLS_NOTE = (
    f"The mock in the halls of ns-3, {DRAWS} runs each; ratio +- standard error over halls. {OF_EACH_RUN}"
)


@dataclass(frozen=True, kw_only=True)
class SimulatorsFlags:
    """Flags of `nru compare-simulators`."""

    scenarios: str = "fig5,fig7"
    """Presets or files of fields, separated by commas."""
    n_ues: str = ""
    """Numbers of UEs to put into each scenario, separated by commas; empty: its own."""
    agents: str = "max-rsrp,gt-rl"
    """Names as `nru run` takes them, separated by commas."""
    seeds: int = 10
    """Number of random runs of each: 1, 2, and so on."""
    steps: int = 30
    """SIBx periods of a run."""
    same_halls: bool = False
    """Set the mock into the halls that ns-3 drew."""
    workers: int = os.cpu_count() or 1
    """Number of runs that play at once."""
    out: Path = Path("results/compare-simulators")
    """Folder for the results."""
    store: Path = STORE
    """Folder that runs are kept in, for all commands."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: SimulatorsFlags = parse(
        SimulatorsFlags, arguments, command="compare-simulators", description=DESCRIPTION
    )
    scenarios, agents = _look_up(flags)
    for path in (flags.out, flags.store):
        check_folder(path)
    console = Console()
    simulators = (TRUTH,) if flags.same_halls else (TRUTH, TWIN)
    runs = {name: list_all(scenario, agents, simulators, flags.seeds) for name, scenario in scenarios.items()}
    sides = play(runs, Store(flags.store), flags.workers, console)
    played = {
        name: Twins(
            truth=sides[name, TRUTH],
            twin=play_in_halls_of(runs[name]) if flags.same_halls else sides[name, TWIN],
        )
        for name in scenarios
    }
    folder = make_folder(flags.out)
    table: list[dict[str, float | str]] = []
    ranking: list[dict[str, float | str]] = []
    for name, twins in played.items():
        print_twins(console, name, twins, same_halls=flags.same_halls)
        table += table_rows(name, twins, same_halls=flags.same_halls)
        ranking += ranking_rows(name, twins)
    write_whole(folder / "simulators.csv", to_csv(table))
    write_whole(folder / "ranking.csv", to_csv(ranking))
    say(console, SAME_HALLS_NOTE if flags.same_halls else NOTE, style="dim")
    for file in ("simulators.csv", "ranking.csv"):
        print(folder / file)
    return DONE


def list_all(
    scenario: Scenario, agents: Sequence[AgentSpec], simulators: Sequence[str], seeds: int
) -> list[Run]:
    """Runs of a scenario: of each simulator, seed and agent one."""
    return [
        run
        for simulator in simulators
        for run in list_runs(scenario, agents, simulator, range(1, seeds + 1), PLACE)
    ]


def play(
    runs: Mapping[str, Sequence[Run]], store: Store, workers: int, console: Console
) -> dict[tuple[str, str], Comparison]:
    """Play runs by the name of their scenario; what they came to, by that name and simulator."""
    tasks = [
        (name, Task(run=run, where=f"{name} on {run.simulator}"))
        for name, all_ in runs.items()
        for run in all_
    ]
    records = play_all([task for _, task in tasks], store, console, count=workers)
    places = [(name, task.run.simulator) for name, task in tasks]
    return {
        place: compare([record for there, record in zip(places, records, strict=True) if there == place])
        for place in places
    }


def table_rows(scenario: str, twins: Twins, *, same_halls: bool = False) -> list[dict[str, float | str]]:
    """Rows of scenario, agent, metric, and of each simulator mean, interval and spread; and their ratio.

    Of the ratio the interval, or in the same halls the standard error.
    """
    rows: list[dict[str, float | str]] = []
    for agent in twins.agents:
        for column in COLUMNS:
            row: dict[str, float | str] = {"scenario": scenario, "agent": agent, "metric": column.name}
            for name, side, spread in zip(
                (TRUTH, TWIN), (twins.truth, twins.twin), twins.spreads(column.name, agent), strict=True
            ):
                of_side = {**side.means(column.name)[agent].to_row(), "spread": spread}
                row |= {f"{name}_{key}": of_side[key] for key in ("mean", "low", "high", "spread", "seeds")}
            if same_halls:
                paired = ratio(twins, column.name, agent)
                rows.append(row | {"ratio": paired.mean, "ratio_error": paired.error})
                continue
            of_seeds = twins.ratio(column.name, agent)
            rows.append(
                row | {"ratio": of_seeds.mean, "ratio_low": of_seeds.low, "ratio_high": of_seeds.high}
            )
    return rows


def ranking_rows(scenario: str, twins: Twins) -> list[dict[str, float | str]]:
    """Rows of scenario, metric, the agents' order on each simulator, and what that comes to."""
    return [
        {
            "scenario": scenario,
            "metric": metric,
            TRUTH: " > ".join(twins.order(metric)[0]),
            TWIN: " > ".join(twins.order(metric)[1]),
            "verdict": twins.verdict(metric),
        }
        for metric in RANKED
    ]


def print_twins(console: Console, scenario: str, twins: Twins, *, same_halls: bool = False) -> None:
    """Print the table of a scenario and the ranking of its agents."""
    for agent in twins.agents:
        table = make_table("", TRUTH, TWIN, f"{TWIN} / {TRUTH}", title=f"{scenario}, {agent}")
        for column in COLUMNS:
            spreads = twins.spreads(column.name, agent)
            cells = [
                _cell(side.means(column.name)[agent], spread, column)
                for side, spread in zip((twins.truth, twins.twin), spreads, strict=True)
            ]
            if same_halls:
                paired = ratio(twins, column.name, agent)
                compared = "-" if math.isnan(paired.mean) else f"{paired.mean:.2f} +-{paired.error:.2f}"
            else:
                compared = twins.ratio(column.name, agent).show("{:.2f}".format)
            table.add_row(column.title, *cells, compared)
        console.print(table)
    if len(twins.agents) > 1:
        for row in ranking_rows(scenario, twins):
            orders = f"{TRUTH} {row[TRUTH]}; {TWIN} {row[TWIN]}"
            say(console, f"{scenario}, by {row['metric']}: {orders}: {row['verdict']}")
    console.print()


def _cell(mean: Estimate, spread: float, column: Metric) -> str:
    text = mean.show(column.show)
    return text if math.isnan(spread) else f"{text} +-{column.show(spread)}"


def _look_up(flags: SimulatorsFlags) -> tuple[dict[str, Scenario], list[AgentSpec]]:
    """Find scenarios by name, and agents; BadInputError where one does not exist."""
    check_counts(flags, "seeds", "workers", "steps")
    agents = [name.strip() for name in flags.agents.split(",")]
    scenarios: dict[str, Scenario] = {}
    with refusing():
        specs = [find_agent(agent, FAMILY) for agent in agents]
        for spec in flags.scenarios.split(","):
            scenario = dataclasses.replace(find_scenario_of(Scenario, spec.strip()), steps=flags.steps)
            label = Path(spec.strip()).stem
            if not flags.n_ues:
                scenarios[label] = scenario
            for n_ues in filter(None, flags.n_ues.split(",")):
                scenarios[f"{label}-{int(n_ues)}-ues"] = dataclasses.replace(scenario, n_ues=int(n_ues))
    if len(set(agents)) < len(agents):
        raise BadInputError(f"agents={flags.agents!r} is not allowed: one is there twice")
    return scenarios, specs
