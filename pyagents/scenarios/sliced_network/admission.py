# SPDX-License-Identifier: GPL-2.0-only
"""What of an action comes into force: a site does not guarantee more than it has."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network.scenario import Scenario
from pyagents.scenarios.sliced_network.slices import SERVICES
from pyagents.scenarios.sliced_network.snapshot import Ratio

_SLACK = 1e-9
"""Minima of a site may exceed 1 by so much, as sums of fractions do."""


def admit(shares: NDArray[Any], n_sites: int) -> Floats:
    """Divide the shares of each site whose sum is above 1 by that sum.

    Args:
        shares: [..., U] of a resource, of UEs in the order of their sites.
        n_sites: E.
    """
    by_site = np.asarray(shares, float).reshape(*shares.shape[:-1], n_sites, -1)
    admitted: Floats = by_site / np.maximum(by_site.sum(axis=-1, keepdims=True), 1.0)
    return admitted.reshape(shares.shape)


def initial_ratios(scenario: Scenario) -> Floats:
    """[E, S, 3] quotas that a run starts with: nothing is dedicated or a minimum, all is the maximum."""
    ratios = np.zeros((scenario.n_sites, len(SERVICES), len(Ratio)))
    ratios[..., Ratio.MAXIMUM] = 1.0
    return ratios


def check_ratios(ratios: NDArray[Any]) -> None:
    """Raise ValueError where quotas, [..., E, S, 3], contradict each other."""
    dedicated, minimum, maximum = np.moveaxis(ratios, -1, 0)
    for low, high, said in (
        (dedicated, minimum, "dedicated {0:g} above minimum {1:g}"),
        (minimum, maximum, "minimum {0:g} above maximum {1:g}"),
    ):
        if (low > high).any():
            at = tuple(np.argwhere(low > high)[0])
            raise ValueError(
                f"prb_ratio{list(map(int, at[-2:]))} is not allowed: {said.format(low[at], high[at])}: "
                "must rise from dedicated to minimum to maximum"
            )
    total = minimum.sum(axis=-1)
    if (total > 1 + _SLACK).any():
        at = tuple(np.argwhere(total > 1 + _SLACK)[0])
        raise ValueError(
            f"prb_ratio of site {int(at[-1])} is not allowed: its minima sum to {total[at]:g}: "
            "must be at most 1"
        )
