# SPDX-License-Identifier: GPL-2.0-only
"""The search finds what is better, starts from what there is, and proposes the same again."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("optuna")

from pyagents.core.agent_spec import find_agent
from pyagents.core.search import Between
from pyagents.training.spaces import space_of
from pyagents.training.tuning import Trial, best_of, play_off, tune

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


def test_the_best_play_again_on_other_seeds() -> None:
    scores = {0.1: 3.0, 0.2: 1.0, 0.3: 2.0, 0.4: float("inf")}
    trials = [
        Trial(options={"min_saving": value}, score=scores[value]) for value in (0.1, 0.4, 0.2, 0.3, 0.2)
    ]

    def otherwise(make: Callable[[], Any], seeds: Sequence[int]) -> float:
        assert list(seeds) == [5, 6]
        return -float(make().config.min_saving)

    def played(count: int) -> list[float]:
        final = play_off(find_agent("gt-rl"), trials, count=count, seeds=(5, 6), score=otherwise)
        assert all(trial.score == -trial.options["min_saving"] for trial in final)
        return [trial.options["min_saving"] for trial in final]

    assert played(2) == [0.1, 0.2, 0.3], "the present ones, then the best, none twice"
    assert played(9) == [0.1, 0.2, 0.3], "none that the agent refuses"


@pytest.mark.parametrize("name", ["gt-rl", "adaptive-mlb", "qa-lb", "dqn-mlb"])
def test_every_search_space_holds_the_present_options_and_none_that_are_refused(name: str) -> None:
    spec = find_agent(name)
    assert space_of(spec)
    for option, part in space_of(spec).items():
        present = spec.config_dict()[option]
        if isinstance(part, Between):
            assert part.low <= present <= part.high, option
            tried = (part.low, part.high)
        else:
            assert present in part.choices, option
            tried = part.choices
        for value in tried:
            assert getattr(spec.with_options({option: value}).config, option) == value


def test_an_agent_without_options_to_search_has_no_space() -> None:
    assert space_of(find_agent("max-rsrp")) == space_of(find_agent("mappo")) == {}
