# SPDX-License-Identifier: GPL-2.0-only
"""What the network, and what each UE, sees of the hall: finite, float32, within -1 to 1.

Only fields that the party knows in a real network (`Snapshot.known_to`), and of arrays with a
UE axis each UE only its own row. All functions take Snapshots with a batch axis in front as well.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from pyagents.envs.views import Observation
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import CIO_LIMIT_DB, Snapshot

RSRP_DBM = (-148.0, -58.0)
"""RSRP as -1 to 1. Below is noise (and "never measured"), above is a UE on the antenna."""
LOAD = 2.0
"""Loads as 0 to 1: this and above is 1. A load of 1 is all that there is."""
SIB_AGE_STEPS = 5.0
"""Ages of heard loads as 0 to 1: this many steps, more, and "never heard" are 1."""

Array = NDArray[np.float32]


def network_observation(scenario: Scenario) -> Observation:
    """What the network knows, in one dimension.

    | part | shape | from | values |
    |---|---|---|---|
    | RSRP | [U, G] | `rsrp_dbm` | -1: -148 dBm and below, or never measured; 1: -58 dBm |
    | serving | [U, G] | `serving` | one-hot |
    | demand | [U] | `demand_bps` | over twice the scenario's mean, at most 1 |
    | satisfaction | [U] | `delivered_bps` | over demand, at most 1 |
    | queue | [U] | `queued_bytes` | over the queue's limit, at most 1 |
    | load | [G] | `load` | over 2, at most 1 |
    | airtime | [G] | `airtime` | as it is |
    | airtime used | [G] | `airtime_used` | as it is |
    | channel | [G, C] | `channel` | one-hot |
    | CIO | [G, G] | `cio_db` | over 24 dB |
    """
    g = scenario.n_gnbs
    return Observation(
        space=_box(scenario.n_ues * (2 * g + 3) + g * (3 + scenario.n_channels + g)),
        function=partial(_network_view, scenario=scenario),
        batched=True,
    )


def ue_observation(scenario: Scenario) -> Observation:
    """What each UE knows: [U, n], a row a UE.

    | part | shape | from | values |
    |---|---|---|---|
    | RSRP | [G] | `rsrp_dbm` | -1: -148 dBm and below, or never measured; 1: -58 dBm |
    | burden | [G] | `demand_bps`, `rate_bps` | airtime that it needs there, 1: all, or out of range |
    | serving | [G] | `serving` | one-hot |
    | load | [G] | `sib_load` | as last heard, over 2, at most 1; 0: never heard |
    | age | [G] | `sib_age_s` | over 5 steps, at most 1; 1: never heard |
    | demand | 1 | `demand_bps` | over twice the scenario's mean, at most 1 |
    | satisfaction | 1 | `delivered_bps` | over demand, at most 1 |
    | channel | [G, C] | `channel` | one-hot |
    """
    g = scenario.n_gnbs
    return Observation(
        space=_box(5 * g + 2 + g * scenario.n_channels),
        function=partial(_ue_view, scenario=scenario),
        batched=True,
    )


def custom_observation(
    function: Callable[[Snapshot], Any], scenario: Scenario, *, n_agents: int | None
) -> Observation:
    """Make an observation of anybody's function; its values have to be finite, not normalised.

    Args:
        function: from a Snapshot, an array; of `n_agents` rows if there are that many.
        scenario: gives sizes.
        n_agents: None where there is but one.

    Raises:
        ValueError: it does not return an array of one shape and of finite numbers.
    """
    with np.errstate(all="ignore"):  # only its shape counts
        shape = np.shape(function(Snapshot.blank(scenario.sizes())))
    if n_agents is not None and shape[:1] != (n_agents,):
        raise ValueError(f"the observation {_name(function)} has shape {shape}: must have {n_agents} rows")
    own = shape if n_agents is None else shape[1:]
    return Observation(
        space=spaces.Box(-np.inf, np.inf, own, np.float32), function=partial(_checked, function=function)
    )


def _checked(snapshot: Snapshot, function: Callable[[Snapshot], Any]) -> Array:
    array = np.asarray(function(snapshot), dtype=np.float32)
    if not np.isfinite(array).all():
        raise ValueError(f"the observation {_name(function)} is not finite: {array[~np.isfinite(array)][0]}")
    return array


def satisfaction(snapshot: Any) -> NDArray[np.float64]:
    """[..., U] what each UE got of its demand in the last step, at most 1; 1 where it wants nothing."""
    wanted = np.maximum(snapshot.demand_bps, 1.0)
    got: NDArray[np.float64] = np.minimum(snapshot.delivered_bps / wanted, 1.0)
    return np.where(snapshot.demand_bps > 0, got, 1.0)


def _network_view(snapshot: Any, scenario: Scenario) -> Array:
    parts = [
        _rsrp(snapshot),
        _one_hot(snapshot.serving, scenario.n_gnbs),
        _demand(snapshot, scenario),
        satisfaction(snapshot),
        np.minimum(snapshot.queued_bytes / scenario.queue_limit_bytes, 1.0),
        np.minimum(snapshot.load / LOAD, 1.0),
        snapshot.airtime,
        snapshot.airtime_used,
        _one_hot(snapshot.channel, scenario.n_channels),
        snapshot.cio_db / CIO_LIMIT_DB,
    ]
    batch = snapshot.load.shape[:-1]
    return np.concatenate([part.astype(np.float32).reshape(*batch, -1) for part in parts], axis=-1)


def _ue_view(snapshot: Any, scenario: Scenario) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        burden = snapshot.demand_bps[..., None] / snapshot.rate_bps
    channels = _one_hot(snapshot.channel, scenario.n_channels)
    flat = channels.reshape(*channels.shape[:-2], 1, -1)
    parts = [
        _rsrp(snapshot),
        np.minimum(np.where(snapshot.rate_bps > 0, burden, 1.0), 1.0),
        _one_hot(snapshot.serving, scenario.n_gnbs),
        np.minimum(np.nan_to_num(snapshot.sib_load, nan=0.0) / LOAD, 1.0),
        np.minimum(snapshot.sib_age_s / (SIB_AGE_STEPS * scenario.step_s), 1.0),
        _demand(snapshot, scenario)[..., None],
        satisfaction(snapshot)[..., None],
        np.broadcast_to(flat, (*snapshot.serving.shape, flat.shape[-1])),
    ]
    return np.concatenate([part.astype(np.float32) for part in parts], axis=-1)


def _rsrp(snapshot: Any) -> NDArray[np.float64]:
    low, high = RSRP_DBM
    scaled: NDArray[np.float64] = (np.clip(snapshot.rsrp_dbm, low, high) - low) / (high - low) * 2 - 1
    return scaled


def _demand(snapshot: Any, scenario: Scenario) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = np.minimum(snapshot.demand_bps / (2e6 * scenario.demand_mbps), 1.0)
    return scaled


def _one_hot(index: NDArray[Any], size: int) -> NDArray[np.bool_]:
    marks: NDArray[np.bool_] = index[..., None] == np.arange(size)
    return marks


def _box(size: int) -> spaces.Box:
    return spaces.Box(-1.0, 1.0, (size,), np.float32)


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)
