# SPDX-License-Identifier: GPL-2.0-only
"""MAPPO: every UE follows one learnt policy, by what it hears, measures and remembers.

Not from the paper: what its setting allows when the rule is learnt. As GT-RL's, its UEs choose their cells
themselves, from the loads that SIBx told them; unlike GT-RL's, they weigh what a link would carry while the
cells that share its channel transmit, and remember what it did carry. The policy was trained by multi-agent
PPO (Yu et al., "The Surprising Effectiveness of PPO in Cooperative Multi-Agent Games", NeurIPS 2022): one
network for all UEs, and a critic that sees the hall, at training alone; see `training/mappo.py`.

A UE looks at its serving cell and the three strongest others, gives each a score, and draws one by a softmax
of the scores. That is also what keeps UEs that see the same from all doing the same.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pyagents.core.scenario import Checked, number
from pyagents.core.snapshot import Floats, Ints
from pyagents.core.tensors import Arrays
from pyagents.core.weights import WeightsForm
from pyagents.scenarios.indoor_factory.agents.mappo_sight import N_FEATURES, Mask, Matrix, Memory
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action, Snapshot

HIDDEN = 48
"""Units of each of the two hidden layers."""

WEIGHTS = WeightsForm(
    kind="mappo",
    version=1,
    shapes={
        "hidden1.weight": (HIDDEN, N_FEATURES),
        "hidden1.bias": (HIDDEN,),
        "hidden2.weight": (HIDDEN, 2 * HIDDEN),
        "hidden2.bias": (HIDDEN,),
        "score.weight": (1, HIDDEN),
        "score.bias": (1,),
    },
    shipped=Path(__file__).parent / "weights" / "mappo.safetensors",
)
"""Form of the weights. The version counts changes of features and choices."""


@dataclass(frozen=True, kw_only=True)
class MappoConfig(Checked):
    """What may be changed without training anew."""

    weights: str = ""
    """A file of weights; empty: those that ship."""
    temperature: float = number(1.0, 0, 1e6)
    """Temperature of the softmax; 1 as trained, 0 takes the highest score."""


class Mappo:
    """The agent.

    Args:
        config: options.
        weights: of the form `WEIGHTS`; None: those that the config names.

    Raises:
        WeightsError: that file cannot be used.
    """

    def __init__(self, config: MappoConfig = MappoConfig(), weights: Arrays | None = None) -> None:
        self.config = config
        self._weights = WEIGHTS.load(config.weights) if weights is None else weights

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Forget what links delivered."""
        self._memory = Memory(scenario)
        self._rng = np.random.default_rng(seed)

    def act(self, snapshot: Snapshot) -> Action:
        """Each UE draws the cell to be served by."""
        sight = self._memory.look(snapshot)
        scores = score(self._weights, sight.features, sight.allowed)
        choice = draw(scores, self._rng.random(snapshot.n_ues), self.config.temperature)
        return Action(cho_target=np.take_along_axis(sight.cells, choice[:, None], axis=1)[:, 0])


def score(weights: Arrays, features: Matrix, allowed: Mask) -> Matrix:
    """[..., C] of each cell to choose; -inf where there is none.

    Each cell is looked at by itself and beside the mean of all: their order says nothing (deep sets, Zaheer
    et al., 2017).

    Args:
        weights: of the form `WEIGHTS`.
        features: [..., C, F].
        allowed: [..., C].
    """
    one = np.maximum(features @ weights["hidden1.weight"].T + weights["hidden1.bias"], 0)
    mean = (one * allowed[..., None]).sum(axis=-2, keepdims=True) / allowed.sum(axis=-1)[..., None, None]
    both = np.concatenate([one, np.broadcast_to(mean, one.shape)], axis=-1)
    two = np.maximum(both @ weights["hidden2.weight"].T + weights["hidden2.bias"], 0)
    scores = (two @ weights["score.weight"].T + weights["score.bias"])[..., 0]
    masked: Matrix = np.where(allowed, scores, -np.inf).astype(np.float32)
    return masked


def draw(scores: Matrix, chance: Floats, temperature: float) -> Ints:
    """[...] the place of the cell drawn, by one uniform number each; at temperature 0 the highest score's.

    Args:
        scores: [..., C].
        chance: [...] in 0 to 1.
        temperature: of the softmax.
    """
    if temperature == 0:
        highest: Ints = scores.argmax(axis=-1).astype(np.int32)
        return highest
    best = scores.max(axis=-1, keepdims=True)
    weight = np.exp((scores - best).astype(np.float64) / temperature).cumsum(axis=-1)
    drawn: Ints = (weight > chance[..., None] * weight[..., -1:]).argmax(axis=-1).astype(np.int32)
    return drawn
