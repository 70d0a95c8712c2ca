# SPDX-License-Identifier: GPL-2.0-only
"""What an edge knows as numbers of about 1: for environments, and for agents that learn."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.scenarios.sliced_network.allocation import needs_of, shares_of
from pyagents.scenarios.sliced_network.scenario import Scenario

N_FEATURES = 5
"""Numbers a UE."""

MOST_PARTS = 4.0
"""Shares and needs above so many equal parts of a site count as so many."""

_MOST_DB = 40.0


def observe(snapshot: Any, scenario: Scenario) -> NDArray[np.float32]:
    """[..., E, N, 5] the paper's state, a site a row: what each UE is given, what it demands, its channel.

    | feature | from | values |
    |---|---|---|
    | 0, 1 | `gfbr_bps` over `mean_rate_bps`, `cpu_share` | in equal parts of the site, at most 4, over 4 |
    | 2, 3 | `demand_bps`, `cpu_demand`, in the same shares | likewise |
    | 4 | `mean_snr_db` | over 40 dB, 0 to 1 |
    """
    parts = scenario.ues_per_site / MOST_PARTS
    shares, needs = shares_of(snapshot, scenario), needs_of(snapshot, scenario)
    channel = (snapshot.mean_snr_db / _MOST_DB).reshape(*shares.shape[:-1], 1)
    features = np.concatenate([shares * parts, needs * parts, channel], axis=-1)
    seen: NDArray[np.float32] = np.clip(features, 0.0, 1.0).astype(np.float32)
    return seen
