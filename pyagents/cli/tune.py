# SPDX-License-Identifier: GPL-2.0-only
"""`nru tune`: options for an agent, chosen on the mock."""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from pyagents.agents.extras import MissingExtraError, load_extra
from pyagents.agents.registry import AgentSpec, find_agent
from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import make_folder, parse
from pyagents.runs.store import to_csv, write_whole
from pyagents.training.evaluation import objective
from pyagents.training.halls import VALIDATION_SEED
from pyagents.training.spaces import SPACES, Space
from pyagents.training.tuning import Trial, best_of, tune

DESCRIPTION = """Choose an agent's options on the mock.

Tries the present options first, then others as Optuna proposes them. Each try plays four situations of the
paper with the same seeds, which are none of those that agents are compared on; docs/tuning.md says what is
minimised and why. Then plays present and best options on as many seeds that the search has not seen. Leaves
trials.csv."""


@dataclass(frozen=True, kw_only=True)
class TuneFlags:
    """What `nru tune AGENT` takes."""

    out: Path
    """Folder for the tries."""
    trials: int = 40
    """How many tries, the present options included."""
    halls: int = 8
    """Seeds in each situation, from 1000 on."""
    search_seed: int = 1
    """Of the proposals."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(f"usage: nru tune AGENT [OPTIONS]\n\nAgents: {', '.join(SPACES)}.\n\n{DESCRIPTION}")
        return DONE
    name, *rest = arguments
    spec, space, flags = plan(name, rest)
    console, done, start = Console(), list[Trial](), time.monotonic()

    def note(trial: Trial) -> None:
        done.append(trial)
        left = (time.monotonic() - start) / len(done) * (flags.trials - len(done))
        console.print(
            f"{len(done)} of {flags.trials} tries, {left:.0f} s left: {trial.score:.4f}, "
            f"best {best_of(done).score:.4f}",
            highlight=False,
        )

    seeds = range(VALIDATION_SEED, VALIDATION_SEED + flags.halls)
    tune(spec, space, trials=flags.trials, seeds=seeds, search_seed=flags.search_seed, on_trial=note)
    write_whole(flags.out / "trials.csv", to_csv([{**_plain(t.options), "score": t.score} for t in done]))
    best, unseen = best_of(done), range(seeds.stop, seeds.stop + flags.halls)
    print(f"{name}: {done[0].score:.4f} with the present options, {best.score:.4f} with the best of these:")
    for option, value in best.options.items():
        print(f"  {option} = {value}   ({space[option]})")
    checks = [objective(spec.with_options(trial.options).make, unseen) for trial in (done[0], best)]
    print(
        f"On seeds {unseen.start} to {unseen.stop - 1}, which the search has not seen: "
        f"{checks[0]:.4f} with the present options, {checks[1]:.4f} with the best."
    )
    print(flags.out / "trials.csv")
    return DONE


def plan(name: str, arguments: list[str]) -> tuple[AgentSpec, Space, TuneFlags]:
    """What is to be tuned; makes the folder.

    Raises:
        BadInputError: an argument is wrong, or Optuna is not installed.
    """
    if name not in SPACES:
        raise BadInputError(f"agent {name!r} has no search space: use one of {', '.join(SPACES)}")
    flags: TuneFlags = parse(
        TuneFlags,
        arguments,
        command=f"tune {name}",
        description=DESCRIPTION,
        default=TuneFlags(out=Path("results") / f"tune-{name}"),
    )
    for field in ("trials", "halls"):
        if getattr(flags, field) < 1:
            raise BadInputError(f"{field}={getattr(flags, field)} is not allowed: must be at least 1")
    try:
        load_extra("optuna", extra="tune")
    except MissingExtraError as error:
        raise BadInputError(str(error)) from error
    make_folder(flags.out)
    return find_agent(name), SPACES[name], flags


def _plain(options: Any) -> dict[str, float | str]:
    """Options as a file holds them."""
    return {
        name: float(value) if isinstance(value, int | float) and math.isfinite(value) else str(value)
        for name, value in options.items()
    }
