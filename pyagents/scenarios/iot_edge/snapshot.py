# SPDX-License-Identifier: GPL-2.0-only
"""The state of an area at one decision instant, and the knobs that an algorithm may set."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import inf
from typing import Annotated, Literal

from numpy.typing import ArrayLike

from pyagents.core import snapshot as core
from pyagents.core.snapshot import Bound, Facts, Floats, Ints

MAX_LEVEL = 50
"""Largest level of a weight that any scenario allows."""

TO_SERVER = -1
"""Next hop of a head: it hands its messages to its server."""

NOWHERE = -2
"""Next hop of a device that has no way to its head within its cluster."""


class Move(IntEnum):
    """What may happen to a core in a step, in the paper's order."""

    UP = 0
    """Towards larger y."""
    DOWN = 1
    LEFT = 2
    RIGHT = 3
    """Towards larger x."""
    STAY = 4
    SHRINK = 5
    EXPAND = 6


class Cause(IntEnum):
    """Why a message is given up."""

    QUEUE_FULL = 0
    NOT_ACKNOWLEDGED = 1
    NO_NEXT_HOP = 2
    TOO_MANY_HOPS = 3
    """It has left as many devices as there are: it runs in a circle of old and new plans."""


class Party(StrEnum):
    """Who may know a field."""

    DEVICE = "device"
    CONTROLLER = "controller"


_DEVICE, _CONTROLLER = Party.DEVICE, Party.CONTROLLER


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
    """One decision instant as a struct of arrays, for N devices, K servers and V vehicles.

    The controller, at the servers, places the cores and plans clusters and routes; it knows where everything
    is, and what arrives. A device knows its own numbers, and what the controller tells it. Counts are of the
    step that has ended.
    """

    time_s: Annotated[float, _facts("", "s", _DEVICE, _CONTROLLER)]
    """Simulated time."""
    device_position_m: Annotated[Floats, _facts("N2", "m", _DEVICE, _CONTROLLER)]
    """[N, 2] where devices are; they stay there."""
    server_position_m: Annotated[Floats, _facts("K2", "m", _CONTROLLER)]
    """[K, 2] where servers are, and where cores start."""
    vehicle_position_m: Annotated[Floats, _facts("V2", "m", _CONTROLLER)]
    """[V, 2] where vehicles were in the step that has ended, at its end."""
    core_position_m: Annotated[Floats, _facts("K2", "m", _CONTROLLER)]
    """[K, 2] where the core of each cluster is."""
    weight_level: Annotated[
        Ints, _facts("K", "steps", _CONTROLLER, low=-MAX_LEVEL, high=MAX_LEVEL, dtype="int32")
    ]
    """[K] distances to each head count `Scenario.weight_factor` to the power of this; above 0: shrunk."""
    assigned: Annotated[Ints, _facts("N", "cluster index", _CONTROLLER, low=-1, high="K", dtype="int32")]
    """[N] cluster that each device was assigned to; -1: it goes by cores and weights."""
    cluster: Annotated[Ints, _facts("N", "cluster index", _DEVICE, _CONTROLLER, high="K", dtype="int32")]
    """[N] cluster of each device, as planned."""
    head: Annotated[Ints, _facts("K", "device index", _DEVICE, _CONTROLLER, low=-1, high="N", dtype="int32")]
    """[K] head of each cluster; -1: it is empty."""
    parent: Annotated[
        Ints, _facts("N", "device index", _DEVICE, _CONTROLLER, low=NOWHERE, high="N", dtype="int32")
    ]
    """[N] next hop of each device, as planned; -1: the server, of a head; -2: none, it is unreachable."""
    hops: Annotated[Ints, _facts("N", "1", _CONTROLLER, high=1000.0, dtype="int32")]
    """[N] hops from each device to its server, the head's own one in, as planned; 0: unreachable."""
    next_hop: Annotated[Ints, _facts("N", "device index", _DEVICE, low=NOWHERE, high="N", dtype="int32")]
    """[N] next hop that each device uses, as far as plans have reached it; as `parent`."""
    sensing: Annotated[Ints, _facts("N", "1", _DEVICE, _CONTROLLER, high=1.0, dtype="int32")]
    """[N] 1: the device sensed a vehicle."""
    message_bytes: Annotated[Floats, _facts("N", "byte", _DEVICE, _CONTROLLER)]
    """[N] size of the message that each device made."""
    sent_messages: Annotated[Floats, _facts("N", "1", _DEVICE)]
    """[N] messages that each device sent, its own and others', each time that it did; a head's to its server
    too. A frame counts as the share of its message that it carries."""
    sent_bytes: Annotated[Floats, _facts("N", "byte", _DEVICE)]
    """[N] bytes of messages in these."""
    dropped_bytes: Annotated[Floats, _facts("N", "byte", _DEVICE)]
    """[N] bytes of messages that each device gave up: its queue was full, nobody acknowledged, or it had no
    next hop."""
    dropped_by_cause_bytes: Annotated[Floats, _facts("4", "byte")]
    """[4] the same of all devices, by `Cause`."""
    queued_bytes: Annotated[Floats, _facts("N", "byte", _DEVICE)]
    """[N] bytes of messages that wait at each device at the end of the step."""
    control_bytes: Annotated[Floats, _facts("N", "byte", _DEVICE)]
    """[N] bytes of plans that each device sent."""
    busy_share: Annotated[Floats, _facts("N", "1", _DEVICE, high=1.0)]
    """[N] share of the step in which each device sent, or heard the channel busy; NaN: it has no channel."""
    received_messages: Annotated[Floats, _facts("K", "1", _CONTROLLER)]
    """[K] messages that arrived at each server, whole and for the first time."""
    received_bytes: Annotated[Floats, _facts("K", "byte", _CONTROLLER)]
    """[K] bytes of these."""
    delays: Annotated[Floats, _facts("D", "1", _CONTROLLER)]
    """[D] these messages, of all servers, by the time since they were made, see `DELAY_EDGES_S`; none where
    there is no channel."""

    @property
    def n_devices(self) -> int:
        """N."""
        return int(self.cluster.shape[-1])

    @property
    def n_servers(self) -> int:
        """K."""
        return int(self.head.shape[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(core.Action):
    """What an agent asks for, from the next step on. None leaves a knob as it is."""

    core_move: Annotated[ArrayLike | None, _facts("K", "Move", high=6.0, dtype="int32")] = None
    """[K] what happens to each core, see `Move`; more than `Scenario.moves_per_step` that are not STAY are
    refused."""
    cluster: Annotated[ArrayLike | None, _facts("N", "cluster index", low=-1, high="K", dtype="int32")] = None
    """[N] cluster that each device is assigned to, until it is set anew; -1: it goes by cores and weights."""
