# SPDX-License-Identifier: GPL-2.0-only
"""Wi-Fi access points: nodes that take airtime and interfere, for traffic that comes and goes.

ns-3's 802.11ax in 20 MHz at its defaults: best effort, 40 mW, guard interval 3.2 us, stations near enough for
MCS 11. What an access point finds no time for is lost, what it sends arrives: neither its queue is modelled
nor what spoils frames, nor are acknowledgements but for the time they take.
"""

import math

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Mask
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.nr import SLOT_S
from pyagents.simulators.compiled import compiled

POWER_DBM = 16.0206
"""Transmit power, 40 mW."""
ED_DBM = -62.0
"""From which Wi-Fi defers to energy that is not Wi-Fi (CCA-ED)."""

PAYLOAD_BYTES = 1500
PAYLOAD_BITS = PAYLOAD_BYTES * 8
FRAME_BITS = PAYLOAD_BITS + 38 * 8
"""With MAC and LLC headers and FCS."""
RATE_BPS = 1950 / 16e-6
"""HE-MCS 11, 1950 bit a symbol of 12.8 us and its guard interval."""
FRAME_S = FRAME_BITS / RATE_BPS
ACCESS_S = 48e-6 + 16e-6 + 32e-6
"""Preamble, SIFS and block acknowledgement: once an access, however many frames it carries."""
SLOT_SHARE = (FRAME_S + ACCESS_S) / (FRAME_S + ACCESS_S + SLOT_S)
"""Mean share of an NR slot that a frame which meets the slot lies in."""


def packets_per_s(scenario: Scenario) -> float:
    """What an access point is given to send while on; beacons are left out."""
    return scenario.wifi_demand_mbps * 1e6 / PAYLOAD_BITS if scenario.wifi_stations_per_ap else 0.0


@compiled
def wanted(packets: float, wait_s: float) -> tuple[float, float]:
    """Share of time that an access point wants, and its channel accesses a second.

    What came while it waited for the channel goes out in one aggregated frame.

    Args:
        packets: a second.
        wait_s: mean wait for the channel.
    """
    accesses = packets / (1 + packets * wait_s)
    return packets * FRAME_S + accesses * ACCESS_S, accesses


def is_on_at_first(scenario: Scenario, chance: Floats) -> Mask:
    """[...] which access points have traffic at the start, from uniform numbers."""
    on: Mask = chance < _share_on(scenario)
    return on


def is_on_next(scenario: Scenario, is_on: Mask, chance: Floats, time_s: float) -> Mask:
    """[...] which access points have traffic some time later: a Markov process with two states.

    Args:
        scenario: mean times on and off.
        is_on: [...] now.
        chance: [...] uniform numbers.
        time_s: how much later.
    """
    if scenario.wifi_off_s == 0:
        return np.ones_like(is_on)
    stays = math.exp(-time_s * (1 / scenario.wifi_on_s + 1 / scenario.wifi_off_s))
    on: Mask = chance < stays * is_on + (1 - stays) * _share_on(scenario)
    return on


def _share_on(scenario: Scenario) -> float:
    total = scenario.wifi_on_s + scenario.wifi_off_s
    return scenario.wifi_on_s / total if scenario.wifi_off_s > 0 else 1.0
