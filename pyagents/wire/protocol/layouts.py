# SPDX-License-Identifier: GPL-2.0-only
"""An observation that lies in its message as the last one did, read in one go.

From one state to the next nothing changes but the numbers: the types, URLs, shapes, names and lengths between
them are the same bytes at the same places. Where that holds, a message is compared, not parsed, and its
numbers are the fields of one NumPy record that lies over it. Where it does not, `read` says so, and the
message is for the decoders; so this is only about speed, never about what a message means.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.errors import ProtocolError
from pyagents.wire.protocol import varint

_NOTHING = slice(0, 0)


class Place(NamedTuple):
    """Where the numbers of one Box lie in a message.

    Attributes:
        name: Of the Box.
        dtype: Of its numbers; whole ones lie there as varints.
        shape: Of its array.
        start: Their first byte.
        stop: The byte after their last one.
    """

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int
    stop: int


class Layout:
    """How one message lies, up to the end of its observation.

    Args:
        frame: A message that the decoders have read.
        places: Where its numbers lie, in this order; at least one.
        end: Where its observation ends.
    """

    def __init__(self, frame: bytes, places: Sequence[Place], end: int) -> None:
        self.end = end
        edges = [0, *(edge for place in places for edge in (place.start, place.stop)), end]
        self._pick_fixed = itemgetter(*map(slice, edges[::2], edges[1::2]))
        self._fixed = self._pick_fixed(frame)
        floats = [place for place in places if place.dtype.kind == "f"]
        self._floats = _record(floats, [place.start for place in floats])
        self._whole = [place for place in places if place.dtype.kind != "f"]
        sizes = [math.prod(place.shape) for place in self._whole]
        self._pick_packed = itemgetter(*(slice(p.start, p.stop) for p in self._whole), _NOTHING, _NOTHING)
        self._integers = _record(self._whole, [4 * sum(sizes[:i]) for i in range(len(sizes))])
        # Every number takes a byte at least: if there are as many bytes as numbers, each takes one.
        self._is_short = sum(p.stop - p.start for p in self._whole) == sum(sizes)
        self._fields = [(place.name, int(place.dtype.kind != "f"), _field(place)) for place in places]

    def read(self, frame: bytes) -> dict[str, NDArray[Any]] | None:
        """The arrays by name, read-only, floats as views of `frame`; None if it lies otherwise."""
        if len(frame) < self.end or self._pick_fixed(frame) != self._fixed:
            return None
        try:
            integers = self._read_integers(frame)
        except ProtocolError:
            return None
        records = np.ndarray((), self._floats, frame), np.ndarray((), self._integers, integers)
        return {name: records[kind][field] for name, kind, field in self._fields}

    def _read_integers(self, frame: bytes) -> NDArray[np.int32]:
        """All whole numbers, one Box after the other, uint32 by their bits."""
        packed = b"".join(self._pick_packed(frame))
        if self._is_short and packed.isascii():
            numbers = np.frombuffer(packed, np.uint8).astype(np.int32)
        else:
            boxes = [varint.decode_packed(frame, p.start, p.stop, p.dtype) for p in self._whole]
            for place, box in zip(self._whole, boxes, strict=True):
                if box.size != math.prod(place.shape):
                    raise ProtocolError(f"{place.name}: has {box.size} numbers")
            numbers = np.concatenate([box.view(np.int32) for box in boxes])
        numbers.flags.writeable = False
        return numbers


def _record(places: Sequence[Place], offsets: Sequence[int]) -> np.dtype[Any]:
    """The record whose fields are the arrays of `places`."""
    return np.dtype(
        {
            "names": [_field(place) for place in places],
            "formats": [(place.dtype, place.shape) for place in places],
            "offsets": list(offsets),
        }
    )


def _field(place: Place) -> str:
    """Its name in the record, where none may be empty; a Box's may."""
    return "_" + place.name
