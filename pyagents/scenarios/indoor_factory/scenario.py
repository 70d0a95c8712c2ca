# SPDX-License-Identifier: GPL-2.0-only
"""A situation, complete: every number that a simulator needs, with its unit and its source.

"The paper" is Seyoum et al., "NR-U Network Load Balancing: A Game Theoretic Reinforcement Learning
Approach", Electronics 2025, 14(20), 3986. A value marked "ours" is one that the paper leaves open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pyagents.core import scenario as core
from pyagents.core.scenario import number
from pyagents.scenarios.indoor_factory.delays import N_DELAYS

SibPeriodMs = Literal[80, 160, 320, 640, 1280, 2560, 5120]
"""si-Periodicity of TS 38.331, rf8 to rf512."""

TimeToTriggerMs = Literal[0, 40, 64, 80, 100, 128, 160, 256, 320, 480, 512, 640, 1024, 1280, 2560, 5120]
"""TimeToTrigger of TS 38.331."""

SiWindowMs = Literal[5, 10, 20, 40, 80, 160, 320, 640]
"""si-WindowLength of TS 38.331, s10 to s1280, in slots of 0.5 ms."""

RssiPeriodMs = Literal[40, 80, 160, 320, 640]
"""rmtc-Periodicity of TS 38.331."""

RssiSymbols = Literal[1, 14, 28, 42, 70]
"""measDurationSymbols of TS 38.331, normal cyclic prefix."""

T304Ms = Literal[50, 100, 150, 200, 500, 1000, 2000, 10000]
"""t304 of TS 38.331."""

Propagation = Literal["inh-open", "inh-mixed", "inf-sl", "inf-dl", "inf-sh", "inf-dh", "inf-hh"]
"""Path loss and line of sight of TR 38.901 sections 7.4.1 and 7.4.2."""

FilterCoefficient = Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 17, 19]
"""FilterCoefficient of TS 38.331."""


@dataclass(frozen=True, kw_only=True)
class Scenario(core.Scenario):
    """Every number of one situation: hall, radio, channel access, traffic, SIBx, handover, duration.

    Units are in the names. The same names, spelled `--n-gnbs`, are the flags of `nru run`; spelled
    `--nGnbs` they are those of the ns-3 program, whose defaults are these.

    Raises:
        ValueError: a value has the wrong type or is not allowed; names field, value and what is allowed.
    """

    family = "indoor-factory"

    hall_length_m: float = number(120.0, 1.0, 1000.0)
    """Length of the hall (paper, Table 1; TR 38.901 Fig. 7.2-1)."""
    hall_width_m: float = number(50.0, 1.0, 1000.0)
    """Width of the hall (paper, Table 1; TR 38.901 Fig. 7.2-1)."""
    n_gnbs: int = number(10, 1, 1008)
    """Number of gNBs (paper, Figs. 7-12)."""
    gnb_layout: Literal["grid", "random"] = "grid"
    """gNBs on a regular grid (paper, Fig. 4a) or at random with coverage guaranteed (Fig. 4b)."""
    gnb_height_m: float = number(3.0, 0.0, 100.0, above=True)
    """Height of the gNB antennas (TR 38.901 Table 7.2-2)."""
    coverage_radius_m: float = number(40.0, 1.0, 1000.0)
    """Random layout: every point of the hall is within this distance of a gNB (ours)."""
    n_ues: int = number(100, 1, 100_000)
    """Number of UEs (paper, Figs. 10-15)."""
    ue_height_m: float = number(1.5, 0.0, 100.0, above=True)
    """Height of the UE antennas (TR 38.901 Table 7.2-2)."""
    mobile_share: float = number(0.1, 0.0, 1.0)
    """Share of the UEs that walk between random waypoints, 0 to 1 (paper: 10 %)."""
    ue_speed_mps: float = number(1.0, 0.001, 100.0)
    """Speed of a walking UE (paper, Table 1)."""

    demand_mbps: float = number(2.75, 1e-6, 10_000.0)
    """Mean guaranteed bit rate of a UE, downlink (paper, Figs. 7-15)."""
    demand_distribution: Literal["constant", "uniform", "gamma"] = "uniform"
    """How demand differs between UEs. The paper's "variance of 4.5 Mbps" reads best as a width."""
    demand_width_mbps: float = number(4.5, 0.0, 10_000.0)
    """Uniform demand: full width around the mean, so 0.5 to 5 Mb/s."""
    demand_variance_mbps2: float = number(4.5, 0.0, 1e8, above=True)
    """Gamma demand: variance in (Mb/s)^2, the other reading of the paper's 4.5."""
    packet_size_bytes: int = number(1500, 40, 9000)
    """Size of a packet."""
    packet_delay_budget_ms: float = number(300.0, 0.001, 10_000.0)
    """Packet delay budget of 5QI 4, buffered video of guaranteed bit rate (TS 23.501 Table 5.7.4-1), which
    goes with `access_priority_class` 3. 5QI 2, conversational video: 150 ms and class 2."""
    averaging_window_ms: float = number(2000.0, 0.001, 60_000.0)
    """Time over which a guaranteed bit rate is promised (TS 23.501 clause 5.7.3.6; the default of the
    guaranteed 5QIs in Table 5.7.4-1): of the airtime in a cell's load, and of a UE's satisfaction."""
    queue_limit_bytes: int = number(500_000, 1, 2**31 - 1)
    """Size of a UE's queue at its gNB, which drops what is beyond (ours: 0.8 s at 5 Mb/s)."""

    carrier_frequency_ghz: float = number(5.2, 0.5, 100.0)
    """Centre of the band (paper, Table 1)."""
    n_channels: int = number(4, 1, 25)
    """Number of 20 MHz channels that gNBs share (36, 40, 44 and 48 of 5150-5250 MHz)."""
    channel_selection: Literal["fixed", "occupancy"] = "fixed"
    """gNBs stay on their channels, or move to the one that others use least (the paper's time-dependent
    selection)."""
    channel_hysteresis: float = number(0.1, 0.0, 1.0)
    """Share of time by which another channel must be less occupied (ours)."""
    gnb_tx_power_dbm: float = number(23.0, -30.0, 60.0)
    """Transmit power of a gNB (paper, Table 1; TR 38.889 section 8.1.1)."""
    ue_noise_figure_db: float = number(9.0, 0.0, 50.0)
    """Noise figure of a UE (TR 38.889 section 8.1.1)."""
    ue_tx_power_dbm: float = number(17.0, -30.0, 60.0)
    """Transmit power of a UE (paper, Table 1)."""
    gnb_noise_figure_db: float = number(5.0, 0.0, 50.0)
    """Noise figure of a gNB (TR 38.889 section 8.1.1)."""
    propagation: Propagation = "inh-open"
    """TR 38.901 indoor office, open or mixed (paper, Table 1: "3GPP indoor office"), or indoor factory with
    sparse or dense clutter and low or high base stations."""
    shadowing: bool = True
    """Whether shadow fading is on (TR 38.901 Table 7.4.1-1)."""
    ceiling_links: Literal["los", "drawn"] = "los"
    """Links between two nodes at the height of the gNBs: in line of sight, since what stands in the hall
    stands below them, or drawn by the probability that TR 38.901 has for links down to UEs."""
    los_state: Literal["consistent", "drawn"] = "consistent"
    """Line of sight of a UE: spatially consistent, so that it changes as the UE walks and neighbours share it
    (TR 38.901 clause 7.6.3.3), or drawn once a link."""
    interference: bool = True
    """Whether concurrent transmitters count in SINR; if not, noise alone (to see what breaks a claim)."""
    rate_model: Literal["nr", "shannon"] = "nr"
    """Modulation and coding of NR, or Eq. (1) of the paper, W log2(1 + SNR): on the mock alone."""
    snr_gap_db: float = number(4.4, 0.0, 30.0)
    """Gap of coding to the Shannon bound (mean over 5G-LENA's LDPC link simulations)."""
    outer_loop_target: float = number(0.3, 0.001, 0.5)
    """Share of first transmissions that fail in the long run: no less than the collisions that
    listen-before-talk has by design, 0.29 for five contenders of class 3, whom no lower rate helps (ours)."""
    outer_loop_step_db: float = number(0.5, 0.0, 10.0)
    """Decrease, by a NACK, of the SINR by which a rate is chosen; 0: no outer loop (ours)."""
    outer_loop_floor_db: float = number(-10.0, -40.0, 0.0)
    """The most that the outer loop takes: some 10 dB halve the highest rates, which is what a hidden
    neighbour costs that is on the air half the time; to give up more buys nothing (ours)."""
    rate_knowledge: Literal["measured", "expected"] = "measured"
    """Rates that UEs know of cells: as measured on discovery bursts, or expected over cells of the channel
    that the serving one does not hear, each on the air as in the last step (to see what breaks a claim)."""

    access_priority_class: Literal[1, 2, 3, 4] = 3
    """Channel access priority class (TS 37.213 Table 4.1.1-1)."""
    cw_update_rule: Literal["nr", "laa80"] = "nr"
    """HARQ feedback that widens the contention window: all NACK, or 80 % NACK as in LTE-LAA (TS 37.213
    section 4.1.4)."""
    start_alignment: Literal["symbol", "slot"] = "symbol"
    """A channel occupancy starts at the next symbol, the channel held by a reservation signal until then, or
    defers to the next slot boundary (TS 37.213 section 4.1.1)."""
    ed_threshold_dbm: float | None = number(None, -100.0, 0.0)
    """Energy detection threshold; None: by transmit power and bandwidth (TS 37.213 section 4.1.5)."""
    access_holdoff_ms: float = number(5.0, 0.0, 1000.0)
    """A gNB contends once its oldest packet has waited this long, or right after an occupancy that left a
    slot's worth of data (ours)."""

    n_wifi_aps: int = number(0, 0, 1000)
    """Number of 802.11ax access points that share the channels (ours)."""
    wifi_channels: str = "0,1,2,3"
    """Channel indices, separated by commas: access point i is on the i-th, starting over."""
    wifi_stations_per_ap: int = number(2, 0, 100)
    """Stations of each access point, within 15 m of it (ours)."""
    wifi_demand_mbps: float = number(5.0, 1e-6, 10_000.0)
    """Traffic that an access point is given for its stations while on (ours)."""
    wifi_on_s: float = number(0.0, 0.0, 1e6)
    """Mean of the exponential times with Wi-Fi traffic; what makes the bandwidth left to NR-U vary (ours)."""
    wifi_off_s: float = number(0.0, 0.0, 1e6)
    """Mean of the exponential times without; 0: always on."""

    sib_period_ms: SibPeriodMs = 160
    """Period T_L of the load broadcast SIBx; one decision step (si-Periodicity, TS 38.331)."""
    warmup_periods: int = number(6, 0, 100_000)
    """SIBx periods that pass before the first step ends, for queues and link adaptation to settle (ours)."""
    si_window_ms: SiWindowMs = 40
    """A SIBx that finds no idle channel within this time of being due is lost (si-WindowLength; ours: two
    discovery bursts)."""
    sib_access: Literal["type2a", "type1"] = "type2a"
    """Channel access of the discovery burst, which carries SIBx: Type 2A, or Type 1 of class 1 (TS 37.213
    section 4.1.2)."""
    sib_loss: bool = True
    """Whether a SIBx can be lost; if not, each UE in range hears each one when it is due (to see what breaks
    a claim)."""
    discovery_period_ms: int = number(20, 1, 5120)
    """Period of the discovery burst on which UEs measure (SSB: 20 ms, TS 38.213)."""
    channel_occupancy_threshold_dbm: float = number(-72.0, -100.0, -25.0)
    """A UE counts its channel as occupied where it receives more than this (channelOccupancyThreshold, range
    of TS 38.331; value ours: the energy detection threshold of gNBs)."""
    rssi_period_ms: RssiPeriodMs = 40
    """Period in which UEs measure RSSI (rmtc-Periodicity, TS 38.331; the shortest, ours)."""
    rssi_symbols: RssiSymbols = 70
    """Symbols in which they do so, each a sample (measDurationSymbols, TS 38.331; the most, ours)."""

    cho_rsrp_threshold_dbm: float = number(-118.0, -156.0, -31.0)
    """A conditional handover goes to a cell of at least this SS-RSRP, power of one resource element (the
    paper's RSRPThreshold; value ours; range of TS 38.133 Table 10.1.6.1-1)."""
    cho_time_to_trigger_ms: TimeToTriggerMs = 40
    """Time for which that must hold (TS 38.331)."""
    cho_lb_en: bool = False
    """Whether the candidate must also cost less than the serving cell, 1/(1 - load) each (the paper)."""
    cho_cost_margin: float = number(0.0, 0.0, 1e6)
    """By how much it must cost less (ours)."""
    cho_max_candidates: int = number(8, 1, 8)
    """Most cells prepared for a UE (maxNrofCondCells-r16, TS 38.331)."""
    t304_ms: T304Ms = 1000
    """A handover that has not completed by then has failed (TS 38.331)."""
    handover_interruption_ms: float = number(40.0, 0.0, 10_000.0)
    """Outage of a handover (TS 38.133 gives 40 to 60 ms in FR1)."""
    a3_offset_db: float = number(3.0, -15.0, 15.0)
    """Offset of event A3 (TS 38.331; the default of ns-3's A3 handover)."""
    a3_hysteresis_db: float = number(1.0, 0.0, 15.0)
    """Hysteresis of event A3 (TS 38.331)."""
    a3_time_to_trigger_ms: TimeToTriggerMs = 256
    """Time to trigger of event A3 (TS 38.331; the default of ns-3's A3 handover)."""
    l3_filter_k: FilterCoefficient = 4
    """Coefficient k of layer 3 filtering, a = 2^(-k/4) (TS 38.331 section 5.5.3.2)."""
    ping_pong_window_s: float = number(1.0, 0.0, 1000.0)
    """A handover back to the previous cell within this time is a ping-pong (TR 36.839: 1 s)."""

    def check_relations(self) -> None:
        """Raise ValueError where two fields contradict each other."""
        if self.demand_distribution == "uniform" and self.demand_width_mbps >= 2 * self.demand_mbps:
            raise ValueError(
                f"demand_width_mbps={self.demand_width_mbps:g} is not allowed: below twice "
                f"demand_mbps={self.demand_mbps:g}, or the smallest demand is not above 0"
            )
        if self.queue_limit_bytes < self.packet_size_bytes:
            raise ValueError(
                f"queue_limit_bytes={self.queue_limit_bytes} is not allowed: at least "
                f"packet_size_bytes={self.packet_size_bytes}, or no packet has room"
            )
        if self.handover_interruption_ms >= self.t304_ms:
            raise ValueError(
                f"handover_interruption_ms={self.handover_interruption_ms:g} is not allowed: below "
                f"t304_ms={self.t304_ms}, or every handover fails"
            )
        if self.wifi_off_s > 0 and self.wifi_on_s == 0:
            raise ValueError("wifi_on_s=0 is not allowed: above 0 while wifi_off_s is")
        channels = self.wifi_channels.split(",")
        if not all(
            channel.isascii() and channel.isdecimal() and len(channel) <= 2 for channel in channels
        ) or (self.n_wifi_aps and max(map(int, channels)) >= self.n_channels):
            raise ValueError(
                f"wifi_channels={self.wifi_channels!r} is not allowed: indices within 0 to "
                f"n_channels - 1 = {self.n_channels - 1}, separated by commas"
            )
        if self.discovery_period_ms > self.sib_period_ms:
            raise ValueError(
                f"discovery_period_ms={self.discovery_period_ms} is not allowed: "
                f"at most sib_period_ms={self.sib_period_ms}"
            )
        if not self.discovery_period_ms <= self.si_window_ms <= self.sib_period_ms:
            raise ValueError(
                f"si_window_ms={self.si_window_ms} is not allowed: between discovery_period_ms="
                f"{self.discovery_period_ms} and sib_period_ms={self.sib_period_ms}"
            )
        if self.sib_access == "type2a" and self.discovery_period_ms < 10:
            raise ValueError(
                f"discovery_period_ms={self.discovery_period_ms} is not allowed: at least 10 with "
                "sib_access='type2a' (a burst of 0.5 ms, at most 1/20 of the time)"
            )

    @property
    def step_s(self) -> float:
        """Length of one decision step, s."""
        return self.sib_period_ms / 1000

    @property
    def start_s(self) -> float:
        """Simulated time at the first decision, after the warm-up, s."""
        return self.step_s * (self.warmup_periods + 1)

    def check_program(self) -> None:
        """Raise ValueError where a field asks for what is the mock's alone."""
        if self.rate_model != "nr":
            raise ValueError(
                f"rate_model={self.rate_model!r} is not allowed: ns-3 has 'nr' alone; the mock has both"
            )

    def sizes(self) -> Mapping[str, int]:
        """U UEs, G gNBs, C channels, D bins of delay."""
        return {"U": self.n_ues, "G": self.n_gnbs, "C": self.n_channels, "D": N_DELAYS}
