# SPDX-License-Identifier: GPL-2.0-only
"""The state of a sliced network at one decision instant, and the knobs that an algorithm may set."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import inf
from typing import Annotated, Literal

from numpy.typing import ArrayLike

from pyagents.core import snapshot as core
from pyagents.core.snapshot import Bound, Facts, Floats, Ints


class Resource(IntEnum):
    """What a site has, in the order of every array's resource axis."""

    RADIO = 0
    COMPUTING = 1


class Ratio(IntEnum):
    """Parts of a slice's RRMPolicyRatio (TS 28.541 section 4.3.36), in the order of the array's last axis."""

    DEDICATED = 0
    """For this slice alone, used or not."""
    MINIMUM = 1
    """For this slice first; others get what it leaves. The dedicated ratio is in it."""
    MAXIMUM = 2
    """At most for this slice."""


class Party(StrEnum):
    """Who may know a field. An edge knows the rows of its own site and of the UEs there; the centre all."""

    EDGE = "edge"
    CENTRE = "centre"


def _known(
    axes: str,
    unit: str,
    *,
    low: Bound = 0.0,
    high: Bound = inf,
    dtype: Literal["float64", "int32"] = "float64",
) -> Facts:
    return Facts(axes=axes, unit=unit, known_to=frozenset(Party), low=low, high=high, dtype=dtype)


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot(core.Snapshot):
    """One decision instant as a struct of arrays, for E sites, U UEs and S slices.

    UEs are in the order of their sites. What is counted is of the step that has ended; demands and knobs are
    those that held in it. What waits at its end is what waited at its beginning and was offered, less what
    was delivered and dropped.
    """

    time_s: Annotated[float, _known("", "s")]
    """Simulated time."""
    slice: Annotated[Ints, _known("U", "Slice", high="S", dtype="int32")]
    """[U] slice of each UE, see `Slice`."""
    site: Annotated[Ints, _known("U", "site index", high="E", dtype="int32")]
    """[U] site of each UE."""
    mean_snr_db: Annotated[Floats, _known("U", "dB", low=-inf)]
    """[U] SNR in the mean over fading."""
    mean_rate_bps: Annotated[Floats, _known("U", "bit/s")]
    """[U] what the whole carrier would deliver of each UE's packets, in the mean over fading: by it,
    guaranteed rates are admitted."""
    rate_bps: Annotated[Floats, _known("U", "bit/s")]
    """[U] what the whole carrier would send to each UE, by the MCSs of the step, in the mean over it."""
    demand_bps: Annotated[Floats, _known("U", "bit/s")]
    """[U] rate that each UE demands."""
    gfbr_bps: Annotated[Floats, _known("U", "bit/s")]
    """[U] guaranteed flow bit rate in force."""
    offered_bytes: Annotated[Floats, _known("U", "byte")]
    """[U] packets that came for each UE."""
    delivered_bytes: Annotated[Floats, _known("U", "byte")]
    """[U] packets that each UE received."""
    dropped_bytes: Annotated[Floats, _known("U", "byte")]
    """[U] packets that were given up: discarded, as they waited longer than their delay budget, or not
    decoded."""
    late_bytes: Annotated[Floats, _known("U", "byte")]
    """[U] of those that were received, packets that took longer than their delay budget."""
    queued_bytes: Annotated[Floats, _known("U", "byte")]
    """[U] packets that wait, or are on their way, at the end of the step."""
    prb_share: Annotated[Floats, _known("U", "1", high=1.0)]
    """[U] share of the cell's PRBs that were sent to each UE, retransmissions in."""
    cpu_demand: Annotated[Floats, _known("U", "work/s")]
    """[U] work that each UE demands of the edge host."""
    cpu_share: Annotated[Floats, _known("U", "1", high=1.0)]
    """[U] share of the edge host in force."""
    cpu_offered: Annotated[Floats, _known("U", "work")]
    """[U] jobs that came for each UE."""
    cpu_done: Annotated[Floats, _known("U", "work")]
    """[U] work that was done for each UE, of jobs that are not through as well."""
    cpu_dropped: Annotated[Floats, _known("U", "work")]
    """[U] jobs that came when the queue was full."""
    cpu_queued: Annotated[Floats, _known("U", "work")]
    """[U] work that waits at the end of the step."""
    prb_ratio: Annotated[Floats, _known("ES3", "1", high=1.0)]
    """[E, S, 3] quotas of each slice in force, see `Ratio`, over the cell's PRBs."""
    prb_used: Annotated[Floats, _known("ES", "1", high=1.0)]
    """[E, S] share of the cell's PRBs that were sent to each slice."""
    delay_count: Annotated[Floats, _known("SD", "1")]
    """[S, D] packets that UEs of each slice received, of all sites, by the time since they came, see
    `DELAY_EDGES_S`."""

    @property
    def n_sites(self) -> int:
        """E."""
        return int(self.prb_used.shape[-2])


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(core.Action):
    """What an agent asks for, from the next step on. None leaves a knob as it is."""

    gfbr_bps: Annotated[ArrayLike | None, _known("U", "bit/s", high=1e12)] = None
    """[U] guaranteed flow bit rates. Where those of a site need more than its carrier, the sum of `gfbr_bps`
    over `mean_rate_bps` being above 1, all of them are divided by that sum."""
    cpu_share: Annotated[ArrayLike | None, _known("U", "1", high=1.0)] = None
    """[U] shares of the edge host. Where those of a site sum to more than 1, all of them are divided by that
    sum."""
    prb_ratio: Annotated[ArrayLike | None, _known("ES3", "1", high=1.0)] = None
    """[E, S, 3] quotas of each slice, see `Ratio`. Dedicated above minimum, minimum above maximum, and minima
    of a site that sum to more than 1 are refused."""
