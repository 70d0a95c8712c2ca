# SPDX-License-Identifier: GPL-2.0-only
"""FDRL learns what to give and to take, goes on where it was put away, and leaks what a gradient leaks."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from pyagents.core.tensors import load_tensors, save_tensors
from pyagents.scenarios.sliced_network.agents.fdrl import features_of, q_values
from pyagents.scenarios.sliced_network.allocation import apply_choices, mask_choices
from pyagents.scenarios.sliced_network.observe import MOST_PARTS
from pyagents.scenarios.sliced_network.scenario import PRESETS, Scenario
from pyagents.scenarios.sliced_network.training.clients import deal_out_sites
from pyagents.scenarios.sliced_network.training.fdrl import FdrlLearner
from pyagents.scenarios.sliced_network.training.leak import MESSAGES, measure_guess, measure_leaks
from pyagents.scenarios.sliced_network.training.settings import FdrlLetterTraining, FdrlTraining
from pyagents.scenarios.sliced_network.training.worth import worth

SITE = Scenario(n_sites=1, ues_per_site=6, steps=20)
SMALL: dict[str, Any] = {"worlds": 2, "steps": 10, "batch": 8, "gradient_steps": 3, "replay": 50}


@pytest.mark.parametrize("settings", [FdrlTraining(**SMALL), FdrlLetterTraining(**SMALL)])
def test_numpy_acts_as_torch_has_learnt(settings: FdrlTraining) -> None:
    learner = FdrlLearner(settings, scenarios=[SITE])
    learner.improve()
    rows = learner.replay.sample(np.random.default_rng(1), 5)
    allowed, shown = rows["allowed"], features_of(settings.network, rows["seen"])
    theirs = learner.q.online(torch.from_numpy(shown), torch.from_numpy(allowed)).detach().numpy()
    ours = q_values(settings.network, learner.weights(), rows["seen"], rows["allowed"])
    assert ours[allowed] == pytest.approx(theirs[allowed], abs=1e-4)


def everything(learner: FdrlLearner) -> list[Any]:
    arrays, counts = learner.state()
    return [{name: value.tobytes() for name, value in arrays.items()}, counts]


def test_it_goes_on_where_it_was_put_away(tmp_path: Path) -> None:
    once, again = (FdrlLearner(FdrlTraining(**SMALL), seed=3, scenarios=[SITE]) for _ in range(2))
    for _ in range(2):
        once.improve()
    arrays, counts = once.state()
    save_tensors(tmp_path / "state", arrays, {})
    again.restore(load_tensors(tmp_path / "state")[0], counts)
    assert [again.improve(), again.improve()] == [once.improve(), once.improve()]
    assert everything(again) == everything(once)


def seen_of(share: Any, need: Any) -> dict[str, Any]:
    """What a batch of edges of six users sees, and may do."""
    parts = np.concatenate([share, need], axis=-1) * 6 / MOST_PARTS
    channel = np.full((len(share), 6, 1), 0.5)
    seen = np.concatenate([np.minimum(parts, 1), channel], axis=-1, dtype=np.float32)
    return {"seen": seen, "allowed": mask_choices(share).astype(bool)}


def test_it_learns_to_give_to_those_who_lack() -> None:
    """A toy: demands that hold, users with too much and with too little, changes by chance."""
    learner = FdrlLearner(FdrlTraining(discount=0.5, target_rate=0.05), scenarios=[SITE])
    rng = np.random.default_rng(1)
    for _ in range(300):
        share = rng.dirichlet(np.ones(6), (32, 2)).swapaxes(1, 2) * rng.uniform(0.8, 1, (32, 1, 2))
        need = rng.dirichlet(np.ones(6), (32, 2)).swapaxes(1, 2)
        state = seen_of(share, need)
        action = np.where(state["allowed"], rng.random((32, 25)), -1).argmax(axis=1)
        after = apply_choices(share[:, None], action[:, None])[:, 0]
        gain = (worth(after, need) - worth(share, need)) * 6
        then = {f"next_{name}": part for name, part in seen_of(after, need).items()}
        learner.learn(state | then | {"action": action, "reward": gain.astype(np.float32)})
    best = q_values("shared", learner.weights(), **state).argmax(axis=1)
    now = worth(share, need)
    worths = [worth(apply_choices(share[:, None], np.full((32, 1), a))[:, 0], need) for a in range(25)]
    possible = np.max(worths, axis=0) - now
    gained = np.array(worths)[best, np.arange(32)] - now
    assert gained.mean() > 0.5 * possible.mean()
    assert (best > 0).mean() > 0.9


def test_a_lone_gradient_gives_a_state_away_and_training_does_not() -> None:
    labels = ("one state, one gradient step", "the same, clipped", "32 states a step, 100 steps of Adam: as")
    picked = [next(m for m in MESSAGES if m.label.startswith(label)) for label in labels]
    plain, clipped, trained = measure_leaks(picked, repeats=3)
    assert plain < 1e-2
    assert clipped < 1e-2, "clipping alone shortens what is divided by as well"
    assert trained > 0.5 * measure_guess(repeats=5)


def test_each_site_is_a_client_and_is_alone() -> None:
    parts = deal_out_sites([dataclasses.replace(PRESETS["fdrl"], n_sites=3)], 3, np.random.default_rng(1))
    assert [(part[0].n_sites, part[0].first_site) for part in parts] == [(1, 0), (1, 1), (1, 2)]
    with pytest.raises(ValueError, match="clients=4 is not allowed: each of the scenario's 10 sites"):
        deal_out_sites([PRESETS["fdrl"]], 4, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ({"network": "deep"}, "network='deep' is not allowed: must be one of shared, flat"),
        ({"chance": 1.5}, "chance=1.5 is not allowed"),
        ({"steps": 1}, "steps=1 is not allowed: must be at least 2"),
    ],
)
def test_settings_that_cannot_be_learnt_with_are_refused(option: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        FdrlTraining(**option)


def test_sites_of_several_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"ues_per_site=\[6, 7\] are not allowed together"):
        FdrlLearner(FdrlTraining(), scenarios=[SITE, dataclasses.replace(SITE, ues_per_site=7)])
