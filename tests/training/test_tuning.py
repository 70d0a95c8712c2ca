# SPDX-License-Identifier: GPL-2.0-only
"""The search finds what is better, starts from what there is, and proposes the same again."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("optuna")

from pyagents.agents.registry import find_agent
from pyagents.training.spaces import SPACES, Between
from pyagents.training.tuning import best_of, tune

SPACE = {"min_saving": Between(low=0.0, high=1.0)}


def distance(make: Callable[[], Any], seeds: Sequence[int]) -> float:
    assert list(seeds) == [1000, 1001]
    return abs(float(make().config.min_saving) - 0.7)


def search(**changes: Any) -> list[Any]:
    options: dict[str, Any] = {"trials": 25, "seeds": (1000, 1001), "search_seed": 1, "score": distance}
    return tune(find_agent("gt-rl"), SPACE, **(options | changes))


def test_it_starts_from_the_present_options_and_ends_near_the_optimum() -> None:
    trials = search()
    assert trials[0].options == {"min_saving": find_agent("gt-rl").config.min_saving}
    assert best_of(trials).options["min_saving"] == pytest.approx(0.7, abs=0.05)


def test_the_same_search_seed_proposes_the_same() -> None:
    assert search() == search()
    assert search() != search(search_seed=2)


def test_options_that_do_not_go_together_lose() -> None:
    def refuse(make: Callable[[], Any], seeds: Sequence[int]) -> float:
        raise ValueError("no")

    assert {trial.score for trial in search(trials=2, score=refuse)} == {float("inf")}


@pytest.mark.parametrize("name", SPACES)
def test_every_search_space_is_made_of_the_agents_options_and_holds_the_present_ones(name: str) -> None:
    spec = find_agent(name)
    for option, part in SPACES[name].items():
        present = spec.config_dict()[option]
        if isinstance(part, Between):
            assert part.low <= present <= part.high, option
        else:
            assert present in part.choices, option
