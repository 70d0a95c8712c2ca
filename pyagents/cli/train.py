# SPDX-License-Identifier: GPL-2.0-only
"""`nru train`: weights for the agents that learn, on the mock or on ns-3."""

import dataclasses
import importlib
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import make_folder, parse, peek_family
from pyagents.core.extras import MissingExtraError, load_extra
from pyagents.core.families import families
from pyagents.core.family import Family
from pyagents.core.tensors import WeightsError
from pyagents.training.loop import CHECKPOINT, CURVE, WEIGHTS, Schedule, Training
from pyagents.training.objective import find_objective, score
from pyagents.training.registry import find_learner, make_learner
from pyagents.training.seeds import validation_seeds

Config = TypeVar("Config")

PICTURE = "curve.png"

DESCRIPTION = """Train an agent, on the mock or on ns-3: progress, validation, early stop, checkpoints.

Leaves weights.safetensors (of the best validation), curve.csv, curve.png and checkpoint.safetensors. Play
them with: nru run --agent NAME --agent.weights FOLDER/weights.safetensors. The same settings give the same
bytes, in one go or with --resume."""


@dataclass(frozen=True, kw_only=True)
class TrainFlags(Generic[Config]):
    """What `nru train AGENT` takes."""

    family: str
    """Name of the family that the agent is of."""
    out: Path
    """Folder for what comes out."""
    resume: bool = False
    """Go on from the checkpoint in that folder."""
    tensorboard: bool = False
    """Write events for TensorBoard there, too (extra `learn`)."""
    simulator: str = "mock"
    """Where it learns and is validated: mock or ns3."""
    weights: str = ""
    """A file of weights to begin with, in place of chance: to fine-tune what was learnt elsewhere."""
    schedule: Schedule
    """How long to train."""
    training: Config
    """The learner's settings."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(
            f"usage: nru train AGENT [OPTIONS]\n\nAgents that learn: "
            f"{', '.join(name for family in families() for name in family.learners)}.\n\n{DESCRIPTION}"
        )
        return DONE
    name, *rest = arguments
    family = peek_family(rest)
    training, flags = plan(name, family, rest)
    console = Console()
    start = time.monotonic()
    with ExitStack() as stack:
        write = _open_tensorboard(stack, flags)
        follow = _follow(stack, training, console)
        while not training.over:
            row = training.advance()
            follow(row)
            write(row)
    _draw(name, family, flags.simulator, training)
    stopped = "" if training.iteration == training.schedule.iterations else ", no better since long"
    console.print(
        f"{training.iteration} iterations in {time.monotonic() - start:.0f} s{stopped}; "
        f"best validation {training.best:.4f}",
        highlight=False,
    )
    for file in (WEIGHTS, CURVE, PICTURE, CHECKPOINT):
        print(training.folder / file)
    return DONE


def plan(name: str, family: Family, arguments: list[str]) -> tuple[Training, TrainFlags[Any]]:
    """The training, where it starts or goes on; makes the folder.

    Raises:
        BadInputError: an argument is wrong, or there is nothing to resume.
    """
    try:
        config_type = find_learner(name, family)[1]
        objective = find_objective(family)
    except (ValueError, MissingExtraError) as error:
        raise BadInputError(str(error)) from error
    flags: TrainFlags[Any] = parse(
        TrainFlags[config_type],  # type: ignore[valid-type]
        arguments,
        command=f"train {name}",
        description=DESCRIPTION,
        default=TrainFlags(
            family=family.name,
            out=Path("results") / f"train-{name}",
            schedule=Schedule(),
            training=config_type(),
        ),
    )
    try:
        learner = make_learner(name, flags.training, family, simulator=flags.simulator, weights=flags.weights)
    except ValueError as error:
        raise BadInputError(str(error)) from error
    # What is as usual is left out, so that weights of before say the same.
    origin = {"simulator": "" if flags.simulator == "mock" else flags.simulator, "weights": flags.weights}
    settings: dict[str, Any] = {
        "agent": name,
        "training": dataclasses.asdict(flags.training),
        "schedule": dataclasses.asdict(flags.schedule),
    }
    settings |= {key: value for key, value in origin.items() if value}
    seeds = validation_seeds(flags.schedule.validation_halls)
    folder = make_folder(flags.out)
    if not flags.resume and (folder / CHECKPOINT).exists():
        raise BadInputError(f"{folder / CHECKPOINT} is there already: --resume to go on, or another --out")
    training = Training(
        learner,
        settings=settings,
        schedule=flags.schedule,
        folder=folder,
        score=lambda make: score(objective, make, seeds, flags.simulator),
    )
    if flags.resume:
        try:
            training.resume()
        except WeightsError as error:
            raise BadInputError(str(error)) from error
    import torch

    torch.set_num_threads(1)  # the networks are small; and the sums come out the same on any machine size
    return training, flags


def _follow(stack: ExitStack, training: Training, console: Console) -> Any:
    """A bar with the time left on a terminal, else a line for each validation."""
    total, start, first = training.schedule.iterations, time.monotonic(), training.iteration
    if console.is_terminal:
        bar = stack.enter_context(
            Progress(
                TextColumn("iteration {task.completed:.0f}/{task.total:.0f}"),
                BarColumn(bar_width=40),
                TimeRemainingColumn(elapsed_when_finished=True),
                TextColumn("best validation {task.fields[best]:.4f}"),
                console=console,
            )
        )
        task = bar.add_task("", total=total, completed=first, best=training.best)
        return lambda row: bar.update(task, completed=training.iteration, best=training.best)

    def line(row: Mapping[str, float]) -> None:
        if "validation" in row:
            done = training.iteration
            left = (time.monotonic() - start) / (done - first) * (total - done)
            console.print(
                f"iteration {done}/{total}, at most {left:.0f} s left: validation {row['validation']:.4f}, "
                f"best {training.best:.4f}",
                highlight=False,
            )

    return line


def _open_tensorboard(stack: ExitStack, flags: TrainFlags[Any]) -> Any:
    """What takes the rows for TensorBoard; does nothing unless asked for."""
    if not flags.tensorboard:
        return lambda row: None
    try:
        load_extra("tensorboard", extra="learn")
    except MissingExtraError as error:
        raise BadInputError(str(error)) from error
    writer = importlib.import_module("torch.utils.tensorboard").SummaryWriter(str(flags.out / "tensorboard"))
    stack.callback(writer.close)

    def write(row: Mapping[str, float]) -> None:
        for name, value in row.items():
            if name != "iteration":
                writer.add_scalar(name, value, int(row["iteration"]))

    return write


def _draw(name: str, family: Family, simulator: str, training: Training) -> None:
    from pyagents.figures.training_curve import draw_training_curve

    objective, seeds = find_objective(family), validation_seeds(training.schedule.validation_halls)
    draw_training_curve(
        training.rows,
        title=f"{name} as it learns",
        score="Objective on validation seeds (lower is better)",
        caption=f"{objective.title}; {simulator}, seeds {seeds.start} to {seeds.stop - 1}, each in "
        f"{', '.join(objective.situations)}",
        path=training.folder / PICTURE,
    )
