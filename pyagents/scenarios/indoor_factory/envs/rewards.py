# SPDX-License-Identifier: GPL-2.0-only
"""What a step was worth to the network, and to each UE. All functions take a batch axis in front as well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pyagents.envs.views import Number, Reward
from pyagents.scenarios.indoor_factory.envs.observations import satisfaction
from pyagents.scenarios.indoor_factory.snapshot import Snapshot

MAX_LOAD = 4.0
"""Loads count up to this (the largest that SIBx tells): one starved cell must not drown all else."""


@dataclass(frozen=True, kw_only=True)
class NetworkWeights:
    """Weights of the parts of the network's reward."""

    satisfaction: float = 1.0
    """On the UEs' mean share of demand that arrived, 0 to 1."""
    imbalance: float = 1.0
    """On the standard deviation of the gNBs' loads, what the paper's figures are about; 0 to 2, negative."""
    handovers: float = 0.1
    """On the handovers of the step per UE; negative. Everybody moving costs a tenth of everybody's demand
    (an interruption of 40 ms is a quarter of a step)."""


@dataclass(frozen=True, kw_only=True)
class UeWeights:
    """Weights of the parts of a UE's reward."""

    satisfaction: float = 1.0
    """On the share of its demand that arrived, 0 to 1."""
    crowding: float = 0.5
    """On the load of its serving cell, 0 to 4, negative: the cost that makes it a congestion game."""
    handovers: float = 0.1
    """On its own handovers in the step, negative."""


def network_reward(weights: NetworkWeights = NetworkWeights()) -> Reward:
    """Satisfaction, less imbalance, less handovers."""
    return Reward(function=partial(_network_parts, weights=weights), batched=True)


def ue_reward(weights: UeWeights = UeWeights()) -> Reward:
    """Its satisfaction, less the crowding of its cell, less its handovers: parts [U]."""
    return Reward(function=partial(_ue_parts, weights=weights), batched=True)


def custom_reward(function: Callable[[Snapshot, Snapshot], Number | Mapping[str, Number]]) -> Reward:
    """Make a reward of anybody's function of the Snapshots before and after a step.

    It returns the reward, or its parts by name; of shape [U] where UEs are the agents.
    """
    return Reward(function=partial(_custom_parts, function=function))


def _network_parts(before: Any, after: Any, weights: NetworkWeights) -> dict[str, Number]:
    moves = (after.handovers - before.handovers).mean(axis=-1)
    return {
        "satisfaction": weights.satisfaction * satisfaction(after).mean(axis=-1),
        "imbalance": -weights.imbalance * np.minimum(after.load, MAX_LOAD).std(axis=-1),
        "handovers": -weights.handovers * moves,
    }


def _ue_parts(before: Any, after: Any, weights: UeWeights) -> dict[str, Number]:
    load = np.take_along_axis(np.minimum(after.load, MAX_LOAD), after.serving.astype(np.intp), axis=-1)
    return {
        "satisfaction": weights.satisfaction * satisfaction(after),
        "crowding": -weights.crowding * load,
        "handovers": -weights.handovers * (after.handovers - before.handovers),
    }


def _custom_parts(
    before: Snapshot,
    after: Snapshot,
    function: Callable[[Snapshot, Snapshot], Number | Mapping[str, Number]],
) -> Mapping[str, Number]:
    value = function(before, after)
    return value if isinstance(value, Mapping) else {"reward": value}
