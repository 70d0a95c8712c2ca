# SPDX-License-Identifier: GPL-2.0-only
"""Who has which data: an edge has its own site's, and no other's."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from pyagents.scenarios.sliced_network.scenario import PRESETS, Scenario


def deal_out_sites(
    scenarios: Sequence[Scenario], count: int, rng: np.random.Generator
) -> list[tuple[Scenario, ...]]:
    """Give each client its site of each scenario, alone, of the kind that it is there among the others.

    Raises:
        ValueError: a scenario has another number of sites.
    """
    given = scenarios or [dataclasses.replace(PRESETS["fdrl"], n_sites=count)]
    for scenario in given:
        if scenario.n_sites != count:
            raise ValueError(
                f"clients={count} is not allowed: each of the scenario's {scenario.n_sites} sites is a client"
            )
    return [
        tuple(dataclasses.replace(one, n_sites=1, first_site=one.first_site + site) for one in given)
        for site in range(count)
    ]
