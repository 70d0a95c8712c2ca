# SPDX-License-Identifier: GPL-2.0-only
"""How even loads of clusters are: the paper's Eqs. (1) and (2), and the reward that they make."""

import numpy as np
from numpy.typing import ArrayLike

from pyagents.core.snapshot import Floats


def evenness(loads: ArrayLike) -> Floats:
    """[...] mean over clusters of 1 - |x - mean| / mean, in [2/n - 1, 1]; 0 where the mean is 0.

    Args:
        loads: [..., K] hops (Eq. 1: Gamma) or bytes (Eq. 2: Delta) of clusters, 0 or above.
    """
    x = np.asarray(loads, dtype=np.float64)
    mean = x.mean(axis=-1, keepdims=True)
    apart = np.abs(x - mean).mean(axis=-1)
    made: Floats = np.where(mean[..., 0] > 0, 1 - apart / np.where(mean[..., 0] > 0, mean[..., 0], 1.0), 0.0)
    return made


def reward(gamma: ArrayLike, delta: ArrayLike) -> Floats:
    """[...] the working reading: the product, where neither is negative, else 0."""
    product: Floats = np.maximum(gamma, 0.0) * np.maximum(delta, 0.0)
    return product


def cluster_sums(cluster: ArrayLike, values: ArrayLike, n_clusters: int) -> Floats:
    """[..., K] sums of values of devices, [..., N], by their cluster, [..., N]."""
    members = np.asarray(cluster)[..., None] == np.arange(n_clusters)
    sums: Floats = (members * np.asarray(values, dtype=np.float64)[..., None]).sum(axis=-2)
    return sums
