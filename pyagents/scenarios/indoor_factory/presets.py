# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios with names. Apart from their fields, so that another preset changes the key of no run."""

import math
from collections.abc import Mapping
from dataclasses import replace

from pyagents.scenarios.indoor_factory.scenario import Scenario

_FIG7 = Scenario(n_wifi_aps=4, wifi_stations_per_ap=2, wifi_demand_mbps=10.0, wifi_on_s=1.0, wifi_off_s=1.0)
_FIG5 = replace(_FIG7, n_gnbs=6, n_ues=40, demand_mbps=5.0, demand_distribution="constant", mobile_share=0.0)


def scale(scenario: Scenario, factor: float) -> Scenario:
    """Return a hall as much larger, with as many more gNBs, UEs and access points: as dense as before.

    Sides keep their ratio as long as both may be that long; after that the longer stays at its limit.
    """
    area = scenario.hall_length_m * scenario.hall_width_m * factor
    length = min(scenario.hall_length_m * math.sqrt(factor), _LONGEST_M)
    return replace(
        scenario,
        hall_length_m=length,
        hall_width_m=area / length,
        n_gnbs=round(scenario.n_gnbs * factor),
        n_ues=round(scenario.n_ues * factor),
        n_wifi_aps=round(scenario.n_wifi_aps * factor),
    )


_LONGEST_M = 1000.0
"""Upper bound of `hall_length_m`."""

PRESETS: Mapping[str, Scenario] = {
    "fig5": _FIG5,
    "fig6": replace(_FIG5, gnb_layout="random"),
    "fig7": _FIG7,
    "fig13": replace(_FIG7, gnb_layout="random"),
    "campus": scale(Scenario(), 10),
}
"""Conditions of the paper's figures: 5 (6 gNBs on a grid), 6 (at random), 7 to 12 (10 gNBs on a grid, 100
UEs), 13 to 15 (at random). A Wi-Fi network on each channel comes and goes: docs/paper-regime.md says why.
`campus`, ours: ten times the hall of figure 7, without Wi-Fi: 100 gNBs and 1,000 UEs."""
