# SPDX-License-Identifier: GPL-2.0-only
"""A situation, complete: every number that a simulator needs, with its unit and its source.

"The paper" is Liu, Cheng et al., "Deep Reinforcement Learning for Load-Balancing Aware Network Control in IoT
Edge Systems", IEEE TPDS 33(6), 2022. A value marked "ours" is one that the paper leaves open.
"""

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyagents.core import scenario as core
from pyagents.core.scenario import number
from pyagents.scenarios.iot_edge.delays import N_DELAYS

Route = Literal["between", "direction", "reflection", "warehouse", "trace"]
"""How vehicles go, see `Scenario.route`."""

WifiRateMbps = Literal[6, 9, 12, 18, 24, 36, 48, 54]
"""Rates of 802.11a."""

_HASH_DIGITS = 16


def to_mm(metres: float) -> int:
    """Whole millimetres, halves up: geometry is of whole numbers, so that two programs agree on every tie."""
    return int(metres * 1000 + 0.5)


@dataclass(frozen=True, kw_only=True)
class Scenario(core.Scenario):
    """Every number of one situation: area, devices, servers, cores, vehicles, messages, radio, duration.

    Units are in the names. The same names, spelled `--n-devices`, are the flags of `nru run`.

    Raises:
        ValueError: a value has the wrong type or is not allowed; names field, value and what is allowed.
    """

    family = "iot-edge"

    area_length_m: float = number(15.0, 1.0, 1000.0)
    """Length of the area, along x (paper, section 5.2)."""
    area_width_m: float = number(15.0, 1.0, 1000.0)
    """Width of the area, along y (paper, section 5.2)."""
    n_devices: int = number(80, 1, 1000)
    """Number of IoT devices, at random places (paper: 20 to 80)."""
    n_servers: int = number(4, 1, 64)
    """Number of edge servers, at random places; one cluster, with one core, each (paper: 2 to 4)."""
    link_range_m: float = number(3.0, 0.001, 1000.0)
    """Two devices no farther apart have a link (paper: 3 m, which leaves some of 20 or 40 devices alone)."""
    connect: Literal["as-drawn", "redraw"] = "as-drawn"
    """Places of devices as they are drawn, or drawn anew until all devices are joined by links (ours; the
    paper does not say)."""
    layout_seed: int = number(0, 0, 2**31 - 1)
    """Number of the random places of devices and servers, where all seeds share them; 0: the run's seed."""
    sensing_range_m: float = number(6.0, 0.001, 1000.0)
    """A device no farther from a vehicle senses it (paper: 6 m in one sentence and 3 m in another)."""

    period_s: float = number(1.0, 0.001, 3600.0)
    """Time between two messages of a device; one decision step (paper: 1 s)."""
    message_bytes: int = number(1000, 1, 1_000_000)
    """Size of a message without a vehicle in sight (paper: 1 KB)."""
    sensing_ratio: float = number(3.0, 1.0, 100.0)
    """Size of a message with one in sight, whole, in sizes of one without (paper: 2, 3 or 4)."""
    link_rate_bytes_per_s: float = number(10_000.0, 1.0, 1e9)
    """What a link carries (paper: 10 KB/s, in no formula): by it, plans are told that ask too much of one."""

    core_step_m: float = number(1.0, 0.001, 1000.0)
    """How far a core moves in one action (paper: 1 m)."""
    moves_per_step: int = number(1, 1, 64)
    """Most cores that one action may move, shrink or expand (paper: one, by the size of its output layer)."""
    weight_factor: float = number(1.25, 1.0, 10.0, above=True)
    """Shrinking a cluster multiplies distances to its head by it, expanding divides (paper: 1.25, 0.8)."""
    weight_levels: int = number(10, 0, 50)
    """Most times that a cluster is shrunk, or expanded, in net (ours)."""
    distance_to: Literal["head", "core"] = "head"
    """A device joins the cluster whose head, or core, is nearest by weighted distance (paper: "based on the
    selected cluster heads")."""

    n_vehicles: int = number(1, 1, 16)
    """Number of vehicles (paper: 1, and 3 in Fig. 9c)."""
    route: Route = "between"
    """Vehicles go back and forth between two random places (paper, Fig. 9a), each second in a random
    direction (Fig. 9b), straight on with a random reflection at walls (Fig. 9c), by a generated trace of a
    warehouse, or by the trace of a file (Figs. 11 to 14, whose trace is not published)."""
    vehicle_speed_mps: float = number(1.0, 0.0, 100.0)
    """Speed of a vehicle, in a warehouse while it drives (paper: 1 m/s)."""
    reflection_spread_deg: float = number(15.0, 0.0, 80.0)
    """Largest deviation of a reflection from that of a mirror (paper, Fig. 9c: 15)."""
    trace: str = ""
    """CSV file with x and y in metres, a line a second; `#` and the start of its SHA-256 are added, so that
    another content is another scenario."""
    trace_seed: int = number(1, 1, 2**31 - 1)
    """Number of the warehouse's trace, which all seeds of a run share (ours)."""
    trace_s: int = number(28_800, 60, 1_000_000)
    """Length of the warehouse's trace, s (paper: 8 h)."""
    trace_from: float = number(0.0, 0.0, 1.0)
    """A run is a window of a trace, at random from this share of it on."""
    trace_to: float = number(1.0, 0.0, 1.0, above=True)
    """The window ends no later than at this share of it (paper: one part for training, one for tests)."""

    phy: Literal["wifi", "disc"] = "wifi"
    """Radio on ns-3: 802.11a ad hoc, or ideal links, on which a run is the mock's."""
    wifi_rate_mbps: WifiRateMbps = 6
    """Rate of 802.11a frames with messages on ns-3 (ours: the most robust)."""
    interference_range_m: float = number(6.0, 0.001, 2000.0)
    """Who is no farther from a sender hears it as noise on ns-3, where it is out of `link_range_m` (ours:
    twice the range of a link)."""
    queue_limit_bytes: int = number(50_000, 1, 2**31 - 1)
    """Size of a device's queue on ns-3, which drops what is beyond (ours)."""
    retry_limit: int = number(7, 0, 31)
    """Most times that a frame without acknowledgement is sent again on ns-3 (802.11: 7)."""

    def check_relations(self) -> None:
        """Raise ValueError where two fields contradict each other; note the content of a trace."""
        if self.trace_from >= self.trace_to:
            raise ValueError(
                f"trace_from={self.trace_from:g} is not allowed: must be below trace_to={self.trace_to:g}"
            )
        if self.interference_range_m < self.link_range_m:
            raise ValueError(
                f"interference_range_m={self.interference_range_m:g} is not allowed: must be at least "
                f"link_range_m={self.link_range_m:g}"
            )
        if (self.route == "trace") != bool(self.trace):
            raise ValueError(
                f"trace={self.trace!r} is not allowed with route={self.route!r}: "
                "route='trace' takes a file, others take none"
            )
        if self.trace:
            path, _, noted = self.trace.partition("#")
            try:
                found = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:_HASH_DIGITS]
            except OSError as error:
                raise ValueError(f"trace={self.trace!r} is not allowed: {path}: {error.strerror}") from error
            if noted not in ("", found):
                raise ValueError(
                    f"trace={self.trace!r} is not allowed: the content of {path} is another, #{found}"
                )
            object.__setattr__(self, "trace", f"{path}#{found}")

    @property
    def step_s(self) -> float:
        """Length of one decision step, s."""
        return self.period_s

    @property
    def sensing_message_bytes(self) -> int:
        """Size of a message with a vehicle in sight, halves up."""
        return int(self.message_bytes * self.sensing_ratio + 0.5)

    def sizes(self) -> Mapping[str, int]:
        """N devices, K servers (and clusters, cores, heads), V vehicles, D bins of delay."""
        return {"N": self.n_devices, "K": self.n_servers, "V": self.n_vehicles, "D": N_DELAYS}


_FIG9A = Scenario(steps=100)
_FIG9B = dataclasses.replace(_FIG9A, n_devices=20, n_servers=3, route="direction")
_FIG11 = dataclasses.replace(_FIG9A, route="warehouse", trace_from=0.5)

PRESETS: Mapping[str, Scenario] = {
    "edge9a": _FIG9A,
    "edge9b": _FIG9B,
    "edge9c": dataclasses.replace(_FIG9B, n_vehicles=3, route="reflection"),
    "edge11": _FIG11,
    "edge14": dataclasses.replace(_FIG11, n_devices=20),
}
"""Conditions of the paper's figures: 9a (80 devices, 4 servers, a vehicle between two places), 9b (20
devices, 3 servers, random directions), 9c (3 vehicles, reflection), 11 to 13 (a trace's second half), 14 (20
devices)."""
