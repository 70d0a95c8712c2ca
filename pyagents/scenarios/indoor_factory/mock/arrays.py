# SPDX-License-Identifier: GPL-2.0-only
"""Types of arrays that only the mock needs.

`Floats` and `Ints` are those of `pyagents.scenarios.indoor_factory.snapshot`.
"""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]
Singles = NDArray[np.float32]
