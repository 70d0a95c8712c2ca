# SPDX-License-Identifier: GPL-2.0-only
"""`nru compare-simulators`: the mock beside ns-3."""

import dataclasses
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import make_folder, parse
from pyagents.cli.progress import SweepProgress
from pyagents.core.agent_spec import find_agent
from pyagents.core.families import find_scenario_of
from pyagents.core.metrics import Metric
from pyagents.runs.comparison import Comparison
from pyagents.runs.pool import execute_all
from pyagents.runs.rollout import Meter, Row
from pyagents.runs.run import Run
from pyagents.runs.store import to_csv, write_whole
from pyagents.runs.twins import Twins
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.metric_table import METRICS
from pyagents.scenarios.indoor_factory.same_halls import DRAWS, play_in_halls_of, ratio
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.statistics.interval import Estimate

TRUTH, TWIN = "ns3", "mock"

DESCRIPTION = """The mock beside ns-3: the same scenarios and agents on both, with 95 % bootstrap intervals.

Leaves simulators.csv (the table), ranking.csv, and each run in a folder of its own. The two draw other random
numbers: what is compared are distributions over seeds. With --same-halls the mock is set into the halls that
ns-3 drew, and ratios come with their standard errors over halls."""


COLUMNS = (
    METRICS["load_mean"],
    METRICS["load_std"],
    METRICS["load_max"],
    METRICS["airtime_mean"],
    METRICS["airtime_used_mean"],
    Metric(name="spectral_efficiency", label="spectral efficiency", unit="bit/s/Hz", form=".2f"),
    METRICS["throughput_mbps"],
    METRICS["satisfied_share"],
    METRICS["starved_share"],
    METRICS["delay_p99_ms"],
    METRICS["wifi_throughput_mbps"],
    METRICS["sib_loss_share"],
    METRICS["sib_age_mean_s"],
    METRICS["handovers"],
)
RANKED = ("load_std", "load_variance", "satisfied_share", "throughput_mbps", "handovers")
BANDWIDTH_HZ = 20e6

OF_EACH_RUN = "Of each run: means over its second half, handovers over all of it."
NOTE = f"Means over the seeds with 95 % bootstrap intervals; +-: standard deviation over seeds. {OF_EACH_RUN}"
SAME_HALLS_NOTE = (
    f"The mock in the halls of ns-3, {DRAWS} runs each; ratio +- standard error over halls. {OF_EACH_RUN}"
)


@dataclass(frozen=True, kw_only=True)
class SimulatorsFlags:
    """What `nru compare-simulators` takes."""

    scenarios: str = "fig5,fig7"
    """Presets or files of fields, separated by commas."""
    n_ues: str = ""
    """Numbers of UEs to put into each scenario, separated by commas; empty: its own."""
    agents: str = "max-rsrp,gt-rl"
    """Names as `nru run` takes them, separated by commas."""
    seeds: int = 10
    """How many random runs of each: numbers 1, 2, and so on."""
    steps: int = 30
    """SIBx periods of a run."""
    same_halls: bool = False
    """Set the mock into the halls that ns-3 drew."""
    workers: int = os.cpu_count() or 1
    """How many runs play at once."""
    out: Path = Path("results/compare-simulators")
    """Folder for the results."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: SimulatorsFlags = parse(
        SimulatorsFlags, arguments, command="compare-simulators", description=DESCRIPTION
    )
    scenarios, agents = _look_up(flags)
    folder = make_folder(flags.out)

    from pyagents.toolchain import scenario_program

    scenario_program()  # built first, if need be, so that no run waits for it behind a progress bar
    console = Console()
    table: list[dict[str, float | str]] = []
    ranking: list[dict[str, float | str]] = []
    simulators = (TRUTH,) if flags.same_halls else (TRUTH, TWIN)
    total = len(scenarios) * len(agents) * len(simulators) * flags.seeds
    played: dict[str, Twins] = {}
    with SweepProgress(total, flags.steps, console) as progress:
        for name, scenario in scenarios.items():
            runs = list_runs(scenario, agents, simulators, flags.seeds)
            sides = play(runs, folder / name, flags.workers, progress.note)
            played[name] = (
                play_in_halls_of(sides[TRUTH], make_meter(scenario))
                if flags.same_halls
                else Twins(truth=sides[TRUTH], twin=sides[TWIN])
            )
    for name, twins in played.items():
        print_twins(console, name, twins, same_halls=flags.same_halls)
        table += table_rows(name, twins, same_halls=flags.same_halls)
        ranking += ranking_rows(name, twins)
    write_whole(folder / "simulators.csv", to_csv(table))
    write_whole(folder / "ranking.csv", to_csv(ranking))
    console.print(SAME_HALLS_NOTE if flags.same_halls else NOTE, style="dim", soft_wrap=True)
    for file in ("simulators.csv", "ranking.csv"):
        print(folder / file)
    return DONE


def list_runs(scenario: Scenario, agents: Sequence[str], simulators: Sequence[str], seeds: int) -> list[Run]:
    """Runs of a scenario: of each seed, agent and simulator one."""
    return [
        Run(
            scenario=scenario,
            agent=agent,
            agent_config=find_agent(agent).config_dict(),
            simulator=simulator,
            seed=seed,
        )
        for seed in range(1, seeds + 1)
        for agent in agents
        for simulator in simulators
    ]


def play(
    runs: Sequence[Run],
    folder: Path,
    workers: int,
    note: Callable[[str, int], None] = lambda name, step: None,
) -> dict[str, Comparison]:
    """Play runs of one scenario; what they came to, by simulator.

    Args:
        runs: what to play.
        folder: where the runs go.
        workers: how many play at once.
        note: called with name and number of each step played.
    """
    results = execute_all(
        [(run, folder / run.simulator / Path(run.agent).name / f"seed-{run.seed}") for run in runs],
        make_meter(runs[0].scenario),
        workers=workers,
        on_step=lambda run, step, row: note(f"{run.simulator}, {run.agent}, seed {run.seed}", step),
    )
    return {
        simulator: Comparison(results=[result for result in results if result.run.simulator == simulator])
        for simulator in dict.fromkeys(run.simulator for run in runs)
    }


def make_meter(scenario: Scenario) -> Meter:
    """The project's metrics, and spectral efficiency."""

    def row(history: Sequence[Snapshot]) -> Row:
        return {**metrics.row(history, scenario), "spectral_efficiency": spectral_efficiency(history[-1])}

    def summary(rows: Sequence[Row]) -> Row:
        settled = [row["spectral_efficiency"] for row in rows[len(rows) // 2 :]]
        return {**metrics.summary(rows), "spectral_efficiency": sum(settled) / len(settled)}

    return Meter(row=row, history=metrics.history_steps(scenario), summary=summary)


def spectral_efficiency(snapshot: Snapshot) -> float:
    """Mean over UEs of the rate of the link to the serving gNB, while it transmits, over 20 MHz, bit/s/Hz."""
    rate = snapshot.rate_bps[np.arange(snapshot.n_ues), snapshot.serving]
    return float(rate.mean()) / BANDWIDTH_HZ


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
                mean = side.means(column.name)[agent]
                row |= {f"{name}_mean": mean.mean, f"{name}_low": mean.low, f"{name}_high": mean.high}
                row |= {f"{name}_spread": spread, f"{name}_seeds": mean.count}
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
        table = Table(
            title=f"{scenario}, {agent}",
            title_justify="left",
            box=None,
            pad_edge=False,
            header_style="bold",
        )
        table.add_column("")
        for head in (TRUTH, TWIN, f"{TWIN} / {TRUTH}"):
            table.add_column(head, justify="right")
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
                compared = _interval(twins.ratio(column.name, agent), "{:.2f}".format)
            table.add_row(column.title, *cells, compared)
        console.print(table)
    if len(twins.agents) > 1:
        for row in ranking_rows(scenario, twins):
            console.print(
                f"{scenario}, by {row['metric']}: {TRUTH} {row[TRUTH]}; {TWIN} {row[TWIN]}: {row['verdict']}",
                highlight=False,
                soft_wrap=True,
            )
    console.print()


def _cell(mean: Estimate, spread: float, column: Metric) -> str:
    text = _interval(mean, column.show)
    return text if math.isnan(spread) else f"{text} +-{column.show(spread)}"


def _interval(estimate: Estimate, show: Callable[[float], str]) -> str:
    if math.isnan(estimate.mean):
        return "-"
    text = show(estimate.mean)
    return text if math.isnan(estimate.low) else f"{text} ({show(estimate.low)} to {show(estimate.high)})"


def _look_up(flags: SimulatorsFlags) -> tuple[dict[str, Scenario], list[str]]:
    """Scenarios by name, and agents.

    Raises:
        BadInputError: one does not exist, or a number is not allowed.
    """
    for name in ("seeds", "workers", "steps"):
        if getattr(flags, name) < 1:
            raise BadInputError(f"{name}={getattr(flags, name)} is not allowed: must be at least 1")
    agents = [name.strip() for name in flags.agents.split(",")]
    scenarios: dict[str, Scenario] = {}
    try:
        for agent in agents:
            find_agent(agent)
        for spec in flags.scenarios.split(","):
            scenario = dataclasses.replace(find_scenario_of(Scenario, spec.strip()), steps=flags.steps)
            label = Path(spec.strip()).stem
            if not flags.n_ues:
                scenarios[label] = scenario
            for n_ues in filter(None, flags.n_ues.split(",")):
                scenarios[f"{label}-{int(n_ues)}-ues"] = dataclasses.replace(scenario, n_ues=int(n_ues))
    except ValueError as error:
        raise BadInputError(str(error)) from error
    if len(set(agents)) < len(agents):
        raise BadInputError(f"agents={flags.agents!r} is not allowed: one is there twice")
    return scenarios, agents
