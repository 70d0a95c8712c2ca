# SPDX-License-Identifier: GPL-2.0-only
"""D3QN of the paper: a dueling network says what each move of each core is worth in the long run.

Q(s, a) = V(s) + A(s, a) - mean over a of A(s, a) (the paper's Eq. 3, with the mean over the actions of one
state). Layers of 600, 300 and 150 (its Table 2). The state is all that the controller knows (`observe`); the
paper's vector lacks the cores, which a decision is about. Weights fit one size of area, and have to be
trained first: `nru train d3qn --scenarios ...`; docs/iot-edge.md says how.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Checked
from pyagents.core.tensors import Arrays, WeightsError
from pyagents.core.weights import WeightsForm
from pyagents.scenarios.iot_edge.moves import list_moves
from pyagents.scenarios.iot_edge.observe import n_features, observe
from pyagents.scenarios.iot_edge.scenario import Scenario
from pyagents.scenarios.iot_edge.snapshot import Action, Snapshot

HIDDEN = (600, 300, 150)
"""Sizes of the layers (paper, Table 2)."""


def form_of(scenario: Scenario) -> WeightsForm:
    """Form of the weights for areas of a scenario's size."""
    sizes, n_actions = (n_features(scenario), *HIDDEN), len(list_moves(scenario.n_servers))
    shapes: dict[str, tuple[int, ...]] = {}
    for k in range(len(HIDDEN)):
        shapes |= {f"hidden{k + 1}.weight": (sizes[k + 1], sizes[k]), f"hidden{k + 1}.bias": (sizes[k + 1],)}
    for name, outputs in (("value", 1), ("advantage", n_actions)):
        shapes |= {f"{name}.weight": (outputs, sizes[-1]), f"{name}.bias": (outputs,)}
    return WeightsForm(kind="iot-edge-d3qn", version=1, shapes=shapes)


@dataclass(frozen=True, kw_only=True)
class D3qnConfig(Checked):
    """What has to be named."""

    weights: str = ""
    """A file of weights, or `training:KEY`."""


class D3qn:
    """Takes the move of largest Q.

    Args:
        config: options.
        weights: of the form of the scenario; None: those that the config names.

    Raises:
        WeightsError: none are named.
    """

    def __init__(self, config: D3qnConfig = D3qnConfig(), weights: Arrays | None = None) -> None:
        if weights is None and not config.weights:
            raise WeightsError("no weights ship with d3qn: train some, and name them as --agent.weights")
        self._config, self._given = config, weights

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Load the weights, if none were given.

        Raises:
            WeightsError: they cannot be read, or are of areas of another size.
        """
        self._scenario, self._moves = scenario, list_moves(scenario.n_servers)
        self._weights = form_of(scenario).load(self._config.weights) if self._given is None else self._given

    def act(self, snapshot: Snapshot) -> Action:
        """Take the best move; of equals the first."""
        best = int(q_values(self._weights, observe(snapshot, self._scenario)).argmax())
        return Action(core_move=self._moves[best])


def q_values(weights: Arrays, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """[..., A] what each action is worth.

    Args:
        weights: of the form of `form_of`.
        features: [..., F] as of `observe`.
    """
    hidden = features
    for k in range(len(HIDDEN)):
        hidden = np.maximum(hidden @ weights[f"hidden{k + 1}.weight"].T + weights[f"hidden{k + 1}.bias"], 0)
    value = hidden @ weights["value.weight"].T + weights["value.bias"]
    advantage = hidden @ weights["advantage.weight"].T + weights["advantage.bias"]
    q: NDArray[np.float32] = value + advantage - advantage.mean(axis=-1, keepdims=True)
    return q
