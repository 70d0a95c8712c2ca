# SPDX-License-Identifier: GPL-2.0-only
"""`nru train`: weights for the agents that learn, on the mock or on ns-3."""

import dataclasses
import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, refusing
from pyagents.cli.flags import STORE, check_counts, check_folder, make_folder, parse, take_agent
from pyagents.cli.table import say
from pyagents.cli.train_progress import TrainProgress
from pyagents.cli.workers import make_workers, play
from pyagents.core.extras import MissingExtraError, load_extra
from pyagents.core.families import families, find_scenario_of
from pyagents.core.family import Family
from pyagents.core.files import write_whole
from pyagents.runs.needs import PREFIX, WEIGHTS, key_in
from pyagents.runs.store import LostRecordError, Store
from pyagents.runs.sweep import find_missing
from pyagents.runs.task import Work
from pyagents.statistics.interval import estimate_mean
from pyagents.training.federation.coordinator import deal_out, make_member
from pyagents.training.federation.privacy import DELTA, find_epsilon
from pyagents.training.federation.settings import Federation
from pyagents.training.objective import find_objective
from pyagents.training.record import TrainingRecord, decode
from pyagents.training.registry import find_settings, make_learner
from pyagents.training.task import TrainingTask
from pyagents.training.training import Schedule, Training, list_trainings

Config = TypeVar("Config")
Row = Mapping[str, float]

PICTURE = "curve.png"

DESCRIPTION = """Train an agent, on the mock or on ns-3: progress, validation, early stop.

A training is kept in the store by its content: one that was killed goes on from its last validation, one that
is there is not trained again. Leaves weights.safetensors (of the best validation), curve.csv, curve.png,
training.json and times.csv. Play the weights with: nru run --agent NAME --agent.weights training:KEY, or with
the file in place of training:KEY. The same settings give the same bytes but for times.csv, with any number of
workers."""


@dataclass(frozen=True, kw_only=True)
class TrainFlags(Generic[Config]):
    """Flags of `nru train AGENT`."""

    family: str
    """Name of the family that the agent is of."""
    out: Path
    """Folder for what comes out; of several seeds, each in a folder of its own."""
    store: Path = STORE
    """Folder that trainings and runs are kept in, for all commands."""
    resume: bool = True
    """Take a training that is in the store from there, go on with one that was begun; --no-resume: anew."""
    seed: int = 1
    """Seed of weights, situations and chance."""
    seeds: int = 1
    """Number of trainings: with that seed and those that follow."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Number of trainings at once on this machine, with --federate of clients."""
    scheduler: str = ""
    """Address of a Dask scheduler, tcp://HOST:PORT or tls://HOST:PORT: its workers train instead, with
    --federate clients are there."""
    tensorboard: bool = False
    """Write events for TensorBoard into the folder, too (extra `learn`)."""
    simulator: str = "mock"
    """Simulator to learn and be validated on: mock or ns3."""
    scenarios: str = ""
    """Presets or files, separated by commas, to learn and be validated in, in place of situations that the
    learner draws."""
    weights: str = ""
    """Weights to begin with, in place of chance, to fine-tune what was learnt elsewhere: a file, or
    training:KEY."""
    federate: bool = False
    """Let clients learn, each in a process of its own from what it alone sees, and average their weights: an
    iteration is a round. See --federation."""
    schedule: Schedule
    """Length of the training, and how it is validated."""
    federation: Federation
    """With --federate: who learns from whose data."""
    training: Config
    """The learner's settings."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    names = (name for family in families() for name in family.learners)
    taken = take_agent(arguments, "train", DESCRIPTION, names)
    if taken is None:
        return DONE
    name, family, rest = taken
    trainings, flags = plan(name, family, rest)
    store, console = Store(flags.store), Console()
    clients_at = flags.scheduler if flags.federate else ""
    tasks = [
        TrainingTask(training=training, at_once=flags.workers, scheduler=clients_at) for training in trainings
    ]
    if not flags.resume:
        for task in tasks:
            store.begun(task.key).unlink(missing_ok=True)
    missing = find_missing(tasks, store) if flags.resume else tasks
    if len(missing) < len(tasks):
        say(console, f"{len(tasks) - len(missing)} of {len(tasks)} trainings are in the store.")
    if missing:
        _train(missing, store, family, flags, console)
    best = []
    for task, folder in zip(tasks, _folders(trainings, flags.out), strict=True):
        record = decode(task.key, store.files(task.key))
        best.append(record.facts["best_validation"])
        _export(record, store.files(task.key), task.training, family, folder)
        say(console, _describe(task.training, record))
        for file in (WEIGHTS, "curve.csv", PICTURE, "training.json", "times.csv"):
            print(folder / file)
    if len(best) > 1:
        mean = estimate_mean(best).show("{:.4f}".format)
        say(console, f"Best validation over {len(best)} seeds: {mean}")
    return DONE


def plan(name: str, family: Family, arguments: list[str]) -> tuple[list[Training], TrainFlags[Any]]:
    """Tell what is to be trained; BadInputError where an argument is wrong."""
    with refusing():
        config_type = find_settings(name, family)
    flags: TrainFlags[Any] = parse(
        TrainFlags[config_type],  # type: ignore[valid-type]
        arguments,
        command=f"train {name}",
        description=DESCRIPTION,
        default=TrainFlags(
            family=family.name,
            out=Path("results") / f"train-{name}",
            schedule=Schedule(),
            federation=Federation(),
            training=config_type(),
        ),
    )
    check_counts(flags, "seed", "seeds", "workers")
    store = Store(flags.store)
    begin, file = flags.weights, flags.weights
    with refusing(LostRecordError, MissingExtraError):
        find_objective(family)
        if key_in(begin):
            begin = PREFIX + store.find(key_in(begin))
            file = str(store.path(key_in(begin)) / WEIGHTS)
        training = Training(
            family=family.name,
            agent=name,
            config=dataclasses.asdict(flags.training),
            schedule=flags.schedule,
            simulator=flags.simulator,
            scenarios=tuple(
                find_scenario_of(family.scenario, spec) for spec in filter(None, flags.scenarios.split(","))
            ),
            weights=begin,
            federation=flags.federation if flags.federate else None,
        )
        if flags.federate:
            make_member(training, file)
            deal_out(training)
        else:
            make_learner(training, file)
        trainings = list_trainings(training, range(flags.seed, flags.seed + flags.seeds))
    for folder in (flags.out, flags.store):
        check_folder(folder)
    return trainings, flags


def _train(
    tasks: Sequence[TrainingTask], store: Store, family: Family, flags: TrainFlags[Any], console: Console
) -> None:
    """Do the trainings that are missing, with a line for each validation."""
    programs = {family.program} if flags.simulator == "ns3" else set()
    trainings = [task.training for task in tasks]
    with ExitStack() as stack:
        write = _open_tensorboard(stack, flags, trainings)
        progress = stack.enter_context(TrainProgress(trainings, console))

        def note(task: Work, iteration: int, row: Row) -> None:
            assert isinstance(task, TrainingTask)
            progress.note(task.training, row)
            write(task.training, row)

        count = 1 if flags.federate else min(flags.workers, len(tasks))
        scheduler = "" if flags.federate else flags.scheduler
        workers = make_workers(programs, count=count, scheduler=scheduler, on_step=note)
        play(tasks, store, stack.enter_context(workers))


def _folders(trainings: Sequence[Training], out: Path) -> list[Path]:
    """Name the folder of each training."""
    return [out] if len(trainings) == 1 else [out / f"seed-{training.seed}" for training in trainings]


def _export(
    record: TrainingRecord, files: Mapping[str, bytes], training: Training, family: Family, folder: Path
) -> None:
    """Write a training as people want it."""
    from pyagents.figures.training_curve import draw_training_curve

    make_folder(folder)
    for name, content in files.items():
        write_whole(folder / name, content)
    draw_training_curve(
        record.rows,
        title=f"{training.agent} as it learns",
        score="Objective on validation seeds (lower is better)",
        caption=f"{find_objective(family).title}; {training.simulator}, seed {training.seed}",
        path=folder / PICTURE,
    )


def _describe(training: Training, record: TrainingRecord) -> str:
    """Say how a training went, in a sentence."""
    facts, iteration = record.facts, record.facts["converged_at_iteration"]
    spent = record.spent(iteration)
    stopped = ", no better since long" if facts["stopped_early"] else ""
    federated = f"; {_describe_federation(training.federation, record)}" if training.federation else ""
    return (
        f"{PREFIX}{facts['key'][:16]}  seed {training.seed}: {facts['iterations']} iterations{stopped}; best "
        f"validation {facts['best_validation']:.4f} at iteration {iteration}, after "
        f"{facts['converged_at_step']} steps, {spent['wall_s']:.0f} s, {spent['processor_s']:.0f} s of "
        f"processor time{federated}"
    )


def _describe_federation(federation: Federation, record: TrainingRecord) -> str:
    """Say what crossed between clients and coordinator, who was lost, and what noise is worth."""
    rows = record.rows
    down, up, lost = (sum(row[name] for row in rows) for name in ("down_bytes", "up_bytes", "lost"))
    said = f"{down / 1e6:.2f} MB to clients, {up / 1e6:.2f} MB from them"
    said += f", {lost:.0f} times one was left out" if lost else ""
    if not federation.is_private:
        return said
    try:
        return f"{said}; epsilon {find_epsilon(federation, len(rows)):.3g} at delta {DELTA:g}"
    except MissingExtraError as error:
        return f"{said}; epsilon unknown: {error}"


def _open_tensorboard(
    stack: ExitStack, flags: TrainFlags[Any], trainings: Sequence[Training]
) -> Callable[[Training, Row], None]:
    """Make what takes the rows for TensorBoard; it does nothing unless asked for."""
    if not flags.tensorboard:
        return lambda training, row: None
    with refusing(MissingExtraError):
        load_extra("tensorboard", extra="learn")
    make = importlib.import_module("torch.utils.tensorboard").SummaryWriter
    writers = {
        training.key: make(str(folder / "tensorboard"))
        for training, folder in zip(trainings, _folders(trainings, flags.out), strict=True)
    }
    for writer in writers.values():
        stack.callback(writer.close)

    def write(training: Training, row: Row) -> None:
        for name, value in row.items():
            if name != "iteration":
                writers[training.key].add_scalar(name, value, int(row["iteration"]))

    return write
