# SPDX-License-Identifier: GPL-2.0-only
"""All the numbers of a run that do not change, in the units and forms that a step works with."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.delays import N_DELAYS
from pyagents.scenarios.indoor_factory.mock import wifi
from pyagents.scenarios.indoor_factory.mock.access import (
    PRIORITY_CLASSES,
    energy_detection_dbm,
    thresholds_dbm,
)
from pyagents.scenarios.indoor_factory.mock.adaptation import OuterLoop
from pyagents.scenarios.indoor_factory.mock.arrays import Floats
from pyagents.scenarios.indoor_factory.mock.layout import Layout, n_mobile, rule_of
from pyagents.scenarios.indoor_factory.mock.line_of_sight import LosRule
from pyagents.scenarios.indoor_factory.mock.phy import DETECTION_SINR_DB, Amc, McsTables, make_amc
from pyagents.scenarios.indoor_factory.mock.propagation import PROPAGATION, MovingLinks, moving_links
from pyagents.scenarios.indoor_factory.mock.rrc import RrcRules
from pyagents.scenarios.indoor_factory.mock.traffic import CUT_COST_S, CUT_SLOT_S, OVERHEAD_S
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import RESOURCE_ELEMENTS_DB
from pyagents.scenarios.nr import SLOT_S, noise_dbm


class Air(NamedTuple):
    """What channel access and cells go by."""

    step_s: float
    discovery_share: float
    """Share of time of a cell's discovery bursts, a slot each."""
    n_bursts: int
    """Number of discovery bursts in the SI window."""
    si_window_s: float
    discovery_period_s: float
    discovery_gives_up: bool
    """Discovery bursts by Type 2A, which gives up where Type 1 would wait."""
    holdoff_s: float
    overhead_s: float
    """Airtime that a channel occupancy takes beyond what its data need in full slots."""
    access_s: float
    """Mean time from a request on an idle channel to a transmission."""
    mcot_s: float
    """Longest channel occupancy."""
    efficiency: float
    """Share of time on the air of a node that is alone and always has data."""
    cw_min: int
    doublings: int
    """Number of times that the contention window can double."""
    attempts: float
    """Transmissions of a transport block before its packets are too late."""
    packet_bytes: int
    wifi_packets_per_s: float
    """Packets a second that a Wi-Fi access point is given to send while on."""
    window_steps: float
    """Over so many steps a cell's airtime is averaged, at least one."""
    fading: float
    """Share that a step leaves of sums that fade with that window."""
    cut_cost_s: float
    """Airtime that the first slot of an occupancy takes beyond what its data would in a full one."""
    sib_loss: bool
    """Whether a SIBx can be lost."""


class Demand(NamedTuple):
    """What UEs ask for; [B, U] each."""

    bps: Floats
    """Guaranteed bit rates."""
    bps_slots: Floats
    """Bits of a slot's worth times slots a second: over a rate, the slots that they fill a second."""
    packets_per_s: Floats
    phase: Floats
    """When the first packet comes, in parts of the time between two."""
    guaranteed_bytes: Floats
    """Guaranteed bytes of a step."""
    most_bytes: Floats
    """That can wait: younger than the delay budget, within the queue's limit."""
    unsent_bytes: Floats
    """That wait on the average for the cell's next channel occupancy."""


class Walks(NamedTuple):
    """What walks go by, and what is received on the way."""

    travel_m: float
    """How far a moving UE gets in a step."""
    floor_m: Floats
    """[2] length and width of the hall."""
    node_position_m: Floats
    """[B, N, 3]."""
    height_m2: Floats
    """[B, N] square of the nodes' height above the UEs."""
    power_dbm: Floats
    """[N] transmit powers."""
    los: LosRule
    """By what UEs have line of sight."""
    los_field: Floats
    """[B, N, X, Y] of Layout."""
    links: MovingLinks
    """Laws of path loss and of shadow fading."""
    least_dbm: float
    """RSRP from which a UE detects a discovery burst that nothing interferes with."""


class Rules(NamedTuple):
    """What compiled functions go by."""

    air: Air
    outer_loop: OuterLoop
    mcs: McsTables
    demand: Demand
    rrc: RrcRules


@dataclass(frozen=True, kw_only=True, eq=False)
class Numbers:
    """What does not change in a run."""

    scenario: Scenario
    layout: Layout
    """[B, ...]."""
    n_nodes: int
    """N: gNBs, then Wi-Fi access points."""
    n_mobile: int
    """M: the first M UEs move."""
    steps_a_table: int
    """After so many steps moving UEs have gone far enough for new tables of interference, and another look at
    line of sight."""
    amc: Amc
    noise_dbm: float
    """Noise power of a UE."""
    gnb_rsrp_dbm: Floats
    """[B, G, G] RSRP at which gNBs (rows) receive one another; NaN: themselves."""
    not_modelled: tuple[Floats, Floats, Floats]
    """[B, U], [B, U, D] and [B, D] NaN: late bytes, RSSI and channel occupancy; delays of UEs; of Wi-Fi."""
    walks: Walks
    rules: Rules
    node_power_dbm: Floats
    """[N] transmit powers."""
    spoiling_db: Floats
    """[N, 1] of that power, what a slot meets of a transmission that meets the slot."""
    spoilt_s: Floats
    """[N] time in slots that a transmission meets beyond its own length, mean."""
    ed_threshold_dbm: Floats
    """[N, 1] from which each node senses the channel busy."""
    ed_discovery_dbm: float
    """The same of gNBs before discovery bursts alone."""


HARQ_TRANSMISSIONS = 4
"""HARQ gives a block up after so many, and acknowledged mode has it sent again while that is of use."""
HARQ_ROUND_S = 2e-3 + SLOT_S
"""From one transmission to the next: its slot, and its feedback 2 ms later."""
TABLE_DISTANCE_M = 1.0
"""How far a UE moves before its tables of interference are made anew; shadowing keeps 85 % over that."""


def derive(scenario: Scenario, layout: Layout) -> Numbers:
    """The numbers of a Scenario and a Layout with a batch axis."""
    data, discovery = thresholds_dbm(scenario)
    n_gnbs, n_aps, halls = scenario.n_gnbs, scenario.n_wifi_aps, len(layout.demand_bps)
    noise = noise_dbm(scenario.ue_noise_figure_db)
    amc = make_amc(scenario.snr_gap_db, scenario.rate_model)
    nodes, travel_m = [n_gnbs, n_aps], scenario.ue_speed_mps * scenario.step_s
    power_dbm = np.repeat([scenario.gnb_tx_power_dbm, wifi.POWER_DBM], nodes)
    return Numbers(
        scenario=scenario,
        layout=layout,
        n_nodes=n_gnbs + n_aps,
        n_mobile=n_mobile(scenario),
        steps_a_table=max(1, int(TABLE_DISTANCE_M / travel_m)),
        amc=amc,
        noise_dbm=noise,
        gnb_rsrp_dbm=_gnb_rsrp_dbm(scenario, layout),
        not_modelled=(
            np.broadcast_to(np.nan, layout.demand_bps.shape),
            np.broadcast_to(np.nan, (*layout.demand_bps.shape, N_DELAYS)),
            np.broadcast_to(np.nan, (halls, N_DELAYS)),
        ),
        walks=Walks(
            travel_m=travel_m,
            floor_m=np.array([scenario.hall_length_m, scenario.hall_width_m]),
            node_position_m=layout.node_position_m,
            height_m2=(layout.node_position_m[:, :, 2] - scenario.ue_height_m) ** 2,
            power_dbm=power_dbm,
            los=rule_of(scenario),
            los_field=layout.los_field,
            links=moving_links(
                PROPAGATION[scenario.propagation],
                scenario.carrier_frequency_ghz,
                travel_m,
                shadowing=scenario.shadowing,
            ),
            least_dbm=noise + DETECTION_SINR_DB - RESOURCE_ELEMENTS_DB,
        ),
        rules=_rules(scenario, layout, amc.tables),
        spoiling_db=np.repeat([0.0, 10 * math.log10(wifi.SLOT_SHARE)], nodes)[:, None],
        spoilt_s=np.repeat([CUT_SLOT_S[scenario.start_alignment], SLOT_S], nodes),
        node_power_dbm=power_dbm,
        ed_threshold_dbm=np.repeat([data, wifi.ED_DBM], nodes)[:, None],
        ed_discovery_dbm=discovery,
    )


def _rules(scenario: Scenario, layout: Layout, mcs: McsTables) -> Rules:
    access = PRIORITY_CLASSES[scenario.access_priority_class]
    holdoff_s = scenario.access_holdoff_ms / 1000
    # Alignment to slots leaves the channel idle for half a slot, mean.
    access_s = access.access_s + (0.5 * SLOT_S if scenario.start_alignment == "slot" else 0.0)
    bytes_per_s = layout.demand_bps / 8
    return Rules(
        air=Air(
            step_s=scenario.step_s,
            discovery_share=SLOT_S / (scenario.discovery_period_ms / 1000),
            n_bursts=max(1, round(scenario.si_window_ms / scenario.discovery_period_ms)),
            si_window_s=scenario.si_window_ms / 1000,
            discovery_period_s=scenario.discovery_period_ms / 1000,
            discovery_gives_up=scenario.sib_access == "type2a",
            holdoff_s=holdoff_s,
            overhead_s=OVERHEAD_S[scenario.start_alignment],
            access_s=access_s,
            mcot_s=access.mcot_s,
            efficiency=access.efficiency,
            cw_min=access.cw_min,
            doublings=access.doublings,
            attempts=float(
                max(HARQ_TRANSMISSIONS, math.floor(scenario.packet_delay_budget_ms / 1000 / HARQ_ROUND_S))
            ),
            packet_bytes=scenario.packet_size_bytes,
            wifi_packets_per_s=wifi.packets_per_s(scenario),
            window_steps=max(scenario.averaging_window_ms / scenario.sib_period_ms, 1.0),
            fading=math.exp(-scenario.sib_period_ms / scenario.averaging_window_ms),
            cut_cost_s=CUT_COST_S[scenario.start_alignment] if scenario.rate_model == "nr" else 0.0,
            sib_loss=scenario.sib_loss,
        ),
        outer_loop=OuterLoop(
            target=scenario.outer_loop_target,
            step_db=float(scenario.outer_loop_step_db),
            rise_db=scenario.outer_loop_step_db
            * scenario.outer_loop_target
            / (1 - scenario.outer_loop_target),
            floor_db=float(scenario.outer_loop_floor_db),
        ),
        mcs=mcs,
        demand=Demand(
            bps=layout.demand_bps,
            bps_slots=layout.demand_bps / SLOT_S,
            packets_per_s=bytes_per_s / scenario.packet_size_bytes,
            phase=layout.packet_phase,
            guaranteed_bytes=bytes_per_s * scenario.step_s,
            most_bytes=np.floor(
                np.minimum(bytes_per_s * scenario.packet_delay_budget_ms / 1000, scenario.queue_limit_bytes)
            ),
            unsent_bytes=bytes_per_s * (holdoff_s / 2 + access_s),
        ),
        rrc=RrcRules(
            cho_threshold_dbm=float(scenario.cho_rsrp_threshold_dbm),
            cho_time_to_trigger_s=scenario.cho_time_to_trigger_ms / 1000,
            cho_cost_margin=float(scenario.cho_cost_margin) if scenario.cho_lb_en else math.nan,
            a3_offset_db=float(scenario.a3_offset_db),
            a3_hysteresis_db=float(scenario.a3_hysteresis_db),
            a3_time_to_trigger_s=scenario.a3_time_to_trigger_ms / 1000,
            cho_max_candidates=scenario.cho_max_candidates,
            interruption_s=scenario.handover_interruption_ms / 1000,
            t304_s=scenario.t304_ms / 1000,
            ping_pong_window_s=float(scenario.ping_pong_window_s),
            prach_threshold_dbm=energy_detection_dbm(scenario.ue_tx_power_dbm),
        ),
    )


def _gnb_rsrp_dbm(scenario: Scenario, layout: Layout) -> Floats:
    g = scenario.n_gnbs
    received = scenario.gnb_tx_power_dbm - layout.node_loss_db[:, :g, :g] - RESOURCE_ELEMENTS_DB
    return np.where(np.eye(g, dtype=bool), np.nan, received)
