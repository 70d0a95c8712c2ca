# SPDX-License-Identifier: GPL-2.0-only
"""What an allocation is worth: alpha U - beta C, the paper's reward in our reading."""

import numpy as np

from pyagents.core.snapshot import Floats


def worth(share: Floats, need: Floats, *, alpha: float = 1.0, beta: float = 1.0) -> Floats:
    """[...] alpha U - beta C of N users, of radio and of computing.

    U is the paper's satisfaction, the mean over users and resources of what is had over what is demanded, at
    most 1 each. C is the share that is reserved and idle, in the mean over resources: the paper's
    "utilization cost", which taken as all that is reserved would punish the utilisation that is its aim.

    Args:
        share: [..., N, 2] of each resource, as reserved.
        need: [..., N, 2] that would do.
        alpha: worth of U.
        beta: cost of C.
    """
    had = np.divide(share, need, out=np.ones(np.shape(share)), where=need > share)
    idle = np.maximum(share - need, 0).sum(axis=-2).mean(axis=-1)
    value: Floats = alpha * had.mean(axis=(-2, -1)) - beta * idle
    return value
