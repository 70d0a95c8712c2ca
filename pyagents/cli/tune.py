# SPDX-License-Identifier: GPL-2.0-only
"""`nru tune`: options for an agent, chosen on the mock."""

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, BadInputError, refusing
from pyagents.cli.flags import STORE, check_counts, make_folder, parse, take_agent
from pyagents.cli.table import say
from pyagents.cli.workers import play_all
from pyagents.core.agent_spec import AgentSpec, find_agent
from pyagents.core.extras import MissingExtraError, load_extra
from pyagents.core.families import families
from pyagents.core.family import Family
from pyagents.core.files import to_csv, write_whole
from pyagents.runs.run import list_runs
from pyagents.runs.store import Store
from pyagents.runs.task import Task
from pyagents.simulators.registry import simulators
from pyagents.statistics.interval import estimate_mean
from pyagents.training.objective import Objective, find_objective, mean_terms, score
from pyagents.training.seeds import validation_seeds
from pyagents.training.spaces import Space, space_of
from pyagents.training.tuning import Trial, best_of, play_off, tune

DESCRIPTION = """Choose an agent's options on the mock, and confirm the choice.

Three rounds, each on seeds of its own, none of them those that agents are compared on. In the first, the
present options are tried, then others as Optuna proposes them; each try plays the objective's situations.
In the second, the present options and the best others play again, and the best of that is chosen: the first
flatters whoever was lucky. In the third, present and chosen options play a last time, on the mock or on
ns-3. docs/tuning.md says what is minimised and why. Leaves trials.csv."""


@dataclass(frozen=True, kw_only=True)
class TuneFlags:
    """Flags of `nru tune AGENT`."""

    family: str
    """Name of the family that the agent is of."""
    out: Path
    """Folder for the tries."""
    trials: int = 100
    """Number of tries, the present options included."""
    seeds: int = 32
    """Seeds in each situation, from 1000 on; as many others for the second round."""
    finalists: int = 5
    """Number of tries that play the second round, beside the present options."""
    confirm_on: str = "mock"
    """Simulator of the third round: mock or ns3."""
    confirm_seeds: int = 32
    """Seeds in each situation of the third round."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Number of runs of the third round that play at once."""
    store: Path = STORE
    """Folder that runs are kept in, for all commands."""
    search_seed: int = 1
    """Seed of the proposals."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    names = (name for family in families() for name in _tunable(family))
    taken = take_agent(arguments, "tune", DESCRIPTION, names)
    if taken is None:
        return DONE
    name, family, rest = taken
    spec, space, flags = plan(name, family, rest)
    objective = find_objective(family)
    score_of = partial(score, objective)
    console, done, start = Console(), list[Trial](), time.monotonic()

    def note(trial: Trial) -> None:
        done.append(trial)
        left = (time.monotonic() - start) / len(done) * (flags.trials - len(done))
        scores = f"{trial.score:.4f}, best {best_of(done).score:.4f}"
        say(console, f"{len(done)} of {flags.trials} tries, {left:.0f} s left: {scores}")

    first = validation_seeds(flags.seeds)
    tune(
        spec,
        space,
        trials=flags.trials,
        seeds=first,
        search_seed=flags.search_seed,
        score=score_of,
        on_trial=note,
    )
    second = range(first.stop, first.stop + flags.seeds)
    final = play_off(spec, done, count=flags.finalists, seeds=second, score=score_of)
    write_whole(flags.out / "trials.csv", to_csv(_rows(done, final)))
    _say(f"On {_named(second)}: {final[0].score:.4f} with the present options, with the best others")
    _say("  " + ", ".join(f"{trial.score:.4f}" for trial in final[1:]))
    chosen = best_of(final)
    if chosen is final[0]:
        _say(f"{name}: nothing better was found")
    else:
        for option, value in chosen.options.items():
            _say(f"  {option} = {value}   ({space[option]})")
        third = range(second.stop, second.stop + flags.confirm_seeds)
        specs = [spec.with_options(trial.options) for trial in (final[0], chosen)]
        _say(_confirmed(objective, specs, family, third, flags, console))
    print(flags.out / "trials.csv")
    return DONE


def _confirmed(
    objective: Objective,
    specs: Sequence[AgentSpec],
    family: Family,
    seeds: range,
    flags: TuneFlags,
    console: Console,
) -> str:
    """Play present and chosen options, in this order, where nothing was chosen by, and say what is gained."""
    beside = [find_agent(objective.reference, family)] if objective.reference else []
    tasks = [
        Task(run=run, where=situation)
        for situation, scenario in objective.situations.items()
        for spec in (*specs, *beside)
        for run in list_runs(scenario, [spec], flags.confirm_on, seeds)
    ]
    records = iter(play_all(tasks, Store(flags.store), console, count=flags.workers))
    played = {
        (situation, k): [next(records).summary for _ in seeds]
        for situation in objective.situations
        for k in range(len(specs) + len(beside))
    }
    present, chosen = (
        mean_terms(objective, [(played[name, k], played.get((name, 2), ())) for name in objective.situations])
        for k in range(2)
    )
    gain = estimate_mean((chosen - present).tolist())
    return (
        f"On {_named(seeds)} of {flags.confirm_on}: {present.mean():.4f} with the present options, "
        f"{chosen.mean():.4f} with the chosen ones; difference {gain.mean:+.4f} ({gain.low:+.4f} to "
        f"{gain.high:+.4f}, 95 % bootstrap interval over the seeds)"
    )


def _rows(trials: Sequence[Trial], final: Sequence[Trial]) -> list[dict[str, float | str]]:
    """The tries as a file holds them; those that did not play again have nothing there."""
    rows: list[dict[str, float | str]] = []
    left = list(final)
    for trial in trials:
        again = next((one for one in left if one.options == trial.options), None)
        if again:
            left.remove(again)
        rows.append({**_plain(trial.options), "score": trial.score, "again": again.score if again else ""})
    return rows


def _named(seeds: range) -> str:
    return f"seeds {seeds.start} to {seeds.stop - 1}"


def _say(line: str) -> None:
    print(line, flush=True)


def plan(name: str, family: Family, arguments: list[str]) -> tuple[AgentSpec, Space, TuneFlags]:
    """Tell what is to be tuned, and make the folder; BadInputError where an argument is wrong."""
    with refusing():
        find_objective(family)
        spec = find_agent(name, family)
    if not space_of(spec):
        raise BadInputError(f"agent {name!r} has no search space: use one of {', '.join(_tunable(family))}")
    flags: TuneFlags = parse(
        TuneFlags,
        arguments,
        command=f"tune {name}",
        description=DESCRIPTION,
        default=TuneFlags(family=family.name, out=Path("results") / f"tune-{name}"),
    )
    known = sorted(simulators(family))
    if flags.confirm_on not in known:
        raise BadInputError(f"confirm_on={flags.confirm_on!r} is not allowed: must be {' or '.join(known)}")
    check_counts(flags, "trials", "seeds", "finalists", "confirm_seeds", "workers")
    with refusing(MissingExtraError):
        load_extra("optuna", extra="tune")
    make_folder(flags.out)
    if flags.confirm_on == "ns3":
        from pyagents.toolchain import scenario_program

        scenario_program(family.program)  # first, so that a search is not lost where no compiler is
    return spec, space_of(spec), flags


def _tunable(family: Family) -> list[str]:
    """Names of the agents that have something to tune."""
    return [name for name in family.agents if space_of(find_agent(name, family))]


def _plain(options: Any) -> dict[str, float | str]:
    """Options as a file holds them."""
    return {
        name: float(value) if isinstance(value, int | float) and math.isfinite(value) else str(value)
        for name, value in options.items()
    }
