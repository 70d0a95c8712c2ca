# SPDX-License-Identifier: GPL-2.0-only
"""What changes in a run, for B halls at once.

G gNBs, N nodes that transmit (the gNBs, then Wi-Fi access points), U UEs, of which the first M move.

All are named tuples of contiguous arrays, so that compiled functions take them as they are. To hand over an
array takes as long as to look at some hundred numbers: arrays of one shape are rows of one, named where they
are used. A step makes new arrays for what it changes; those of the state before stay as they were.
"""

from typing import NamedTuple

from pyagents.scenarios.indoor_factory.mock.access import Neighbours
from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Ints, Mask, Singles
from pyagents.scenarios.indoor_factory.mock.interference import Aggressors, LinkTables


class Links(NamedTuple):
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


class Measured(NamedTuple):
    """What UEs measured of cells."""

    rsrp_dbm: Floats
    """[B, G, U] filtered, of a resource element as all RSRP; -inf: never measured."""
    sinr_db: Singles
    """[B, G, U] filtered; of cells never measured too low for any rate."""


class Broadcasts(NamedTuple):
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


class Cells(NamedTuple):
    """What nodes are set to."""

    channel: Ints
    """[B, N]."""
    cio_db: Floats
    """[B, G, G]."""
    occupancy: Floats
    """[B, G, C] share of time in which each gNB senses others on each channel, over its decisions."""
    wifi_on: Mask
    """[B, N - G] Wi-Fi access points that have traffic."""


class Usage(NamedTuple):
    """What nodes measured and did in the step that ended."""

    load: Floats
    """[B, G]."""
    airtime: Floats
    """[B, G] share of time that LBT left over the averaging window."""
    sib_lost: Floats
    """[B, G] probability that a SIBx finds no idle channel."""
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
    airtimes: Floats
    """[B, G, K] `airtime` in each of the last K steps, the newest first; NaN: before the run began, or the
    gNB came to its channel."""
    wifi_bytes: Floats
    """[2, B] that all access points were given so far, and sent."""


class UsageRows(NamedTuple):
    """Usage as few arrays."""

    of_cells: Floats
    """[3, B, G] from `load` to `sib_lost`."""
    of_nodes: Floats
    """[5, B, N] from `used` to `starts`."""
    airtimes: Floats
    wifi_bytes: Floats


class Rrc(NamedTuple):
    """Handovers of UEs."""

    cho_target: Ints
    """[B, U] configured candidate; the serving cell once it was entered; -1: none."""
    serving: Ints
    """[B, U]."""
    target: Ints
    """[B, U] of the handover under way."""
    previous: Ints
    """[B, U] the cell left by the last handover; -1: none."""
    reestablishes: Ints
    """[B, U] 1 where what is under way is a re-establishment, else 0."""
    completes_s: Floats
    """[B, U] when the handover under way completes; +inf: none is."""
    entered_s: Floats
    """[B, U] when the last one completed; -inf: none."""
    handovers: Floats
    """[B, U] so far."""
    ping_pongs: Floats
    """[B, U] of them."""
    failures: Floats
    """[B, U] handovers that failed so far."""
    held_since_s: Floats
    """[B, G, U] since when the condition of each UE and cell has held; +inf: it does not."""


class RrcRows(NamedTuple):
    """Rrc as few arrays."""

    cells: Ints
    """[5, B, U] from `cho_target` to `reestablishes`."""
    values: Floats
    """[5, B, U] from `completes_s` to `failures`."""
    held_since_s: Floats

    @property
    def named(self) -> Rrc:
        """Each row by its name."""
        return Rrc._make((*self.cells, *self.values, self.held_since_s))


class Bearers(NamedTuple):
    """What UEs got. Bytes are whole; at all times offered = delivered + dropped + queued."""

    offered: Floats
    """[B, U] bytes that arrived so far."""
    delivered: Floats
    """[B, U] bytes received by the UE so far."""
    dropped: Floats
    """[B, U] bytes so far: too late, or queue full."""
    queued: Floats
    """[B, U] bytes waiting now."""
    delivered_bps: Floats
    """[B, U] over the last step."""
    offset_db: Floats
    """[B, U] of outer-loop link adaptation."""
    spent_s: Floats
    """[B, U] airtime that each UE's data took in its cell; fades with the averaging window."""
    useful_s: Floats
    """[B, U] what those delivered take in full slots; fades likewise."""


class State(NamedTuple):
    """B halls at the end of a step."""

    n_steps: int
    """SIBx periods simulated so far."""
    links: Links
    measured: Measured
    broadcasts: Broadcasts
    cells: Cells
    usage: UsageRows
    rrc: RrcRows
    bearers: Floats
    """[8, B, U] rows of Bearers."""
