# SPDX-License-Identifier: GPL-2.0-only
"""What changes in a run, for B halls at once.

G gNBs, N nodes that transmit (the gNBs, then Wi-Fi access points), U UEs, of which the first M move.

What is here is never changed once made, nor are the other structs that a step makes. They are not frozen, for
frozen ones take three times as long to make.
"""

from dataclasses import dataclass

from pyagents.core.snapshot import Floats, Ints
from pyagents.scenarios.indoor_factory.mock.access import Neighbours
from pyagents.scenarios.indoor_factory.mock.arrays import Mask, Singles
from pyagents.scenarios.indoor_factory.mock.interference import Aggressors, LinkTables
from pyagents.scenarios.indoor_factory.mock.traffic import Queues


@dataclass(kw_only=True, eq=False, slots=True)
class Links:
    """Radio links: where the UEs are, what they receive, and what interferes."""

    ue_position_m: Floats
    """[B, U, 3]."""
    rx_dbm: Floats
    """[B, N, U] power that the UEs receive of each node."""
    tabled_dbm: Floats
    """[B, N, U] the same as it was when the tables were made."""
    neighbours: Neighbours
    aggressors: Aggressors
    tables: LinkTables
    """[4, B, G, U] and [B, G, 4, U]."""


@dataclass(kw_only=True, eq=False, slots=True)
class Measured:
    """What UEs measured of cells."""

    rsrp_dbm: Floats
    """[B, G, U] filtered, of a resource element as all RSRP; -inf: never measured."""
    sinr_db: Singles
    """[B, G, U] filtered; of cells never measured too low for any rate."""


@dataclass(kw_only=True, eq=False, slots=True)
class Broadcasts:
    """SIBx so far."""

    load: Floats
    """[B, G, U] load as each UE last heard it; NaN: never."""
    told_by: Ints
    """[B, G, U] number of steps after which the cell had measured that; 0: never heard."""
    heard: Ints
    """[B, G, U] instances decoded."""
    due: Floats
    """[B, G] instances."""
    sent: Floats
    """[B, G] of them on the air."""


@dataclass(kw_only=True, eq=False, slots=True)
class Cells:
    """What gNBs are set to, and what they measured and did in the step that ended."""

    channel: Ints
    """[B, N]."""
    cio_db: Floats
    """[B, G, G]."""
    load: Floats
    """[B, G]."""
    airtime: Floats
    """[B, G] share of time that LBT left over the averaging window."""
    airtimes: Floats
    """[B, G, K] likewise in each of the last K steps, the newest first; NaN: before the run began, or the gNB
    came to its channel."""
    used: Floats
    """[B, N] share of time that each node transmitted."""
    bursts_per_s: Floats
    """[B, N] channel occupancies."""
    wait_s: Floats
    """[B, N] mean wait of each node for access."""
    contends: Floats
    """[B, N] probability that each contends when the channel turns idle."""
    starts: Floats
    """[B, N] probability that each starts in an idle slot in which a neighbour starts."""
    sib_lost: Floats
    """[B, G] probability that a SIBx finds no idle channel."""
    wifi_on: Mask
    """[B, N - G] Wi-Fi access points that have traffic."""
    occupancy: Floats
    """[B, G, C] share of time in which each gNB senses others on each channel, over its decisions."""


@dataclass(kw_only=True, eq=False, slots=True)
class Rrc:
    """Handovers of UEs."""

    cho_target: Ints
    """[B, U] configured candidate; the serving cell once it was entered; -1: none."""
    cells: Ints
    """[4, B, U]: serving; target of the handover under way; the one left by the last handover, -1: none;
    1 where what is under way is a re-establishment."""
    times_s: Floats
    """[2, B, U] when the handover under way completes, +inf: none is; when the last one did, -inf: none."""
    counts: Floats
    """[3, B, U] handovers so far; of them ping-pongs; handovers that failed so far."""
    held_since_s: Floats
    """[B, G, U] since when the condition of each UE and cell has held; +inf: it does not."""

    @property
    def serving(self) -> Ints:
        """[B, U]."""
        serving: Ints = self.cells[0]
        return serving


@dataclass(kw_only=True, eq=False, slots=True)
class State:
    """B halls at the end of a step."""

    n_steps: int
    """SIBx periods simulated so far."""
    links: Links
    measured: Measured
    broadcasts: Broadcasts
    cells: Cells
    rrc: Rrc
    offset_db: Floats
    """[B, U] of outer-loop link adaptation."""
    queues: Queues
    delivered_bps: Floats
    """[B, U] over the last step."""
    spent_s: Floats
    """[2, B, U] airtime that each UE's data took in its cell; what those delivered take in full slots. Both
    fade with the averaging window."""
    wifi_bytes: Floats
    """[2, B] that all access points were given so far, and sent."""
