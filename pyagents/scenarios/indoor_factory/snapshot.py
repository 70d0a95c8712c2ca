# SPDX-License-Identifier: GPL-2.0-only
"""The state of a hall at one decision instant, and the knobs that an algorithm may set."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Annotated, Literal

from numpy.typing import ArrayLike

from pyagents.core import snapshot as core
from pyagents.core.snapshot import Bound, Facts, Floats, Ints

CIO_LIMIT_DB = 24.0
"""Largest cell individual offset (Q-OffsetRange, TS 38.331)."""

MAX_LOAD = 65535 / 16384
"""Largest load: what the 16 bits of SIBx can say, four times what a cell can carry."""

RESOURCE_ELEMENTS_DB = 27.87
"""RSRP is the power of one of the 12 x 51 subcarriers of a 20 MHz channel, this far below that of all."""


class Party(StrEnum):
    """Who may know a field."""

    UE = "ue"
    NETWORK = "network"


_UE, _NETWORK = Party.UE, Party.NETWORK


def _facts(
    axes: str,
    unit: str,
    *parties: Party,
    low: Bound = 0.0,
    high: Bound = inf,
    dtype: Literal["float64", "int32"] = "float64",
) -> Facts:
    return Facts(axes=axes, unit=unit, known_to=frozenset(parties), low=low, high=high, dtype=dtype)


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot(core.Snapshot):
    """One decision instant as a struct of arrays, for U UEs and G gNBs.

    What UEs report (RSRP, RSSI, channel occupancy) and what RRC configures (CIO, channel, serving cell) both
    sides know. Load and airtime a gNB measures itself; a UE learns of load only by the SIBx that it hears.
    """

    time_s: Annotated[float, _facts("", "s", _UE, _NETWORK)]
    """Simulated time."""
    rsrp_dbm: Annotated[Floats, _facts("UG", "dBm", _UE, _NETWORK, low=-inf)]
    """[U, G] L3-filtered SS-RSRP, power of a resource element of discovery bursts; -inf: never measured."""
    rate_bps: Annotated[Floats, _facts("UG", "bit/s", _UE)]
    """[U, G] rate if the gNB gave this UE its whole channel while it transmits, see
    `Scenario.rate_knowledge`; 0: out of range."""
    serving: Annotated[Ints, _facts("U", "gNB index", _UE, _NETWORK, high="G", dtype="int32")]
    """[U] the gNB that serves each UE."""
    demand_bps: Annotated[Floats, _facts("U", "bit/s", _UE, _NETWORK)]
    """[U] guaranteed bit rate."""
    delivered_bps: Annotated[Floats, _facts("U", "bit/s", _UE, _NETWORK)]
    """[U] delivered during the step, over its duration."""
    sib_load: Annotated[Floats, _facts("UG", "1", _UE, high=MAX_LOAD)]
    """[U, G] load as each UE last heard it by SIBx; NaN: never heard."""
    sib_age_s: Annotated[Floats, _facts("UG", "s", _UE)]
    """[U, G] age of `sib_load`; +inf: never heard."""
    rssi_dbm: Annotated[Floats, _facts("U", "dBm", _UE, _NETWORK, low=-inf)]
    """[U] mean power of all that each UE received on its serving cell's channel, of that cell and noise too,
    over the RSSI samples of the step (TS 38.215 section 5.1.21); NaN: never measured."""
    channel_occupancy: Annotated[Floats, _facts("U", "1", _UE, _NETWORK, high=1.0)]
    """[U] share of these samples above `Scenario.channel_occupancy_threshold_dbm` (channelOccupancy, TS
    38.331 section 5.5.5); NaN: never measured."""
    load: Annotated[Floats, _facts("G", "1", _NETWORK, high=MAX_LOAD)]
    """[G] airtime that the demand of now needs / `airtime`, at most `MAX_LOAD`; above 1 is overload."""
    airtime: Annotated[Floats, _facts("G", "1", _NETWORK, high=1.0)]
    """[G] share of time that LBT left to the gNB over the last `Scenario.averaging_window_ms`."""
    airtime_used: Annotated[Floats, _facts("G", "1", _NETWORK, high=1.0)]
    """[G] share of the step in which the gNB transmitted."""
    cio_db: Annotated[Floats, _facts("GG", "dB", _UE, _NETWORK, low=-CIO_LIMIT_DB, high=CIO_LIMIT_DB)]
    """[G, G] cell individual offset that UEs of a serving gNB (row) add to a neighbour (column) in A3."""
    channel: Annotated[Ints, _facts("G", "channel index", _UE, _NETWORK, high="C", dtype="int32")]
    """[G] the 20 MHz channel of each gNB."""
    handovers: Annotated[Floats, _facts("U", "1", _UE, _NETWORK)]
    """[U] handovers so far."""
    handover_failures: Annotated[Floats, _facts("U", "1", _UE, _NETWORK)]
    """[U] handovers that failed so far: timer T304 ran out."""
    ping_pongs: Annotated[Floats, _facts("U", "1", _UE, _NETWORK)]
    """[U] handovers back to the previous cell within `Scenario.ping_pong_window_s`, so far."""
    offered_bytes: Annotated[Floats, _facts("U", "B", _NETWORK)]
    """[U] bytes that arrived for the UE so far; equals delivered + dropped + queued."""
    delivered_bytes: Annotated[Floats, _facts("U", "B", _UE, _NETWORK)]
    """[U] bytes delivered so far."""
    late_bytes: Annotated[Floats, _facts("U", "B", _UE, _NETWORK)]
    """[U] bytes delivered so far of packets that were older than the delay budget by then; NaN: not known, as
    on the mock."""
    dropped_bytes: Annotated[Floats, _facts("U", "B", _NETWORK)]
    """[U] bytes dropped so far, for a full queue or a spent delay budget."""
    queued_bytes: Annotated[Floats, _facts("U", "B", _NETWORK)]
    """[U] bytes that wait now."""
    delays: Annotated[Floats, _facts("UD", "1")]
    """[U, D] packets delivered during the step by delay from arrival at the gNB, see `DELAY_EDGES_S`; NaN:
    not known, as on the mock."""
    sib_due: Annotated[Floats, _facts("G", "1", _NETWORK)]
    """[G] SIBx instances due so far."""
    sib_sent: Annotated[Floats, _facts("G", "1", _NETWORK)]
    """[G] SIBx instances that went on air so far."""
    sib_heard: Annotated[Floats, _facts("UG", "1", _UE)]
    """[U, G] SIBx instances that each UE decoded so far."""
    ue_position_m: Annotated[Floats, _facts("U3", "m", low=-inf)]
    """[U, 3] where the UEs are."""
    gnb_position_m: Annotated[Floats, _facts("G3", "m", _NETWORK, low=-inf)]
    """[G, 3] where the gNBs are."""
    gnb_rsrp_dbm: Annotated[Floats, _facts("GG", "dBm", _NETWORK, low=-inf)]
    """[G, G] SS-RSRP at which a gNB (row) receives another (column) on its channel; NaN: itself."""
    wifi_offered_bytes: Annotated[float, _facts("", "B")]
    """Bytes that all access points were given for their stations so far."""
    wifi_delivered_bytes: Annotated[float, _facts("", "B")]
    """Bytes that the stations have acknowledged so far."""
    wifi_delays: Annotated[Floats, _facts("D", "1")]
    """[D] Wi-Fi packets delivered during the step by delay, see `DELAY_EDGES_S`; NaN: not known, as on the
    mock."""

    @property
    def n_ues(self) -> int:
        """U."""
        return int(self.serving.shape[-1])

    @property
    def n_gnbs(self) -> int:
        """G."""
        return int(self.load.shape[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(core.Action):
    """What an agent asks for: the three knobs of a real network. None leaves one as it is."""

    cho_target: Annotated[ArrayLike | None, _facts("U", "gNB index", low=-1, high="G", dtype="int32")] = None
    """[U] conditional handover target of each UE: a gNB index, prepared as candidate and executed when the
    UE's own RRC finds it strong enough; the serving gNB: stay there, A3 off; -1: none, A3 governs."""
    cio_db: Annotated[ArrayLike | None, _facts("GG", "dB", low=-CIO_LIMIT_DB, high=CIO_LIMIT_DB)] = None
    """[G, G] cell individual offset of a serving gNB (row) towards a neighbour (column), -24 to 24 dB."""
    channel: Annotated[ArrayLike | None, _facts("G", "channel index", low=-1, high="C", dtype="int32")] = None
    """[G] channel index for each gNB; -1: stay on the present one."""
