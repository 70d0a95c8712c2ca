# SPDX-License-Identifier: GPL-2.0-only
"""A Box or a Dict of Boxes that lies in its message as we would write it, read in one go.

From one state to the next nothing changes but the numbers: the types, URLs, shapes, names and lengths between
them are the same bytes at the same places, as long as whole numbers have a byte each. Where that holds, a
message is compared, not parsed, and its numbers are the fields of one NumPy record that lies over it. Where
it does not, `read` says so, and the message is for the protobuf runtime; so this is only about speed, never
about what a message means.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.wire.protocol.encoding import Piece, encoder_for
from pyagents.wire.protocol.spaces import Box, Dict

_NOTHING = slice(0, 0)


class Layout:
    """How the observation lies in a state whose whole numbers are all from 0 to 127.

    Args:
        space: A Box, or at least one, in the order in which they are sent.

    Attributes:
        end: Where the observation ends.
    """

    def __init__(self, space: Box | Dict) -> None:
        boxes: dict[str, Box] = dict(space.spaces) if isinstance(space, Dict) else {"": space}  # type: ignore[arg-type]
        blank: Any = {name: np.zeros(box.shape, box.dtype) for name, box in boxes.items()}
        self._is_lone = isinstance(space, Box)
        pieces: list[Piece] = []
        self.end = encoder_for(space).write(blank[""] if self._is_lone else blank, pieces)
        ends = np.cumsum([memoryview(piece).nbytes for piece in pieces]).tolist()
        # What precedes all of a Dict; of each Box what precedes its numbers, these, and what follows.
        starts = range(0 if self._is_lone else 1, len(ends), 3)
        places = {name: slice(*ends[at : at + 2]) for name, at in zip(boxes, starts, strict=False)}
        edges = [0, *(edge for place in places.values() for edge in (place.start, place.stop)), self.end]
        self._pick_fixed = itemgetter(*map(slice, edges[::2], edges[1::2]))
        self._fixed = self._pick_fixed(b"".join(pieces))
        whole = {name: box for name, box in boxes.items() if box.dtype.kind != "f"}
        sizes = [4 * box.size for box in whole.values()]
        self._pick_whole = itemgetter(*(places[name] for name in whole), _NOTHING, _NOTHING)
        self._whole = _record(whole, [sum(sizes[:i]) for i in range(len(sizes))])
        floats = {name: box for name, box in boxes.items() if name not in whole}
        self._floats = _record(floats, [places[name].start for name in floats])
        self._fields = [(name, name in whole, _field(name)) for name in boxes]

    def read(self, frame: bytes) -> dict[str, NDArray[Any]] | NDArray[Any] | None:
        """Read the array, or those of a Dict by name; None if it lies otherwise.

        They are read-only, floats are views of `frame`.
        """
        if len(frame) < self.end or self._pick_fixed(frame) != self._fixed:
            return None
        packed = b"".join(self._pick_whole(frame))
        if not packed.isascii():
            return None
        numbers = np.frombuffer(packed, np.uint8).astype(np.int32)
        numbers.flags.writeable = False
        records = np.ndarray((), self._floats, frame), np.ndarray((), self._whole, numbers)
        arrays = {name: records[is_whole][field] for name, is_whole, field in self._fields}
        return arrays[""] if self._is_lone else arrays


def _record(boxes: dict[str, Box], offsets: list[int]) -> np.dtype[Any]:
    """The record whose fields are the arrays of `boxes`."""
    formats = [(box.dtype, box.shape) for box in boxes.values()]
    return np.dtype({"names": [_field(name) for name in boxes], "formats": formats, "offsets": offsets})


def _field(name: str) -> str:
    """Its name in the record, where none may be empty; a Box's may."""
    return "_" + name
