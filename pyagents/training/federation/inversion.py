# SPDX-License-Identifier: GPL-2.0-only
"""The attack on a client's message: read a state out of what the first layer changed by.

The first layer is y = W x + b. A gradient step on one state changes W by -rate g x' and b by -rate g, g being
the loss's gradient at y: any row of the one over the same entry of the other is the state, exactly (Phong et
al., 2018, section 3; Geiping et al., 2020, Proposition 3.1). With many states or steps it is a mixture of
them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyagents.core.tensors import Arrays

Floats = NDArray[np.floating[Any]]


def recover_input(before: Arrays, after: Arrays, layer: str) -> Floats:
    """[F] what a layer was shown, as its change tells: by the unit whose bias changed most.

    Args:
        before: weights that a message answers.
        after: weights of the message.
        layer: name of the layer, whose `weight` is [H, F] and whose `bias` is [H].
    """
    weight, bias = (
        after[f"{layer}.{part}"].astype(np.float64) - before[f"{layer}.{part}"] for part in ("weight", "bias")
    )
    unit = int(np.abs(bias).argmax())
    if bias[unit] == 0:
        return np.zeros(weight.shape[1])
    found: Floats = weight[unit] / bias[unit]
    return found


def measure_error(found: Floats, states: Floats) -> float:
    """Relative Euclidean distance of what was found to the nearest of [N, F] states; 0: it is one of them."""
    distance = np.linalg.norm(states - found, axis=1) / np.linalg.norm(states, axis=1)
    return float(distance.min())
