# SPDX-License-Identifier: GPL-2.0-only
"""What is known at one decision instant, and what may be done about it.

Each field of `Snapshot` carries, machine-readable, its axes, its unit and who knows it in a real
network. An agent that claims to run in the UEs may read the fields that `fields_known_to(Party.UE)`
names, and of an array with a UE axis each UE only its own row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Self, get_args, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

CIO_LIMIT_DB = 24.0
"""Largest cell individual offset (Q-OffsetRange, TS 38.331)."""

MAX_LOAD = 65535 / 16384
"""Largest load: what the 16 bits of SIBx can say, four times what a cell can carry."""

RESOURCE_ELEMENTS_DB = 27.87
"""RSRP is the power of one of the 12 x 51 subcarriers of a 20 MHz channel, this far below that of all."""

DELAY_EDGES_S: tuple[float, ...] = tuple(0.5e-3 * 1.25**k for k in range(31))
"""Upper edges of the bins that delays are counted in; the last bin, from 0.4 s on, has none."""


N_DELAYS = len(DELAY_EDGES_S) + 1
"""D, the number of these bins."""


class Party(StrEnum):
    """Who may know a field. One that nobody knows is the simulator's truth: for metrics, not for agents."""

    UE = "ue"
    NETWORK = "network"


@dataclass(frozen=True)
class FieldFacts:
    """What is to be known about a Snapshot field.

    Attributes:
        axes: one letter or digit an axis: U UEs, G gNBs, D bins of delay, a digit for itself; none: a number.
        unit: as written in text.
        known_to: the parties who know it in a real network.
    """

    axes: str
    unit: str
    known_to: frozenset[Party]


def _facts(axes: str, unit: str, *parties: Party) -> FieldFacts:
    return FieldFacts(axes, unit, frozenset(parties))


_UE, _NETWORK = Party.UE, Party.NETWORK


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """One decision instant as a struct of arrays, for U UEs and G gNBs.

    What UEs report (RSRP) and what RRC configures (CIO, channel, serving cell) both sides know. Load and
    airtime a gNB measures itself; a UE learns of load only by the SIBx that it hears.
    """

    time_s: Annotated[float, _facts("", "s", _UE, _NETWORK)]
    """Simulated time."""
    rsrp_dbm: Annotated[Floats, _facts("UG", "dBm", _UE, _NETWORK)]
    """[U, G] L3-filtered SS-RSRP, power of a resource element of discovery bursts; -inf: never measured."""
    rate_bps: Annotated[Floats, _facts("UG", "bit/s", _UE)]
    """[U, G] rate if the gNB gave this UE its whole channel while it transmits, see
    `Scenario.rate_knowledge`; 0: out of range."""
    serving: Annotated[Ints, _facts("U", "gNB index", _UE, _NETWORK)]
    """[U] the gNB that serves each UE."""
    demand_bps: Annotated[Floats, _facts("U", "bit/s", _UE, _NETWORK)]
    """[U] guaranteed bit rate."""
    delivered_bps: Annotated[Floats, _facts("U", "bit/s", _UE, _NETWORK)]
    """[U] delivered during the step, over its duration."""
    sib_load: Annotated[Floats, _facts("UG", "1", _UE)]
    """[U, G] load as each UE last heard it by SIBx; NaN: never heard."""
    sib_age_s: Annotated[Floats, _facts("UG", "s", _UE)]
    """[U, G] age of `sib_load`; +inf: never heard."""
    load: Annotated[Floats, _facts("G", "1", _NETWORK)]
    """[G] airtime that the demand of now needs / `airtime`, at most `MAX_LOAD`; above 1 is overload."""
    airtime: Annotated[Floats, _facts("G", "1", _NETWORK)]
    """[G] share of time that LBT left to the gNB over the last `Scenario.averaging_window_ms`."""
    airtime_used: Annotated[Floats, _facts("G", "1", _NETWORK)]
    """[G] share of the step in which the gNB transmitted."""
    cio_db: Annotated[Floats, _facts("GG", "dB", _UE, _NETWORK)]
    """[G, G] cell individual offset that UEs of a serving gNB (row) add to a neighbour (column) in A3."""
    channel: Annotated[Ints, _facts("G", "channel index", _UE, _NETWORK)]
    """[G] the 20 MHz channel of each gNB."""
    handovers: Annotated[Ints, _facts("U", "1", _UE, _NETWORK)]
    """[U] handovers so far."""
    handover_failures: Annotated[Ints, _facts("U", "1", _UE, _NETWORK)]
    """[U] handovers that failed so far: timer T304 ran out."""
    ping_pongs: Annotated[Ints, _facts("U", "1", _UE, _NETWORK)]
    """[U] handovers back to the previous cell within `Scenario.ping_pong_window_s`, so far."""
    offered_bytes: Annotated[Floats, _facts("U", "B", _NETWORK)]
    """[U] bytes that arrived for the UE so far; equals delivered + dropped + queued."""
    delivered_bytes: Annotated[Floats, _facts("U", "B", _UE, _NETWORK)]
    """[U] bytes delivered so far."""
    late_bytes: Annotated[Floats, _facts("U", "B", _UE, _NETWORK)]
    """[U] bytes delivered so far of packets that were older than the delay budget by then."""
    dropped_bytes: Annotated[Floats, _facts("U", "B", _NETWORK)]
    """[U] bytes dropped so far, for a full queue or a spent delay budget."""
    queued_bytes: Annotated[Floats, _facts("U", "B", _NETWORK)]
    """[U] bytes that wait now."""
    delays: Annotated[Floats, _facts("UD", "1")]
    """[U, D] packets delivered during the step by delay from arrival at the gNB, see `DELAY_EDGES_S`."""
    sib_due: Annotated[Ints, _facts("G", "1", _NETWORK)]
    """[G] SIBx instances due so far."""
    sib_sent: Annotated[Ints, _facts("G", "1", _NETWORK)]
    """[G] SIBx instances that went on air so far."""
    sib_heard: Annotated[Ints, _facts("UG", "1", _UE)]
    """[U, G] SIBx instances that each UE decoded so far."""
    ue_position_m: Annotated[Floats, _facts("U3", "m")]
    """[U, 3] where the UEs are."""
    gnb_position_m: Annotated[Floats, _facts("G3", "m", _NETWORK)]
    """[G, 3] where the gNBs are."""
    gnb_rsrp_dbm: Annotated[Floats, _facts("GG", "dBm", _NETWORK)]
    """[G, G] SS-RSRP at which a gNB (row) receives another (column) on its channel; NaN: itself."""
    wifi_offered_bytes: Annotated[float, _facts("", "B")]
    """Bytes that all access points were given for their stations so far."""
    wifi_delivered_bytes: Annotated[float, _facts("", "B")]
    """Bytes that the stations have acknowledged so far."""
    wifi_delays: Annotated[Floats, _facts("D", "1")]
    """[D] Wi-Fi packets delivered during the step by delay, see `DELAY_EDGES_S`."""

    def __post_init__(self) -> None:
        shape = np.shape(self.rsrp_dbm)
        if len(shape) == 2 and all(getattr(self, name).shape == fits for name, fits in _shapes(*shape)):
            return
        sizes = {"D": N_DELAYS}
        for name, (_, facts) in _declared().items():
            if facts.axes:
                _check_array(name, getattr(self, name), facts.axes, sizes)

    @property
    def n_ues(self) -> int:
        """U."""
        return len(self.serving)

    @property
    def n_gnbs(self) -> int:
        """G."""
        return len(self.load)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, ArrayLike]) -> Self:
        """Build from arrays by field name, as a simulator sends them (single numbers of shape [1]).

        Raises:
            ValueError: a field is missing or unknown, or has a wrong type or shape.
        """
        declared = _declared()
        for problem, odd in (
            ("lacks", set(declared) - set(arrays)),
            ("does not know", set(arrays) - set(declared)),
        ):
            if odd:
                raise ValueError(f"Snapshot {problem} {', '.join(sorted(odd))}")
        values: dict[str, Any] = {
            name: _typed(name, arrays[name], np.int32 if kind == Ints else np.float64)
            for name, (kind, _) in declared.items()
        }
        for name, (_, facts) in declared.items():
            if not facts.axes:
                if values[name].size != 1:
                    raise ValueError(f"{name} has shape {values[name].shape}, expected one number")
                values[name] = float(values[name].item())
        return cls(**values)


@cache
def _declared() -> dict[str, tuple[Any, FieldFacts]]:
    """Type and facts of each Snapshot field, by name, in order."""
    hints = get_type_hints(Snapshot, include_extras=True)
    return {name: get_args(hint) for name, hint in hints.items()}


@cache
def _shapes(n_ues: int, n_gnbs: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Name and shape of each array of a Snapshot for so many UEs and gNBs."""
    sizes = {"U": n_ues, "G": n_gnbs, "D": N_DELAYS, "3": 3}
    return tuple(
        (name, tuple(sizes[axis] for axis in facts.axes))
        for name, facts in field_facts().items()
        if facts.axes
    )


def field_facts() -> dict[str, FieldFacts]:
    """The facts of each Snapshot field, by name, in order."""
    return {name: facts for name, (_, facts) in _declared().items()}


def fields_known_to(party: Party) -> tuple[str, ...]:
    """Names of the Snapshot fields that the party knows in a real network."""
    return tuple(name for name, facts in field_facts().items() if party in facts.known_to)


@dataclass(frozen=True, kw_only=True, eq=False)
class Action:
    """What an agent asks for: the three knobs of a real network. None leaves one as it is."""

    cho_target: ArrayLike | None = None
    """[U] conditional handover target of each UE: a gNB index, prepared as candidate and executed when the
    UE's own RRC finds it strong enough; the serving gNB: stay there, A3 off; -1: none, A3 governs."""
    cio_db: ArrayLike | None = None
    """[G, G] cell individual offset of a serving gNB (row) towards a neighbour (column), -24 to 24 dB."""
    channel: ArrayLike | None = None
    """[G] channel index for each gNB; -1: stay on the present one."""

    def to_arrays(self, *, n_ues: int, n_gnbs: int, n_channels: int) -> dict[str, NDArray[Any]]:
        """The knobs that are set, checked, as arrays of the types that cross the wire.

        Raises:
            ValueError: wrong shape, type or value; names the entry, the value and what is allowed.
        """
        arrays: dict[str, NDArray[Any]] = {}
        if self.cho_target is not None:
            arrays["cho_target"] = _bounded("cho_target", self.cho_target, (n_ues,), -1, n_gnbs - 1, np.int32)
        if self.cio_db is not None:
            arrays["cio_db"] = _bounded(
                "cio_db", self.cio_db, (n_gnbs, n_gnbs), -CIO_LIMIT_DB, CIO_LIMIT_DB, np.float64
            )
        if self.channel is not None:
            arrays["channel"] = _bounded("channel", self.channel, (n_gnbs,), -1, n_channels - 1, np.int32)
        return arrays


def _typed(name: str, value: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """The value as an array of the type, without a silent change of what it says."""
    array = np.asarray(value)
    if not np.can_cast(array.dtype, dtype, casting="same_kind"):
        raise ValueError(f"{name} has type {array.dtype}, expected {np.dtype(dtype)}")
    if np.dtype(dtype).kind == "i" and array.size:
        held = np.iinfo(dtype)
        for extreme in (int(array.min()), int(array.max())):
            if not held.min <= extreme <= held.max:
                raise ValueError(f"{name} has the value {extreme}, beyond {np.dtype(dtype)}")
    return array.astype(dtype, copy=False)


def _bounded(
    name: str, value: ArrayLike, shape: tuple[int, ...], low: float, high: float, dtype: DTypeLike
) -> NDArray[Any]:
    """The value as an array of the type and shape with every entry in [low, high].

    Looked at as it came, before it is made narrower: 2**32 is no gNB 0.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not np.can_cast(array.dtype, dtype, casting="same_kind"):
        raise ValueError(f"{name} has type {array.dtype}, expected {np.dtype(dtype)}")
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
    wrong = np.argwhere(~((array >= low) & (array <= high)))
    if len(wrong):
        index = tuple(int(i) for i in wrong[0])
        raise ValueError(f"{name}{list(index)} is {array[index]}, allowed is {low:g} to {high:g}")
    return array.astype(dtype, copy=False)


def _check_array(name: str, array: NDArray[Any], axes: str, sizes: dict[str, int]) -> None:
    """Raise ValueError unless the array's shape is that of its axes, as earlier fields fixed their sizes."""
    expected = tuple(int(axis) if axis.isdigit() else sizes.get(axis) for axis in axes)
    if array.ndim != len(axes) or any(e not in (None, n) for e, n in zip(expected, array.shape, strict=True)):
        shape = ", ".join(
            axis if size is None else str(size) for axis, size in zip(axes, expected, strict=True)
        )
        raise ValueError(f"{name} has shape {array.shape}, expected ({shape})")
    sizes.update({axis: n for axis, n in zip(axes, array.shape, strict=True) if not axis.isdigit()})
