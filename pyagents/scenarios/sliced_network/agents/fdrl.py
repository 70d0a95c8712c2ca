# SPDX-License-Identifier: GPL-2.0-only
"""FDRL: at each edge a Q-network changes one thing a step, what one user has of one resource.

After Kumar, "Federated Deep Reinforcement Learning for Personalized Resource Allocation in 5G Network
Slicing", 2025. The state of an edge is what its users have, what they demand, and their channels; an action
"increases or decreases a specific resource to a particular user", or holds: of 50 users and 2 resources 201
actions. An edge sees its own users alone, and decides by them alone.

Two readings. `flat`, the letter: one network sees all users at once, and has an output for each action.
`shared`, the working one: one small network looks at each user in turn, and at what its edge has left; it
has the outputs that concern this user, so what is learnt of one is known of all. Weights have to be trained
first: `nru train fdrl --federate ...`; docs/federation.md says how.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyagents.core.scenario import Checked, number
from pyagents.core.snapshot import Floats
from pyagents.core.tensors import Arrays, WeightsError
from pyagents.core.weights import WeightsForm
from pyagents.scenarios.sliced_network.allocation import (
    HOLD,
    N_RESOURCES,
    apply_choices,
    mask_choices,
    shares_of,
    to_action,
)
from pyagents.scenarios.sliced_network.observe import MOST_PARTS, N_FEATURES, observe
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Snapshot

Network = Literal["shared", "flat"]

HIDDEN = (64, 32)
"""Sizes of the layers (paper)."""

CHANGES = 2 * N_RESOURCES
"""What can be done for a user: more and less of each resource."""

N_SEEN = 13
"""Length of what the shared network sees of a user."""

Matrix = NDArray[np.float32]


def form_of(network: Network, n_users: int) -> WeightsForm:
    """Form of the weights; those of the shared network fit edges of any size."""
    inputs, outputs = N_FEATURES * n_users, 1 + CHANGES * n_users
    if network == "shared":
        inputs, outputs = N_SEEN, 1 + CHANGES
    sizes = (inputs, *HIDDEN, outputs)
    shapes: dict[str, tuple[int, ...]] = {}
    for k, name in enumerate(("hidden1", "hidden2", "output")):
        shapes |= {f"{name}.weight": (sizes[k + 1], sizes[k]), f"{name}.bias": (sizes[k + 1],)}
    return WeightsForm(kind=f"sliced-network-fdrl-{network}", version=1, shapes=shapes)


@dataclass(frozen=True, kw_only=True)
class FdrlConfig(Checked):
    """What has to be named."""

    weights: str = ""
    """A file of weights, or `training:KEY`: of all edges, or, site by site, of each."""
    network: Network = "shared"
    """Reading of state and network."""
    chance: float = number(0.0, 0, 1)
    """Share of decisions by chance; the paper's 0.1 is for learning, what is learnt is judged without."""


LETTER = FdrlConfig(network="flat")


class Fdrl:
    """At each site the action of largest Q.

    Args:
        config: options.
        weights: of the form of the network, one for all sites; None: those that the config names.

    Raises:
        WeightsError: none are named.
    """

    def __init__(self, config: FdrlConfig = FdrlConfig(), weights: Arrays | None = None) -> None:
        if weights is None and not config.weights:
            raise WeightsError("no weights ship with fdrl: train some, and name them as --agent.weights")
        self.config, self._given = config, weights

    def reset(self, scenario: Scenario, seed: int) -> None:
        """Load the weights, if none were given.

        Raises:
            WeightsError: they cannot be read, or are of another network or, flat, of edges of another size.
        """
        self._scenario, self._rng = scenario, np.random.default_rng(seed)
        form = form_of(self.config.network, scenario.ues_per_site)
        known = {"": self._given} if self._given is not None else form.load_all(self.config.weights)
        sites = range(scenario.first_site, scenario.first_site + scenario.n_sites)
        if "" not in known and (missing := [site for site in sites if str(site) not in known]):
            raise WeightsError(f"weights {self.config.weights}: there are none of site {missing[0]}")
        self._weights = [known[""] if "" in known else known[str(site)] for site in sites]

    def act(self, snapshot: Snapshot) -> Action:
        """Let each site change one thing, by what it knows of its own users."""
        scenario, network = self._scenario, self.config.network
        shares, seen = shares_of(snapshot, scenario), observe(snapshot, scenario)
        allowed = mask_choices(shares)
        choices = np.empty(scenario.n_sites, dtype=np.int64)
        for site, weights in enumerate(self._weights):
            choices[site] = q_values(network, weights, seen[site], allowed[site]).argmax()
            if self.config.chance and self._rng.random() < self.config.chance:
                choices[site] = self._rng.choice(np.flatnonzero(allowed[site]))
        return choose(snapshot, shares, choices)


def choose(snapshot: Snapshot, shares: Floats, choices: NDArray[np.int64]) -> Action:
    """Make the change that each site chose, and leave all else as it is.

    Args:
        snapshot: what is in force, or a batch of such.
        shares: [..., E, N, R] of `shares_of`.
        choices: [..., E] of `apply_choices`.
    """
    if (choices == HOLD).all():
        return Action()
    after = apply_choices(shares, choices)
    asked: Any = to_action(after, snapshot)
    changed = (after != shares).reshape(*snapshot.gfbr_bps.shape, N_RESOURCES)
    return Action(
        gfbr_bps=np.where(changed[..., 0], asked.gfbr_bps, snapshot.gfbr_bps),
        cpu_share=np.where(changed[..., 1], asked.cpu_share, snapshot.cpu_share),
    )


def features_of(network: Network, seen: Matrix) -> Matrix:
    """What the network is shown of [..., N, 5], see `observe`: [..., 5 N] flat, [..., N, 13] shared.

    The shared one is shown of each user what it has and demands, by how much it lacks, and its channel; of
    its edge what is free, and what users lack and have too much on average. In equal parts.
    """
    if network == "flat":
        return seen.reshape(*seen.shape[:-2], -1)
    share, need = seen[..., :2] * MOST_PARTS, seen[..., 2:4] * MOST_PARTS
    gap = need - share
    of_site = (
        1 - share.mean(axis=-2, keepdims=True),
        np.maximum(gap, 0).mean(axis=-2, keepdims=True),
        np.maximum(-gap, 0).mean(axis=-2, keepdims=True),
    )
    around = [np.broadcast_to(part, share.shape) for part in of_site]
    shown: Matrix = np.concatenate([share, need, gap, seen[..., 4:], *around], axis=-1, dtype=np.float32)
    return shown


def q_values(network: Network, weights: Arrays, seen: Matrix, allowed: NDArray[Any]) -> Matrix:
    """[..., 1 + 4 N] what each action is worth; -inf where it would change nothing.

    The shared network says of each user what each change for it is worth, and what it is to leave it alone;
    holding is worth the mean of the latter.

    Args:
        network: reading.
        weights: of the form of the network.
        seen: [..., N, 5] of `observe`.
        allowed: [..., 1 + 4 N] of `mask_choices`.
    """
    hidden = features_of(network, seen)
    for name in ("hidden1", "hidden2"):
        hidden = np.maximum(hidden @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], 0)
    output = hidden @ weights["output.weight"].T + weights["output.bias"]
    if network == "shared":
        hold = output[..., :1].mean(axis=-2)
        changes = output[..., 1:].reshape(*output.shape[:-2], -1)
        output = np.concatenate([hold, changes], axis=-1)
    return np.where(allowed, output, -np.inf).astype(np.float32)
