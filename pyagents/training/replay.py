# SPDX-License-Identifier: GPL-2.0-only
"""Transitions to learn from: a ring of arrays, the oldest overwritten."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Batch = dict[str, NDArray[Any]]


class Replay:
    """Rows of named arrays, as many as the capacity; `fields` gives shape and type of a row of each array."""

    def __init__(self, capacity: int, fields: dict[str, tuple[tuple[int, ...], str]]) -> None:
        self.capacity = capacity
        self.arrays: Batch = {
            name: np.zeros((capacity, *shape), dtype=dtype) for name, (shape, dtype) in fields.items()
        }
        self.added = 0

    def __len__(self) -> int:
        return min(self.added, self.capacity)

    @property
    def row_bytes(self) -> int:
        """Length of a row."""
        return sum(array[:1].nbytes for array in self.arrays.values())

    def add(self, rows: Batch) -> None:
        """Append rows; of more than fit, the last."""
        count = len(next(iter(rows.values())))
        place = (self.added + np.arange(count)) % self.capacity
        for name, array in self.arrays.items():
            array[place[-self.capacity :]] = rows[name][-self.capacity :]
        self.added += count

    def sample(self, rng: np.random.Generator, count: int) -> Batch:
        """Draw rows with replacement."""
        place = rng.integers(0, len(self), count)
        return {name: array[place] for name, array in self.arrays.items()}

    def newest(self, count: int) -> Batch:
        """Give the last rows, oldest first."""
        place = np.arange(max(self.added - min(count, len(self)), 0), self.added) % self.capacity
        return {name: array[place] for name, array in self.arrays.items()}
