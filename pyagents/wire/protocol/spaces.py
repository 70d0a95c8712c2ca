# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario announces it will send and accept: the four kinds of space of the protocol.

Light stand-ins for Gymnasium's spaces, so that the bridge needs NumPy and nothing more. As on the wire, one
`low` and one `high` hold for a whole Box, both are single precision, and a Box is of one of four dtypes.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Value: TypeAlias = Any
"""What lies in a space: an array (Box), an int (Discrete), a tuple (Tuple) or a dict by name (Dict)."""

DTYPES: dict[str, np.dtype[Any]] = {
    name: np.dtype(name) for name in ("int32", "uint32", "float32", "float64")
}
_LIMITS = {name: np.iinfo(name) for name in ("int32", "uint32")}
MAX_RANK = 32
"""Most dimensions of a Box: what every NumPy can hold."""


class _Space:
    """The part of a space that is the same for all."""

    def contains(self, value: Value) -> bool:
        """Say whether `check` would take `value`."""
        try:
            self.check(value)  # type: ignore[attr-defined]
        except ValueError:
            return False
        return True


@dataclass(frozen=True)
class Box(_Space):
    """Arrays of one shape and dtype, all elements between two bounds.

    Attributes:
        low: Lower bound of every element, inclusive; may be -inf. In single precision, as on the wire.
        high: Upper bound of every element, inclusive; may be +inf.
        shape: Dimensions; () is a single number.
        dtype: int32, uint32, float32 or float64.

    Raises:
        ValueError: A bound is NaN, low is above high, or shape or dtype cannot travel.
    """

    low: float
    high: float
    shape: tuple[int, ...]
    dtype: np.dtype[Any] = field(default_factory=lambda: DTYPES["float64"])

    def __init__(
        self, low: float, high: float, shape: Sequence[int] = (), dtype: DTypeLike = np.float64
    ) -> None:
        canonical = np.dtype(dtype).newbyteorder("=")
        if canonical.name not in DTYPES:
            raise ValueError(f"Box: dtype is {canonical}; allowed are {', '.join(DTYPES)}")
        dims = tuple(operator.index(d) for d in shape)
        if len(dims) > MAX_RANK or any(not 0 <= d < 2**32 for d in dims):
            raise ValueError(
                f"Box: shape is {dims}; allowed are at most {MAX_RANK} dimensions of 0 to 2**32 - 1"
            )
        lowest, highest = single(low), single(high)
        if not lowest <= highest:
            raise ValueError(f"Box: low is {low}, high is {high}; low must be at most high and neither NaN")
        object.__setattr__(self, "low", lowest)
        object.__setattr__(self, "high", highest)
        object.__setattr__(self, "shape", dims)
        object.__setattr__(self, "dtype", DTYPES[canonical.name])  # the one that arrays have

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    def check(self, value: Value, name: str = "value", *, bounds: bool = True) -> NDArray[Any]:
        """Convert `value` to a C-contiguous array of this shape and dtype, or raise ValueError and say why.

        Takes anything array-like of this shape, or flat with as many elements; where this shape is flat, any
        shape with as many elements, for a matrix of actions is announced flat. Whole numbers may go where
        fractions are allowed, not the other way round. Nothing is copied that fits already. With `bounds`
        every element has to lie in `low` to `high`; NaN lies in no bounds.
        """
        if self._is_ready(value):  # nothing but its bounds to look at
            if bounds and value.size:
                self._check_bounds(value, name)
            return value  # type: ignore[no-any-return]
        try:
            array = np.asarray(value)
        except ValueError as error:
            raise ValueError(f"{name}: not an array ({error}); allowed is {self}") from error
        if array.shape != self.shape:
            is_flat = len(self.shape) == 1
            if array.shape != (self.size,) and not (is_flat and array.size == self.size):
                other = f"any of {self.size} elements" if is_flat else f"flat ({self.size},)"
                raise ValueError(f"{name}: shape is {array.shape}; allowed is {self.shape}, or {other}")
            array = array.reshape(self.shape)
        if array.dtype.kind not in ("biu" if self.dtype.kind in "iu" else "biuf"):
            numbers = "whole" if self.dtype.kind in "iu" else "real"
            raise ValueError(
                f"{name}: dtype is {array.dtype}; allowed are {numbers} numbers for {self.dtype}"
            )
        if bounds and array.size:
            self._check_bounds(array, name)
        if array.dtype != self.dtype:
            array = self._convert(array, name, is_bounded=bounds)
        return array if array.flags.c_contiguous else np.ascontiguousarray(array).reshape(self.shape)

    def _is_ready(self, value: Value) -> bool:
        """Whether it is an array that can travel as it is."""
        return (
            type(value) is np.ndarray
            and value.dtype is self.dtype
            and value.shape == self.shape
            and value.flags.c_contiguous
        )

    def _convert(self, array: NDArray[Any], name: str, *, is_bounded: bool) -> NDArray[Any]:
        if is_bounded and self.dtype.kind in "iu":
            limits = _LIMITS[self.dtype.name]
            if limits.min <= self.low and self.high <= limits.max:
                return array.astype(self.dtype)
        try:
            return convert(array, self.dtype)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None

    def _check_bounds(self, array: NDArray[Any], name: str) -> None:
        flat = array.reshape(-1)
        for at in (flat.argmin(), flat.argmax()):  # either finds a NaN if there is one
            number = flat.item(at)
            if self.low <= number <= self.high:
                continue
            # The announced bounds are rounded to single precision; a value on a bound still lies inside.
            if not self.low <= single(number) <= self.high:
                raise ValueError(f"{name}: has an element {number}; allowed is {self.low} to {self.high}")


@dataclass(frozen=True)
class Discrete(_Space):
    """The integers 0 to n - 1.

    Attributes:
        n: How many; 1 to 2**31 - 1.

    Raises:
        ValueError: `n` is out of that range.
    """

    n: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", operator.index(self.n))
        if not 0 < self.n < 2**31:
            raise ValueError(f"Discrete: n is {self.n}; allowed is 1 to 2**31 - 1")

    def check(self, value: Value, name: str = "value", *, bounds: bool = True) -> int:
        """Convert `value`, or an array of one, to an int in bounds, or of 32 bits; or raise ValueError."""
        if isinstance(value, np.ndarray) and value.size == 1:
            value = value.reshape(-1)[0]
        try:
            number = operator.index(value)
        except TypeError:
            raise ValueError(f"{name}: is {value!r}; allowed is an integer from 0 to {self.n - 1}") from None
        low, high = (0, self.n - 1) if bounds else (-(2**31), 2**31 - 1)
        if not low <= number <= high:
            raise ValueError(f"{name}: is {number}; allowed is {low} to {high}")
        return number


@dataclass(frozen=True)
class Tuple(_Space):
    """Fixed sequences with one space for each place.

    Attributes:
        spaces: The space of each place.
    """

    spaces: tuple[Space, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "spaces", tuple(self.spaces))

    def check(
        self, value: Value, name: str = "value", *, partial: bool = False, bounds: bool = True
    ) -> tuple[Value, ...]:
        """Check each value of a sequence of this length; ValueError where one does not fit. See `check`."""
        if not isinstance(value, (Sequence, np.ndarray)) or isinstance(value, (str, bytes)):
            raise ValueError(
                f"{name}: is a {type(value).__name__}; allowed is a sequence of {len(self.spaces)}"
            )
        if len(value) != len(self.spaces):
            raise ValueError(f"{name}: has {len(value)} elements; allowed are {len(self.spaces)}")
        return tuple(
            check(space, element, f"{name}[{i}]", partial=partial, bounds=bounds)
            for i, (space, element) in enumerate(zip(self.spaces, value, strict=True))
        )


@dataclass(frozen=True)
class Dict(_Space):
    """Values by name, each with a space of its own.

    Attributes:
        spaces: The space of each entry, in the order in which they are announced.
    """

    spaces: Mapping[str, Space]

    def __post_init__(self) -> None:
        object.__setattr__(self, "spaces", dict(self.spaces))
        for name in self.spaces:
            if not isinstance(name, str):
                raise ValueError(f"Dict: a name is {name!r}; allowed are strings")

    def __hash__(self) -> int:
        return hash(tuple(self.spaces.items()))

    def __getitem__(self, name: str) -> Space:
        return self.spaces[name]

    def check(
        self, value: Value, name: str = "value", *, partial: bool = False, bounds: bool = True
    ) -> dict[str, Value]:
        """Check each value of a mapping; ValueError where one does not fit, is unknown or missing."""
        if not isinstance(value, Mapping):
            raise ValueError(f"{name}: is a {type(value).__name__}; allowed is a mapping")
        for entry in value:
            if entry not in self.spaces:
                raise ValueError(f"{name}: has no entry {entry!r}; allowed are {', '.join(self.spaces)}")
        if not partial:
            for entry in self.spaces:
                if entry not in value:
                    raise ValueError(f"{name}: lacks the entry {entry!r}")
        return {
            entry: check(self.spaces[entry], element, f"{name}[{entry!r}]", partial=partial, bounds=bounds)
            for entry, element in value.items()
        }


Space: TypeAlias = Box | Discrete | Tuple | Dict


def check(
    space: Space, value: Value, name: str = "value", *, partial: bool = False, bounds: bool = True
) -> Value:
    """Convert `value` to the form in which it travels.

    Args:
        space: Where it has to lie.
        value: The candidate.
        name: What to call it in an error.
        partial: Whether Dicts may lack entries.
        bounds: Whether numbers have to lie in their bounds.

    Raises:
        ValueError: It is not in `space`; names the entry, its value and what is allowed.
    """
    if isinstance(space, (Tuple, Dict)):
        return space.check(value, name, partial=partial, bounds=bounds)
    return space.check(value, name, bounds=bounds)


def convert(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Convert to another dtype, rounding fractions; ValueError where it cannot hold an element."""
    if array.dtype == dtype or array.size == 0:
        return array.astype(dtype, copy=False)
    if dtype.kind in "iu":
        if array.dtype.kind == "f":
            with np.errstate(invalid="ignore"):
                converted = array.astype(dtype)
        else:
            converted = array.astype(dtype)
        fits = converted == array  # NumPy compares integers of different signs by value
        if not fits.all():
            limits = np.iinfo(dtype)
            raise ValueError(
                f"has an element {array[~fits][0]}; "
                f"allowed are whole numbers from {limits.min} to {limits.max} ({dtype})"
            )
        return converted
    with np.errstate(over="ignore"):
        rounded = array.astype(dtype)
    overflown = np.isinf(rounded)
    if overflown.any() and np.isfinite(array[overflown]).any():
        limit = np.finfo(dtype).max
        raise ValueError(
            f"has an element {array[overflown & np.isfinite(array)][0]}; allowed is at most {limit} ({dtype})"
        )
    return rounded


def single(number: float) -> float:
    """Round to single precision; beyond its range, infinite."""
    with np.errstate(over="ignore"):
        return float(np.float32(number))
