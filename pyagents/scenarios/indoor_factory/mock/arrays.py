# SPDX-License-Identifier: GPL-2.0-only
"""Types of arrays."""

import numpy as np
from numpy.typing import NDArray

from pyagents.core.snapshot import Floats, Ints

__all__ = ["Floats", "Index", "Ints", "Mask", "Singles"]

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]
Singles = NDArray[np.float32]
