# SPDX-License-Identifier: GPL-2.0-only
"""Time-dependent channel selection: a gNB moves to the channel that others use least.

Our ns-3 model's NruChannelSelector: a gNB measures on every channel the share of time in which it senses
others, averages that exponentially, and decides twice a second, gNBs one after another.
"""

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Ints, Mask

PERIOD_S = 0.5
"""Between a gNB's decisions."""
WEIGHT = 0.5
"""Of the newest measurement in the average."""


def occupancy(senses: Mask, channel: Ints, used: Floats, n_channels: int, n_gnbs: int) -> Floats:
    """[B, G, C] share of time in which each gNB senses others on each channel.

    Args:
        senses: [B, N, N] whether a node (row) would sense another if that were on its channel.
        channel: [B, N].
        used: [B, N] share of time that nodes transmit.
        n_channels: C.
        n_gnbs: G.
    """
    on_channel = (channel[:, :, None] == np.arange(n_channels)) * used[:, :, None]
    others = senses[:, :n_gnbs] & ~np.eye(senses.shape[1], dtype=bool)[:n_gnbs]
    share: Floats = 1 - np.exp(others @ np.log1p(-np.minimum(on_channel, 0.999)))
    return share


def decides(now_s: float, end_s: float, n_gnbs: int) -> Mask:
    """[G] which gNBs decide in an interval: gNB g first at (1 + g / G) periods."""
    first = PERIOD_S * (1 + np.arange(n_gnbs) / n_gnbs)
    due = np.maximum(np.ceil((now_s - first) / PERIOD_S - 1e-9), 0.0)
    within: Mask = first + due * PERIOD_S < end_s - 1e-12
    return within


def choose(average: Floats, channel: Ints, hysteresis: float) -> Ints:
    """[...] the least occupied channel if it is less occupied than the present one by the hysteresis.

    Args:
        average: [..., C] occupancy.
        channel: [...] present channels.
        hysteresis: share of time.
    """
    least = average.argmin(axis=-1)
    best = np.take_along_axis(average, least[..., None], axis=-1)[..., 0]
    present = np.take_along_axis(average, channel[..., None].astype(np.intp), axis=-1)[..., 0]
    chosen: Ints = np.where(best + hysteresis < present, least, channel).astype(np.int32)
    return chosen
