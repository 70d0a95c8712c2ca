# SPDX-License-Identifier: GPL-2.0-only
"""What is known at one decision instant, and what may be done about it.

A family derives frozen dataclasses from `Snapshot` and `Action` and annotates each field, machine-readable,
with its axes, type, bounds and unit, and with who knows it in a real network. All that is said of a field is
said there: checks, announced spaces, recordings and what an algorithm may see follow from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any, Literal, Self, get_args, get_type_hints

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


class _Declared:
    """A dataclass whose fields are annotated with `Facts`."""

    @classmethod
    @cache
    def facts(cls) -> Mapping[str, Facts]:
        """The declaration of each field, by name, in order."""
        hints = get_type_hints(cls, include_extras=True)
        return {name: next(f for f in get_args(hint) if isinstance(f, Facts)) for name, hint in hints.items()}


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot(_Declared):
    """One decision instant as a struct of arrays.

    Raises:
        ValueError: the shape of an array is not that of its axes.
    """

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {}
        for name, facts in self.facts().items():
            if facts.axes:
                _check_shape(name, np.shape(getattr(self, name)), facts.axes, sizes)

    @classmethod
    def known_to(cls, party: str) -> tuple[str, ...]:
        """Names of the fields that the party knows in a real network."""
        return tuple(name for name, facts in cls.facts().items() if party in facts.known_to)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, ArrayLike]) -> Self:
        """Build from arrays by field name, as a simulator sends them (single numbers of shape [1]).

        Raises:
            ValueError: a field is missing or unknown, or has a wrong type or shape.
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

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Contiguous arrays by field name, as a simulator sends them: the inverse of `from_arrays`."""
        return {name: np.ascontiguousarray(np.atleast_1d(getattr(self, name))) for name in self.facts()}


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(_Declared):
    """What an algorithm asks for: the knobs of a real network, each an array. None leaves one as it is."""

    def to_arrays(self, sizes: Mapping[str, int]) -> dict[str, NDArray[Any]]:
        """Check the knobs that are set, and give them as arrays of the types that cross the wire.

        Args:
            sizes: lengths of axes, as of `Scenario.sizes`.

        Raises:
            ValueError: wrong shape, type or value; names the entry, the value and what is allowed.
        """
        return {
            name: _bounded(name, value, facts.shape(sizes), *facts.bounds(sizes), facts.dtype)
            for name, facts in self.facts().items()
            if (value := getattr(self, name)) is not None
        }


def typed(name: str, value: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """The value as an array of the type, without a silent change of what it says.

    Raises:
        ValueError: the type cannot hold it.
    """
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

    Looked at as it came, before it is made narrower: 2**32 is no index 0.
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


def _check_shape(name: str, shape: tuple[int, ...], axes: Iterable[str], sizes: dict[str, int]) -> None:
    """Raise ValueError unless the shape is that of the axes, as earlier fields fixed their lengths."""
    axes = tuple(axes)
    expected = tuple(int(axis) if axis.isdigit() else sizes.get(axis) for axis in axes)
    if len(shape) != len(axes) or any(e not in (None, n) for e, n in zip(expected, shape, strict=True)):
        wanted = ", ".join(
            axis if size is None else str(size) for axis, size in zip(axes, expected, strict=True)
        )
        raise ValueError(f"{name} has shape {shape}, expected ({wanted})")
    sizes.update({axis: n for axis, n in zip(axes, shape, strict=True) if not axis.isdigit()})
