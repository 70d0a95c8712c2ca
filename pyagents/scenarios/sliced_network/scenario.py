# SPDX-License-Identifier: GPL-2.0-only
"""A situation, complete: every number that a simulator needs, with its unit and its source.

"The paper" is Kumar, "Federated Deep Reinforcement Learning for Personalized Resource Allocation in 5G
Network Slicing", 2025. A value marked "ours" is one that the paper leaves open.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pyagents.core import scenario as core
from pyagents.core.scenario import number
from pyagents.scenarios.sliced_network.delays import N_DELAYS
from pyagents.scenarios.sliced_network.slices import Slice

Scheduler = Literal["qos", "pf", "rr", "max-rate"]
"""Who is served next, see `Scenario.scheduler`."""

Fading = Literal["none", "rayleigh"]
"""How a UE's SNR changes, see `Scenario.fading`."""

MeanSnr = Literal["range", "hall"]
"""Where mean SNRs come from, see `Scenario.mean_snr`."""

_SHARES_SUM_TO = 1e-9
"""Shares of slices may miss 1 by so much, as decimal fractions do."""


@dataclass(frozen=True, kw_only=True)
class Scenario(core.Scenario):
    """Every number of one situation: sites, UEs, slices, demands, radio, computing, duration.

    Units are in the names. The same names, spelled `--n-sites`, are the flags of `nru run`.

    Raises:
        ValueError: a value has the wrong type or is not allowed; names field, value and what is allowed.
    """

    family = "sliced-network"

    n_sites: int = number(10, 1, 50)
    """Number of sites, a licensed cell and an edge host each, which do not disturb one another (paper: 10
    edges)."""
    ues_per_site: int = number(50, 1, 200)
    """Number of UEs of each site (paper: 50)."""
    first_site: int = number(0, 0, 1_000_000)
    """Number of the first site: what sites are, their slices and loads, goes by their numbers, so that one
    may be played alone (ours)."""
    sites_seed: int = number(1, 1, 2**31 - 1)
    """Number of the random sites: all runs have the same ones, whatever their seed (ours)."""
    step_ms: int = number(100, 10, 10_000)
    """Time between two decisions (ours; of the order of O-RAN's near-real-time loop)."""

    load: float = number(0.93, 0.01, 10.0)
    """Mean demand of a site over its capacity, of radio and of computing (ours: by it, the paper's
    utilisation and satisfaction agree)."""
    load_spread: float = number(0.0, 0.0, 1.0)
    """Half the width of the range, around 1, of the factors that sites' loads are drawn from (ours)."""
    demand_period_steps: float = number(75.0, 1.0, 1e6)
    """Mean time, geometric, for which a UE's demand of a resource holds before it is drawn anew (ours: agents
    that change one thing a step need slow demands)."""
    demand_variation: float = number(0.5, 0.0, 2.0)
    """Coefficient of variation of a demand around its mean, gamma-distributed (ours)."""
    embb_share: float = number(0.5, 0.0, 1.0)
    """Share of UEs in the slice eMBB (ours)."""
    urllc_share: float = number(0.2, 0.0, 1.0)
    """Share of UEs in the slice URLLC (ours)."""
    mmtc_share: float = number(0.3, 0.0, 1.0)
    """Share of UEs in the slice mMTC (ours)."""
    dirichlet_alpha: float = number(0.0, 0.0, 1e6)
    """Concentration of the Dirichlet distribution around these shares that each site's are drawn from: the
    smaller, the less sites are alike; 0: all sites have these shares (ours)."""

    scheduler: Scheduler = "qos"
    """What the cell's scheduler goes by: guaranteed rates before proportional fairness, proportional
    fairness, round robin, or the highest rate first."""
    is_reserved: bool = True
    """Whether a UE's guaranteed rate and CPU share bound it as well, and what it leaves stays idle (MFBR =
    GFBR, TS 23.501 section 5.7.2.5; the paper's allocation); else others get what is left."""
    fading: Fading = "none"
    """SNR of a UE: its mean, or Rayleigh block fading around it (ours: the paper names channel quality,
    and no model)."""
    coherence_ms: int = number(20, 1, 10_000)
    """Length of a block of fading (ours)."""
    diversity: int = number(1, 1, 8)
    """Number of branches, equally strong and independent, that a UE's receiver combines."""
    mean_snr: MeanSnr = "range"
    """Mean SNRs from a range, evenly in dB, or by places around a cell in a factory hall (TR 38.901,
    InF-DH)."""
    snr_low_db: float = number(10.0, 0.0, 60.0)
    """Lowest mean SNR of the range (ours)."""
    snr_high_db: float = number(25.0, 0.0, 60.0)
    """Highest mean SNR of the range (ours)."""
    cell_radius_m: float = number(100.0, 1.0, 1000.0)
    """Radius of the disc that a cell's UEs are in, in a hall (ours)."""
    tx_power_dbm: float = number(14.0, -20.0, 50.0)
    """Transmit power of a cell in a hall (ours)."""

    embb_packet_bytes: int = number(1400, 32, 9000)
    """Size of an eMBB UE's packets (ours)."""
    urllc_packet_bytes: int = number(250, 32, 9000)
    """Size of a URLLC UE's packets (ours; at most 255 by the maximum data burst volume of 5QI 82)."""
    mmtc_packet_bytes: int = number(500, 32, 9000)
    """Size of an mMTC UE's packets (ours)."""

    cpu_capacity: float = number(16_000.0, 1.0, 1e9)
    """Work that an edge host does in a second; a unit is a millisecond of a core (ours: 16 cores)."""
    job_work: float = number(5.0, 0.001, 1e6)
    """Work of a job (ours)."""
    cpu_queue_jobs: int = number(20, 1, 100_000)
    """Most jobs of a UE that wait at the edge host; further ones are dropped (ours)."""

    def check_relations(self) -> None:
        """Raise ValueError where two fields contradict each other."""
        if abs(sum(self.slice_shares) - 1) > _SHARES_SUM_TO:
            raise ValueError(
                f"mmtc_share={self.mmtc_share:g} is not allowed beside embb_share={self.embb_share:g} and "
                f"urllc_share={self.urllc_share:g}: must be {1 - self.embb_share - self.urllc_share:g}, "
                "as all three sum to 1"
            )
        if self.snr_high_db < self.snr_low_db:
            raise ValueError(
                f"snr_high_db={self.snr_high_db:g} is not allowed: must be at least "
                f"snr_low_db={self.snr_low_db:g}"
            )
        if self.step_ms % self.coherence_ms and self.fading != "none":
            raise ValueError(
                f"coherence_ms={self.coherence_ms} is not allowed: must be a divisor of "
                f"step_ms={self.step_ms}, as a step has whole blocks of fading"
            )

    @property
    def step_s(self) -> float:
        """Length of one decision step, s."""
        return self.step_ms / 1000

    @property
    def slice_shares(self) -> tuple[float, float, float]:
        """Shares of UEs by `Slice`."""
        return self.embb_share, self.urllc_share, self.mmtc_share

    @property
    def packet_bytes(self) -> tuple[int, int, int]:
        """Sizes of packets by `Slice`."""
        return self.embb_packet_bytes, self.urllc_packet_bytes, self.mmtc_packet_bytes

    @property
    def n_ues(self) -> int:
        """UEs of all sites."""
        return self.n_sites * self.ues_per_site

    def sizes(self) -> Mapping[str, int]:
        """E sites, U UEs of all sites, S slices, D bins of delay."""
        return {"E": self.n_sites, "U": self.n_ues, "S": len(Slice), "D": N_DELAYS}


_FDRL = Scenario(steps=1000)

PRESETS: Mapping[str, Scenario] = {
    "fdrl": _FDRL,
    "fdrl-site": dataclasses.replace(_FDRL, n_sites=1),
    "fdrl-small": dataclasses.replace(_FDRL, n_sites=1, ues_per_site=8),
}
"""The paper's ten edges with 50 users each; one of them; and one with 8 users, small enough to look at."""
