# SPDX-License-Identifier: GPL-2.0-only
"""Halls at the edge of what there can be, and runs that are long."""

import dataclasses
import os
from typing import Any

import numpy as np
import psutil
import pytest

from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Action
from pyagents.simulators.registry import make_simulator
from pyagents.toolchain.ns3 import CHOICE_VARIABLE
from tests.hall import Hall

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(os.environ.get(CHOICE_VARIABLE) == "none", reason=f"{CHOICE_VARIABLE}=none"),
]

SMALL = Scenario(n_gnbs=2, n_ues=3, steps=2, warmup_periods=1)
HALLS: dict[str, dict[str, Any]] = {
    "one of each": {"n_gnbs": 1, "n_ues": 1},
    "one UE": {"n_ues": 1},
    "one gNB": {"n_gnbs": 1},
    "more gNBs than UEs": {"n_gnbs": 12, "n_ues": 2},
    "one square metre": {"hall_length_m": 1.0, "hall_width_m": 1.0},
    "a corridor": {"hall_length_m": 1000.0, "hall_width_m": 1.0},
    "one channel": {"n_channels": 1, "wifi_channels": "0"},
    "heads at the ceiling": {"ue_height_m": 3.0, "gnb_height_m": 3.0},
    "all walk": {"mobile_share": 1.0, "ue_speed_mps": 100.0},
    "all creep": {"mobile_share": 1.0, "ue_speed_mps": 0.001},
    "next to no demand": {"demand_distribution": "constant", "demand_mbps": 1e-6},
    "far too much demand": {"demand_distribution": "constant", "demand_mbps": 10_000.0},
    "demands from nothing to all": {"demand_distribution": "gamma", "demand_variance_mbps2": 1e8},
    "demands from nothing": {"demand_mbps": 5.0, "demand_width_mbps": 9.999999999},
    "packets as large as queues": {"packet_size_bytes": 9000, "queue_limit_bytes": 9000},
    "packets in no time": {"packet_delay_budget_ms": 0.001},
    "deaf UEs": {"ue_noise_figure_db": 50.0, "gnb_tx_power_dbm": -30.0},
    "no warm-up": {"warmup_periods": 0},
    "Wi-Fi alone on the air": {"n_wifi_aps": 1, "wifi_stations_per_ap": 1, "wifi_demand_mbps": 1000.0},
}


@pytest.mark.parametrize("name", HALLS)
def test_halls_at_the_edge_are_played(name: str) -> None:
    scenario = dataclasses.replace(SMALL, **HALLS[name])
    with make_simulator("ns3", None, FAMILY) as simulator:
        now = simulator.reset(scenario, 1)
        while not simulator.done:
            now = simulator.step(Action(cho_target=np.zeros(scenario.n_ues, dtype=np.int32)))
    assert np.isfinite(now.load).all()
    assert (now.offered_bytes >= now.delivered_bytes).all()
    assert (now.airtime >= 0).all()


def test_memory_stays_over_two_thousand_steps() -> None:
    """Of this process and of ns-3's: what 1,500 steps add is less than a megabyte, or a twentieth."""
    scenario = dataclasses.replace(SMALL, n_gnbs=1, n_ues=1, steps=2000, sib_period_ms=80)
    with make_simulator("ns3", None, FAMILY) as simulator:
        simulator.reset(scenario, 1)
        here = psutil.Process()
        ns3 = next(child for child in here.children() if child.name() == FAMILY.program)
        sizes = []
        for step in range(1, 2001):
            simulator.step(Action())
            if step in (500, 1999):
                sizes.append([process.memory_info().rss for process in (here, ns3)])
    for before, after in zip(*sizes, strict=True):
        assert after - before < max(2**20, before / 20)


def test_environments_beside_each_other_do_not_know_of_each_other() -> None:
    scenarios = [dataclasses.replace(SMALL, n_ues=n) for n in (3, 3, 5)]
    alone = []
    for scenario in scenarios:
        with make_simulator("ns3", None, FAMILY) as simulator:
            simulator.reset(scenario, 1)
            alone.append(simulator.step(Action()).delivered_bytes)
    simulators = [make_simulator("ns3", None, FAMILY) for _ in scenarios]
    for simulator, scenario in zip(simulators, scenarios, strict=True):
        simulator.reset(scenario, 1)
    beside = [simulator.step(Action()).delivered_bytes for simulator in reversed(simulators)]
    for simulator in simulators:
        simulator.close()
    for one, other in zip(alone, reversed(beside), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_hall_of_the_tests_is_at_the_edge_too() -> None:
    """That what agents are tried on takes the smallest hall."""
    now = Hall().reset(dataclasses.replace(SMALL, n_gnbs=1, n_ues=1), 1)
    assert now.rsrp_dbm.shape == (1, 1)
