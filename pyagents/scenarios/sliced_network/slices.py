# SPDX-License-Identifier: GPL-2.0-only
"""The slices of a network: what they are, and what their UEs ask for."""

from dataclasses import dataclass
from enum import IntEnum


class Slice(IntEnum):
    """Slices, in the order of every array's slice axis."""

    EMBB = 0
    URLLC = 1
    MMTC = 2


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a UE of a slice asks for."""

    label: str
    """Name for people."""
    slice_type: int
    """Slice/service type of its S-NSSAI (TS 23.501 Table 5.15.2.2-1)."""
    five_qi: int
    """5QI of its QoS flow (TS 23.501 Table 5.7.4-1), all three with a guaranteed rate."""
    delay_budget_s: float
    """Packet delay budget of that 5QI, here all of it the radio's; a packet that waits longer is discarded
    (discardTimer, TS 38.323 section 5.3)."""
    radio_weight: float
    """Mean rate that it demands, relative to other slices' (ours)."""
    computing_weight: float
    """Mean work that it demands, likewise (ours)."""


SERVICES: tuple[Service, ...] = (
    Service(
        label="eMBB",
        slice_type=1,
        five_qi=2,
        delay_budget_s=0.150,
        radio_weight=2.0,
        computing_weight=1.0,
    ),
    Service(
        label="URLLC",
        slice_type=2,
        five_qi=82,
        delay_budget_s=0.010,
        radio_weight=1.0,
        computing_weight=2.0,
    ),
    Service(
        label="mMTC",
        slice_type=3,
        five_qi=3,
        delay_budget_s=0.050,
        radio_weight=0.5,
        computing_weight=0.5,
    ),
)
"""By `Slice`: conversational video, discrete automation (delay-critical), monitoring of a process."""
