# SPDX-License-Identifier: GPL-2.0-only
"""`nru run`: one agent in one scenario."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import tyro

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import check_timeout, make_folder, parse, peek
from pyagents.core.agent_spec import AgentSpec, find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.families import default_family, find_scenario_of
from pyagents.runs.provenance import trace_code
from pyagents.runs.rollout import Meter
from pyagents.runs.run import Run
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.scenario import PRESETS, Scenario
from pyagents.simulators.registry import REMOTE, find_simulator

if TYPE_CHECKING:
    from pyagents.simulators.remote import RemoteSimulator

Options = TypeVar("Options")

DEFAULT_AGENT, DEFAULT_SCENARIO = "gt-rl", "fig7"

DESCRIPTION = f"""One run: an agent in a scenario.

Agents: {", ".join(default_family().agents)},
or anybody's as package.module:Class or path/to/file.py:Class; the agent's own options are flags too.
Leaves rows.csv, summary.json, scenario.json and the simulator's log."""


@dataclass(frozen=True, kw_only=True)
class NoOptions:
    """For an agent without options."""


@dataclass(frozen=True, kw_only=True)
class RunFlags(Generic[Options]):
    """What `nru run` takes."""

    agent: str = DEFAULT_AGENT
    """Name of the agent, package.module:Class, or path/to/file.py:Class."""
    simulator: str = "ns3"
    """ns3, mock, or replay:PATH of a recording."""
    endpoint: str = ""
    """Listen here for a scenario that somebody else starts (`nru serve-ns3`, `nru serve-mock`) instead:
    tcp://127.0.0.1:PORT or ipc:///PATH; with --keys also tcp://ADDRESS:PORT, tcp://*:PORT."""
    keys: Path | None = None
    """Folder that `nru keys` filled, for --endpoint."""
    timeout_s: float = 600.0
    """Longest wait for the scenario at --endpoint."""
    scenario: str = DEFAULT_SCENARIO
    """Preset, or a .json or .toml file of fields; the fields' own flags override it."""
    seed: int = 1
    """Number of the random run, 1 or above."""
    out: Path | None = None
    """Folder for the results; by default one under results/ that is named after agent, seed and content."""
    record: bool = False
    """Leave recording.npz too: every state and action, for --simulator replay:PATH."""
    fields: Annotated[Scenario, tyro.conf.arg(name=""), tyro.conf.OmitArgPrefixes]
    """The scenario's fields."""
    options: Annotated[Options, tyro.conf.arg(name="agent")]
    """The agent's options."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    plan = make_plan(arguments)
    run, folder = plan.run, plan.folder

    from rich.console import Console

    from pyagents.cli.progress import RunProgress
    from pyagents.cli.summary import print_summary
    from pyagents.runs.execute import execute

    console = Console()
    if plan.simulator is not None:
        console.print(f"Waits at {plan.simulator.endpoint} for a scenario.", highlight=False, soft_wrap=True)
    meter = make_meter(run.scenario)
    with RunProgress([run.agent], run.scenario.steps, console) as progress:
        result = execute(
            run,
            meter,
            folder,
            on_step=lambda step, row: progress.note(run.agent, step, row),
            record=plan.record,
            simulator=plan.simulator,
        )
    print_summary(console, {run.agent: result.summary})
    print(folder)
    return DONE


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """What is to be run."""

    run: Run
    folder: Path
    """For its results; exists."""
    record: bool
    """Whether to keep every state."""
    simulator: "RemoteSimulator | None"
    """Plays it; None: the one that the run names."""


def make_plan(arguments: list[str]) -> RunPlan:
    """What the command line asks for.

    Raises:
        BadInputError: an argument is wrong.
    """
    spec, preset = _look_up(arguments)
    options = NoOptions() if spec.config is None else spec.config
    flags: RunFlags[Any] = parse(
        RunFlags[type(options)],  # type: ignore[misc]
        arguments,
        command="run",
        description=DESCRIPTION,
        default=RunFlags(agent=spec.name, fields=preset, options=options),
    )
    try:
        remote = _make_remote(flags)
        find_simulator(flags.simulator, default_family())
        spec.make()
    except (ValueError, MissingExtraError) as error:
        raise BadInputError(str(error)) from error
    if flags.seed < 1:
        raise BadInputError(f"seed={flags.seed} is not allowed: must be at least 1")
    config = (
        {} if spec.config is None else AgentSpec(name="", cls=spec.cls, config=flags.options).config_dict()
    )
    simulator = REMOTE if remote else flags.simulator
    run = Run(
        scenario=flags.fields,
        agent=flags.agent,
        agent_config=config,
        simulator=simulator,
        seed=flags.seed,
        code=trace_code(flags.agent, config, simulator),
    )
    label = Path(run.agent).name.replace(":", "-")
    folder = make_folder(flags.out or Path("results") / f"{label}-seed{run.seed}-{run.key[:8]}")
    return RunPlan(run=run, folder=folder, record=flags.record, simulator=remote)


def _make_remote(flags: RunFlags[Any]) -> "RemoteSimulator | None":
    """The scenario that somebody else starts, if it is to be one.

    Raises:
        BadInputError: flags contradict each other.
        ValueError: endpoint or keys are wrong.
    """
    if not flags.endpoint:
        if flags.keys is not None:
            raise BadInputError("keys is allowed only with --endpoint")
        return None
    if flags.simulator != "ns3":
        raise BadInputError(f"simulator={flags.simulator} is not allowed with --endpoint: others play there")
    check_timeout(flags.timeout_s)

    from pyagents.simulators.remote import RemoteSimulator

    return RemoteSimulator(flags.endpoint, keys=flags.keys, timeout_s=flags.timeout_s)


def make_meter(scenario: Scenario) -> Meter:
    """The project's metrics, as a rollout takes them."""
    return Meter(
        row=partial(metrics.row, scenario=scenario),
        history=metrics.history_steps(scenario),
        summary=metrics.summary,
    )


def _look_up(arguments: list[str]) -> tuple[AgentSpec, Scenario]:
    """The agent and the scenario that the other flags start from; the defaults where only help is wanted."""
    try:
        spec = find_agent(peek(arguments, "--agent", DEFAULT_AGENT))
        return spec, find_scenario_of(Scenario, peek(arguments, "--scenario", DEFAULT_SCENARIO))
    except ValueError as error:
        if {"-h", "--help"} & set(arguments):
            return find_agent(DEFAULT_AGENT), PRESETS[DEFAULT_SCENARIO]
        raise BadInputError(str(error)) from error
