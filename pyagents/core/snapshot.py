# SPDX-License-Identifier: GPL-2.0-only
"""What is known at one decision instant, and what may be done about it.

A family derives frozen dataclasses from `Snapshot` and `Action` and annotates each field, machine-readable,
with its axes, type, bounds and unit, and with who knows it in a real network. All that is said of a field is
said there: checks, announced spaces, recordings and what an algorithm may see follow from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from math import inf
from operator import attrgetter
from typing import Annotated, Any, Literal, Self, get_args, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

Bound = float | str
"""A number, or a letter of an axis: its last index, the length less one."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The declaration of a field of a Snapshot or an Action."""

    axes: str
    """One character an axis, the last ones of the array: a letter as in `Scenario.sizes`, a digit for
    itself; empty: a single number."""
    unit: str
    """Unit, as written in text."""
    known_to: frozenset[str] = frozenset()
    """Parties who know it in a real network. What nobody knows is the simulator's truth: for metrics, not for
    algorithms."""
    dtype: Literal["float64", "int32"] = "float64"
    """Type of the numbers, also on the wire."""
    low: Bound = 0.0
    """Smallest value."""
    high: Bound = inf
    """Largest value."""

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Shape of the array for these lengths of axes; () for a single number."""
        return tuple(int(axis) if axis.isdigit() else sizes[axis] for axis in self.axes)

    def bounds(self, sizes: Mapping[str, int]) -> tuple[float, float]:
        """Smallest and largest value for these lengths of axes."""
        low, high = (
            float(sizes[bound] - 1 if isinstance(bound, str) else bound) for bound in (self.low, self.high)
        )
        return low, high


@dataclass(frozen=True, kw_only=True, eq=False)
class _Declared:
    """A dataclass whose fields are annotated with `Facts`."""

    @classmethod
    @cache
    def facts(cls) -> Mapping[str, Facts]:
        """The declaration of each field, by name, in order."""
        hints = get_type_hints(cls, include_extras=True)
        return {
            field.name: next(part for part in get_args(hints[field.name]) if isinstance(part, Facts))
            for field in fields(cls)
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot(_Declared):
    """One decision instant as a struct of arrays; or that of a batch of runs that are played in step.

    In a batch all fields but `time_s` have the same further axes in front. Functions of arrays that look at
    axes from behind, [..., U, G], serve both.

    Raises:
        ValueError: the shape of an array is not that of its axes.
    """

    time_s: Annotated[float, Facts(axes="", unit="s")]
    """Simulated time, of all runs of a batch."""

    def __post_init__(self) -> None:
        self._check_shapes(tuple(map(np.shape, self._get_batched()(self))))

    @classmethod
    def known_to(cls, party: str) -> tuple[str, ...]:
        """Names of the fields that the party knows in a real network."""
        return tuple(name for name, facts in cls.facts().items() if party in facts.known_to)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, ArrayLike]) -> Self:
        """Build from arrays by field name, as a simulator sends them (single numbers of shape [1]).

        Raises ValueError where a field is missing or unknown, or has a wrong type or shape.
        """
        declared = cls.facts()
        for problem, odd in (
            ("lacks", set(declared) - set(arrays)),
            ("does not know", set(arrays) - set(declared)),
        ):
            if odd:
                raise ValueError(f"Snapshot {problem} {', '.join(sorted(odd))}")
        values: dict[str, Any] = {
            name: typed(name, arrays[name], facts.dtype) for name, facts in declared.items()
        }
        for name, facts in declared.items():
            if not facts.axes:
                if values[name].size != 1:
                    raise ValueError(f"{name} has shape {values[name].shape}, expected one number")
                values[name] = float(values[name].item())
        return cls(**values)

    @classmethod
    def blank(cls, sizes: Mapping[str, int]) -> Self:
        """Build a Snapshot with 0 in all fields, to try functions on."""
        return cls.from_arrays(
            {name: np.zeros(facts.shape(sizes) or 1, facts.dtype) for name, facts in cls.facts().items()}
        )

    @classmethod
    def stack(cls, snapshots: Sequence[Self]) -> Self:
        """Make a batch, read-only, a further axis in front; ValueError where shapes or times differ."""
        first = snapshots[0]
        odd = [one.time_s for one in snapshots if one.time_s != first.time_s]
        if odd:
            raise ValueError(f"time_s={odd[0]!r} is not allowed beside {first.time_s!r}: must be the same")
        columns = zip(*map(cls._get_batched(), snapshots), strict=True)
        values = {name: np.stack(column) for name, column in zip(cls._batched(), columns, strict=True)}
        for array in values.values():
            array.setflags(write=False)
        return cls(time_s=first.time_s, **values)

    def at(self, index: int) -> Self:
        """The Snapshot at an index of the first axis of a batch."""
        one = object.__new__(type(self))  # it fits where the batch does
        values = one.__dict__
        values["time_s"] = self.time_s
        for name, array in zip(self._batched(), self._get_batched()(self), strict=True):
            values[name] = array[index]
        return one

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Contiguous arrays by field name, as a simulator sends them: the inverse of `from_arrays`."""
        return {name: np.ascontiguousarray(np.atleast_1d(getattr(self, name))) for name in self.facts()}

    @classmethod
    @cache
    def _batched(cls) -> tuple[str, ...]:
        """Names of the fields that get further axes in a batch."""
        return tuple(name for name in cls.facts() if name != "time_s")

    @classmethod
    @cache
    def _get_batched(cls) -> Callable[[object], tuple[Any, ...]]:
        """What gets the values of these fields."""
        names = cls._batched()
        return attrgetter(*names) if len(names) > 1 else lambda snapshot: (getattr(snapshot, names[0]),)

    @classmethod
    @cache  # many snapshots have few shapes
    def _check_shapes(cls, shapes: tuple[tuple[int, ...], ...]) -> None:
        """Raise ValueError unless the shapes of these fields agree with their axes, and among each other."""
        axes_of = [cls.facts()[name].axes for name in cls._batched()]
        leads = [shape[: max(len(shape) - len(axes), 0)] for axes, shape in zip(axes_of, shapes, strict=True)]
        batch, sizes = min(leads, key=len), dict[str, int]()
        for name, axes, shape in zip(cls._batched(), axes_of, shapes, strict=True):
            expected = (*batch, *(int(axis) if axis.isdigit() else sizes.get(axis, axis) for axis in axes))
            if len(shape) != len(expected) or any(
                isinstance(e, int) and e != n for e, n in zip(expected, shape, strict=True)
            ):
                raise ValueError(f"{name} has shape {shape}, expected ({', '.join(map(str, expected))})")
            own = shape[len(batch) :]
            sizes.update({axis: n for axis, n in zip(axes, own, strict=True) if not axis.isdigit()})


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(_Declared):
    """What an algorithm asks for: the knobs of a real network, each an array. None leaves one as it is.

    In a batch all that are set have the same further axes in front, as in `Snapshot`.
    """

    @classmethod
    def stack(cls, actions: Sequence[Self]) -> Self:
        """Make a batch of Actions: a further axis in front; ValueError where a knob is set by some only."""
        knobs = {name: [getattr(action, name) for action in actions] for name in cls.facts()}
        for name, values in knobs.items():
            if 0 < sum(value is None for value in values) < len(values):
                raise ValueError(f"{name} is left as it is by some of a batch: all must set it, or none")
        return cls(**{name: np.stack(values) for name, values in knobs.items() if values[0] is not None})

    def at(self, index: int) -> Self:
        """The Action at an index of the first axis of a batch."""
        knobs = {name: getattr(self, name) for name in self.facts()}
        return type(self)(**{name: np.asarray(v)[index] for name, v in knobs.items() if v is not None})

    def to_arrays(self, sizes: Mapping[str, int], batch: tuple[int, ...] = ()) -> dict[str, NDArray[Any]]:
        """Check the knobs that are set, and give them as arrays of the types that cross the wire.

        Args:
            sizes: lengths of axes, as of `Scenario.sizes`.
            batch: lengths of the axes in front.

        Raises:
            ValueError: wrong shape, type or value; names the entry, the value and what is allowed.
        """
        return {
            name: _bounded(name, value, batch + shape, low, high, dtype)
            for name, shape, low, high, dtype in self._limits(tuple(sizes.items()))
            if (value := getattr(self, name)) is not None
        }

    @classmethod
    @cache  # worked out once, not in every step
    def _limits(
        cls, sizes: tuple[tuple[str, int], ...]
    ) -> Sequence[tuple[str, tuple[int, ...], float, float, np.dtype[Any]]]:
        """Shape, smallest and largest value, and type of each knob, after its name."""
        known = dict(sizes)
        return [
            (name, facts.shape(known), *facts.bounds(known), np.dtype(facts.dtype))
            for name, facts in cls.facts().items()
        ]


def typed(name: str, value: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """Convert to an array of the type; ValueError where that cannot hold what the value says."""
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
    name: str, value: ArrayLike, shape: tuple[int, ...], low: float, high: float, dtype: np.dtype[Any]
) -> NDArray[Any]:
    """The value as a contiguous array of the type and shape with every entry in [low, high].

    Looked at as it came, before it is made narrower: 2**32 is no index 0.
    """
    array = np.asarray(value)
    if array.dtype != dtype and (
        array.dtype.kind not in "biuf" or not np.can_cast(array.dtype, dtype, casting="same_kind")
    ):
        raise ValueError(f"{name} has type {array.dtype}, expected {dtype}")
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
    if array.size and not (array.min() >= low and array.max() <= high):
        index = tuple(int(i) for i in np.argwhere(~((array >= low) & (array <= high)))[0])
        raise ValueError(f"{name}{list(index)} is {array[index]}, allowed is {low:g} to {high:g}")
    return np.asarray(array, dtype, order="C")
