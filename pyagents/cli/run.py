# SPDX-License-Identifier: GPL-2.0-only
"""`nru run`: one agent in one scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

import tyro

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, BadInputError, CommandError, refusing
from pyagents.cli.flags import (
    DEFAULT_SCENARIO,
    STORE,
    check_counts,
    check_folder,
    check_timeout,
    fields_of,
    list_choices,
    parse,
    peek,
    peek_and_find,
    peek_scenario,
    wants_help,
)
from pyagents.cli.progress import RunProgress
from pyagents.cli.summary import describe_replay, print_summary
from pyagents.cli.table import say
from pyagents.cli.workers import build_programs, list_programs, play
from pyagents.core.agent_spec import AgentSpec, find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.families import default_family, find_family
from pyagents.core.family import Family
from pyagents.core.mistake import AgentMistakeError
from pyagents.runs.export import check_target, export
from pyagents.runs.needs import PREFIX, WEIGHTS, client_in, key_in, with_files
from pyagents.runs.record import decode
from pyagents.runs.rollout import Row
from pyagents.runs.run import Run, list_runs
from pyagents.runs.store import LostRecordError, Store
from pyagents.runs.sweep import find_missing
from pyagents.runs.task import OnStep, Task, Work, perform
from pyagents.runs.workers import Here
from pyagents.simulators.registry import REMOTE, REPLAY, find_simulator, simulators

if TYPE_CHECKING:
    from pyagents.simulators.remote import RemoteSimulator

Options = TypeVar("Options")
Fields = TypeVar("Fields")

DESCRIPTION = """One run: an agent in a scenario, whose fields are flags, as the agent's own options are.

Leaves rows.csv, summary.json, scenario.json and the simulator's log. A run that is in the store is not played
again.
"""


@dataclass(frozen=True, kw_only=True)
class NoOptions:
    """For an agent without options."""


@dataclass(frozen=True, kw_only=True)
class ResultFlags:
    """Where results go."""

    out: Path | None = None
    """Folder for the results; by default one under results/ that is named after agent, seed and content."""
    record: bool = False
    """Leave recording.npz too: every state and action, for --simulator replay:PATH."""
    store: Path = STORE
    """Folder that runs are kept in, for all commands."""
    resume: bool = True
    """Take a run that is in the store from there; --no-resume: play it anew."""


@dataclass(frozen=True, kw_only=True)
class RemoteFlags:
    """Where somebody else's scenario is awaited."""

    endpoint: str = ""
    """Place to listen at: tcp://127.0.0.1:PORT or ipc:///PATH; with --keys also tcp://ADDRESS:PORT,
    tcp://*:PORT. Empty: the run plays here."""
    keys: Path | None = None
    """Folder that `nru keys` filled, for --endpoint."""
    timeout_s: float = 600.0
    """Longest wait for the scenario at --endpoint."""


@dataclass(frozen=True, kw_only=True)
class RunFlags(Generic[Fields, Options]):
    """What `nru run` takes."""

    agent: str = default_family().default_agent
    """Name of the agent, package.module:Class, or path/to/file.py:Class."""
    simulator: str = "ns3"
    """ns3, mock, or replay:PATH of a recording."""
    scenario: str = DEFAULT_SCENARIO
    """Preset, or a .json or .toml file of fields; the fields' own flags override it."""
    seed: int = 1
    """Number of the random run, 1 or above."""
    results: Annotated[ResultFlags, tyro.conf.OmitArgPrefixes] = ResultFlags()
    """Place of what comes out."""
    remote: Annotated[RemoteFlags, tyro.conf.OmitArgPrefixes] = RemoteFlags()
    """Scenario that somebody else starts, with `nru serve-ns3` or `nru serve-mock`."""
    options: Annotated[Options, tyro.conf.arg(name="agent")]
    """Options of the agent."""
    fields: Annotated[Fields, tyro.conf.OmitArgPrefixes]
    """Fields of the scenario."""


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """A run and where it goes."""

    task: Task
    """Run to be played."""
    folder: Path
    """Folder for its results."""
    store: Store
    """Store that it is kept in, unless somebody else plays it."""
    resume: bool
    """Whether a run that is in the store is taken from there."""
    remote: "RemoteSimulator | None"
    """Simulator that somebody else plays; None: the one that the run names."""

    @property
    def run(self) -> Run:
        """The run of the task."""
        return self.task.run


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    plan, _ = make_plan(arguments)
    play_run(plan, Console())
    return DONE


def play_run(plan: RunPlan, console: Console, note: OnStep = lambda step, row: None) -> None:
    """Play a run unless the store has it, write its folder, and say what it came to.

    Args:
        plan: what is to be run.
        console: where progress and summary go.
        note: told of each step that is played.

    Raises:
        CommandError: the run failed.
    """
    run = plan.run
    files = _play_elsewhere(plan, console, note) if plan.remote else _play(plan, console, note)
    export(run, files, plan.folder)
    record = decode(run.key, files)
    print_summary(console, run.metrics, {run.agent: record.summary})
    if "replay" in record.facts:
        say(console, describe_replay(record), style="yellow")
    print(plan.folder)


def make_plan(
    arguments: list[str], form: Any = RunFlags, *, command: str = "run", description: str = DESCRIPTION
) -> tuple[RunPlan, Any]:
    """Tell what the command line asks for, the plan and all flags; BadInputError where an argument is wrong.

    Args:
        arguments: of the command.
        form: `RunFlags`, or what derives from it.
        command: name of the command.
        description: what its help says first.
    """
    preset = peek_scenario(arguments)
    family, fields = find_family(preset.family), fields_of(preset, arguments)
    find = partial(find_agent, family=family)
    spec = peek_and_find(arguments, "--agent", family.default_agent, find, AgentMistakeError)
    is_short = wants_help(arguments) and not peek(arguments, "--agent", "")
    options = NoOptions() if spec.config is None or is_short else spec.config
    flags = parse(
        form[type(fields), type(options)],
        arguments,
        command=command,
        description=f"{description}\n{list_choices(family)}",
        default=form(
            agent=spec.name, simulator=next(iter(simulators(family))), fields=fields, options=options
        ),
    )
    results = flags.results
    if spec.config is not None:
        spec = AgentSpec(name=spec.name, cls=spec.cls, config=flags.options)
    check_counts(flags, "seed")
    with refusing(AgentMistakeError, LostRecordError, MissingExtraError):
        remote = _make_remote(flags, family)
        make = find_simulator(flags.simulator, family)
        if flags.simulator.startswith(REPLAY):
            make(None).reset(flags.fields, flags.seed)  # a recording of this scenario, or refused
        spec = _with_weights(spec, Store(results.store))
        (run,) = list_runs(flags.fields, [spec], REMOTE if remote else flags.simulator, [flags.seed])
        label = Path(run.agent).name.replace(":", "-")
        folder = results.out or Path("results") / f"{label}-seed{run.seed}-{run.key[:8]}"
        check_target(folder, run)
    for path in (folder,) if remote else (folder, results.store):
        check_folder(path)
    plan = RunPlan(
        task=Task(run=run, record=results.record, simulator=remote),
        folder=folder,
        store=Store(results.store),
        resume=results.resume,
        remote=remote,
    )
    return plan, flags


def _play(plan: RunPlan, console: Console, note: OnStep) -> Mapping[str, bytes]:
    """Play the run here unless the store has it; its files."""
    missing = find_missing([plan.task], plan.store) if plan.resume else [plan.task]
    if not missing:
        say(console, "This run is in the store: --no-resume plays it anew.", style="dim")
    else:
        build_programs(list_programs([plan.run]))
        with RunProgress(missing, console) as progress:

            def tell(task: Work, step: int, row: Row) -> None:
                progress.note(task, step, row)
                note(step, row)

            play(missing, plan.store, Here(tell))
    return plan.store.files(plan.run.key)


def _play_elsewhere(plan: RunPlan, console: Console, note: OnStep) -> Mapping[str, bytes]:
    """Play the run with whoever comes; its files. Of what played nothing is known, so no store keeps it."""
    assert plan.remote is not None
    say(console, f"Waits at {plan.remote.endpoint} for a scenario.")
    with RunProgress([plan.task], console) as progress:

        def tell(step: int, row: Row) -> None:
            progress.note(plan.task, step, row)
            note(step, row)

        outcome = perform(plan.task, tell)
    if outcome.error:
        raise CommandError(outcome.error)
    return outcome.files


def _with_weights(spec: AgentSpec, store: Store) -> AgentSpec:
    """Name trainings in full, once the agent can be made with their weights; LostRecordError without one."""
    options = spec.config_dict()
    named = {
        name: f"{PREFIX}{store.find(key)}{client_in(value)}"
        for name, value in options.items()
        if (key := key_in(value))
    }
    spec = spec.with_options(named)
    spec.with_options(with_files(named, lambda key: store.path(key) / WEIGHTS)).make()
    return spec


def _make_remote(flags: RunFlags[Any, Any], family: Family) -> "RemoteSimulator | None":
    """Make the simulator that somebody else starts; None where it is not to be one.

    Raises BadInputError where flags contradict each other, ValueError where endpoint or keys are wrong.
    """
    remote = flags.remote
    if not remote.endpoint:
        if remote.keys is not None:
            raise BadInputError("keys is allowed only with --endpoint")
        return None
    if flags.simulator != "ns3":
        raise BadInputError(f"simulator={flags.simulator} is not allowed with --endpoint: others play there")
    check_timeout(remote.timeout_s)

    from pyagents.simulators.remote import RemoteSimulator

    return RemoteSimulator(remote.endpoint, keys=remote.keys, timeout_s=remote.timeout_s)
