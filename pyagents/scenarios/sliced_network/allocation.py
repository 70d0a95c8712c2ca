# SPDX-License-Identifier: GPL-2.0-only
"""What UEs are given and what they ask for, in shares of their site; and changes of it, one at a time.

Arrays are [..., E, N, R]: sites, the N UEs of each, resources.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.snapshot import Action, Resource

N_RESOURCES = len(Resource)
STEP = 0.25
"""What a change gives or takes, in equal parts of a site (ours; the paper: "increasing or decreasing")."""

HOLD = 0
"""Choice that changes nothing."""


def shares_of(snapshot: Any, scenario: Scenario) -> Floats:
    """What each UE is guaranteed: of the carrier by its mean rate, of the edge host."""
    return _stack(snapshot.gfbr_bps / snapshot.mean_rate_bps, snapshot.cpu_share, scenario)


def needs_of(snapshot: Any, scenario: Scenario) -> Floats:
    """What each UE demanded in the step that has ended, in the same shares."""
    return _stack(
        snapshot.demand_bps / snapshot.mean_rate_bps, snapshot.cpu_demand / scenario.cpu_capacity, scenario
    )


def to_action(shares: Floats, snapshot: Any) -> Action:
    """The knobs that give these shares."""
    flat = shares.reshape(*shares.shape[:-3], -1, N_RESOURCES)
    return Action(
        gfbr_bps=flat[..., Resource.RADIO] * snapshot.mean_rate_bps,
        cpu_share=np.minimum(flat[..., Resource.COMPUTING], 1.0),
    )


def n_choices(scenario: Scenario) -> int:
    """Number of changes that a site can choose from: to hold, or more or less of a resource for a UE."""
    return 1 + 2 * N_RESOURCES * scenario.ues_per_site


def apply_choices(shares: Floats, choices: NDArray[Any]) -> Floats:
    """Make the change that each site chose; another array.

    More takes of what is free, no more than there is; less leaves no less than nothing.

    Args:
        shares: [..., E, N, R].
        choices: [..., E] `HOLD`, or 1 + 2 (R n + r), one more: resource r of UE n gets more, or less.
    """
    made = shares.reshape(*shares.shape[:-2], -1).copy()
    free = 1 - shares.sum(axis=-2)
    place = np.maximum(np.asarray(choices) - 1, 0) // 2
    step = STEP / shares.shape[-2]
    room = np.take_along_axis(free, place[..., None] % N_RESOURCES, axis=-1)
    here = np.take_along_axis(made, place[..., None], axis=-1)
    is_more = (np.asarray(choices) % 2 == 1)[..., None]
    change = np.where(is_more, np.clip(room, 0.0, step), -np.minimum(here, step))
    change = np.where((np.asarray(choices) == HOLD)[..., None], 0.0, change)
    np.put_along_axis(made, place[..., None], here + change, axis=-1)
    return made.reshape(shares.shape)


def mask_choices(shares: Floats) -> NDArray[np.int8]:
    """[..., E, C] 1 where a choice changes something, and for `HOLD`."""
    free = (1 - shares.sum(axis=-2) > _NOTHING)[..., None, :] & np.ones(shares.shape[-2:], bool)
    both = np.stack([free, shares > _NOTHING], axis=-1)
    flat = both.reshape(*shares.shape[:-2], -1)
    hold = np.ones((*flat.shape[:-1], 1), bool)
    return np.concatenate([hold, flat], axis=-1).astype(np.int8)


_NOTHING = 1e-9


def max_min(needs: Floats) -> Floats:
    """Shares that are max-min fair: all of what is small, and the same for those that ask for more.

    Args:
        needs: [..., E, N, R]; where they sum to less than 1 each gets what it needs.
    """
    n = needs.shape[-2]
    rising = np.sort(needs, axis=-2)
    before = np.cumsum(rising, axis=-2) - rising
    level = (1 - before) / (n - np.arange(n))[:, None]
    # The first whose need exceeds what is left for each of those that follow sets the level.
    short = rising > level
    first = np.where(short.any(axis=-2), short.argmax(axis=-2), n - 1)
    bound = np.take_along_axis(level, first[..., None, :], axis=-2)
    given: Floats = np.minimum(needs, np.where(short.any(axis=-2)[..., None, :], bound, np.inf))
    return given


def smallest_first(needs: Floats) -> Floats:
    """Shares with the highest mean satisfaction there can be: UEs in the order of their needs.

    Of the linear program: maximise the sum of x_i, 0 <= x_i <= 1, sum of needs_i x_i <= 1. It is a fractional
    knapsack whose items are worth the same, so the smallest are taken first (Dantzig, Operations Research
    5(2), 1957).
    """
    order = np.argsort(needs, axis=-2, kind="stable")
    rising = np.take_along_axis(needs, order, axis=-2)
    before = np.cumsum(rising, axis=-2) - rising
    given = np.empty_like(needs)
    np.put_along_axis(given, order, np.clip(1 - before, 0.0, rising), axis=-2)
    return given


def with_headroom(given: Floats, headroom: float) -> Floats:
    """What is given, and of what is free an even part of it, at most a share of what is given each."""
    free = np.maximum(1 - given.sum(axis=-2, keepdims=True), 0.0)
    total = np.maximum(given.sum(axis=-2, keepdims=True), _NOTHING)
    more: Floats = given * (1 + np.minimum(headroom, free / total))
    return more


def _stack(radio: Floats, computing: Floats, scenario: Scenario) -> Floats:
    sites = scenario.n_sites, scenario.ues_per_site
    both = np.stack([radio, computing], axis=-1)
    return both.reshape(*both.shape[:-2], *sites, N_RESOURCES)
