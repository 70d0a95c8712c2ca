# SPDX-License-Identifier: GPL-2.0-only
"""What a message of FDRL's letter tells of the states that an edge has learnt from, measured."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from pyagents.core.tensors import Arrays
from pyagents.scenarios.sliced_network.agents.fdrl import features_of
from pyagents.scenarios.sliced_network.scenario import PRESETS
from pyagents.scenarios.sliced_network.training.fdrl import FdrlLearner
from pyagents.scenarios.sliced_network.training.settings import FdrlLetterTraining
from pyagents.training.federation.averaging import add_noise, bound_change
from pyagents.training.federation.inversion import Floats, measure_error, recover_input
from pyagents.training.replay import Batch, Replay


@dataclass(frozen=True, kw_only=True)
class Message:
    """How a message came about."""

    label: str
    """Name for people."""
    batch: int = 1
    """States a gradient step."""
    steps: int = 1
    """Gradient steps."""
    is_adam: bool = False
    """Whether steps are Adam's, or along the gradient."""
    clip: float = 0.0
    """Largest norm of the change; 0: any."""
    noise: float = 0.0
    """Standard deviation of the noise over `clip`, as one message has it."""


MESSAGES = (
    Message(label="one state, one gradient step"),
    Message(label="the same, clipped", clip=1e-3),
    Message(label="the same, clipped, with noise of a thousandth of the clip", clip=1e-3, noise=1e-3),
    Message(label="the same, clipped, with noise of the clip", clip=1e-3, noise=1.0),
    Message(label="32 states, one gradient step", batch=32),
    Message(label="one state, one step of Adam", is_adam=True),
    Message(label="32 states a step, 100 steps of Adam: as it is trained", batch=32, steps=100, is_adam=True),
)


def measure_leaks(messages: Sequence[Message] = MESSAGES, *, repeats: int = 20, seed: int = 1) -> list[float]:
    """Attack messages of each kind; medians of the relative error of the state that is read from them."""
    learner, states = _learn_a_little(seed)
    rng = np.random.default_rng([seed, 5])
    return [
        float(np.median([_attack(learner, states, message, rng) for _ in range(repeats)]))
        for message in messages
    ]


def measure_guess(*, repeats: int = 20, seed: int = 1) -> float:
    """Measure how far, likewise, two states of an edge are from each other: what a guess comes to."""
    _, states = _learn_a_little(seed)
    rng = np.random.default_rng([seed, 6])
    pairs = (_seen(states.sample(rng, 2)) for _ in range(repeats))
    return float(np.median([measure_error(one, other[None]) for one, other in pairs]))


def _learn_a_little(seed: int) -> tuple[FdrlLearner, Replay]:
    """An edge after its first hundred steps, and what it has seen in them."""
    config = FdrlLetterTraining(worlds=1, steps=100, gradient_steps=1, replay=100)
    learner = FdrlLearner(config, seed=seed, scenarios=[PRESETS["fdrl-site"]])
    learner.improve()
    return learner, learner.replay


def _attack(learner: FdrlLearner, states: Replay, message: Message, rng: np.random.Generator) -> float:
    """Let an edge learn and send, and read a state from what it sent."""
    q: Any = copy.deepcopy(learner.q)
    if not message.is_adam:
        q.adam = torch.optim.SGD(q.online.parameters(), lr=1e-3)
    before, shown = q.weights(), []
    for _ in range(message.steps):
        rows = states.sample(rng, message.batch)
        shown.append(_seen(rows))
        q.learn(*learner.transitions(rows))
    sent: Arrays = q.weights()
    if message.clip:
        sent = bound_change(before, sent, message.clip)
    if message.noise:
        sent = add_noise(sent, message.noise * message.clip, rng)
    return measure_error(recover_input(before, sent, "hidden1"), np.concatenate(shown))


def _seen(rows: Batch) -> Floats:
    """[N, F] what the network was shown."""
    return features_of("flat", rows["seen"])
