# SPDX-License-Identifier: GPL-2.0-only
"""The search for an agent's options: as many tries for each agent, on the same seeds, the best played off."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyagents.core.agent_spec import AgentSpec
from pyagents.core.extras import load_extra
from pyagents.training.spaces import Space

Options = Mapping[str, Any]

Score = Callable[[Callable[[], Any], Sequence[int]], float]
"""Score of what makes an agent, over seeds: lower is better."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A try: options and what they came to, lower is better."""

    options: Options
    score: float


def tune(
    spec: AgentSpec,
    space: Space,
    *,
    trials: int,
    seeds: Sequence[int],
    search_seed: int,
    score: Score,
    on_trial: Callable[[Trial], None] = lambda trial: None,
) -> list[Trial]:
    """Try options, the present ones first, then as Optuna's tree-structured Parzen estimator proposes.

    Args:
        spec: the agent with its present options.
        space: what may be changed.
        trials: how many tries, the first included.
        seeds: of the runs, the same in each try.
        search_seed: of the proposals.
        score: of an agent over the seeds.
        on_trial: called after each try.

    Returns:
        All tries, in order. Options that the agent refuses score infinity.

    Raises:
        MissingExtraError: Optuna is not installed.
    """
    optuna = load_extra("optuna", extra="tune")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=search_seed))
    present = spec.config_dict()
    study.enqueue_trial({name: present[name] for name in space})
    done: list[Trial] = []
    for _ in range(trials):
        asked = study.ask()
        options = {name: part.suggest(asked, name) for name, part in space.items()}
        try:
            value = score(spec.with_options(options).make, seeds)
        except ValueError:  # two options that do not go together
            value = float("inf")
        study.tell(asked, value)
        done.append(Trial(options=options, score=value))
        on_trial(done[-1])
    return done


def play_off(
    spec: AgentSpec, trials: Sequence[Trial], *, count: int, seeds: Sequence[int], score: Score
) -> list[Trial]:
    """Score the present options and the best others on other seeds: the best of a search was lucky, too.

    Args:
        spec: the agent.
        trials: of the search, the present options first.
        count: how many others play, fewer where there are not so many that differ and that the agent takes.
        seeds: none that the search has seen.
        score: of an agent over the seeds.

    Returns:
        The present options, then the others, those first that were better in the search, with the scores of
        these seeds.
    """
    final = trials[:1]
    for trial in sorted(trials[1:], key=lambda trial: trial.score):
        new = math.isfinite(trial.score) and trial.options not in [one.options for one in final]
        if new and len(final) <= count:
            final = [*final, trial]
    return [
        Trial(options=trial.options, score=score(spec.with_options(trial.options).make, seeds))
        for trial in final
    ]


def best_of(trials: Sequence[Trial]) -> Trial:
    """Pick the one of lowest score; of equals the first."""
    return min(trials, key=lambda trial: trial.score)
