# SPDX-License-Identifier: GPL-2.0-only
"""Outer-loop link adaptation: interference that the reports do not show lowers the MCS until 10 % fail.

Our ns-3 model's NruLinkAdaptation takes 1 dB off a flow's SINR at each NACK of a first transmission and
adds a ninth of that at each ACK. The mean drift is followed here; where it would cross the SINR below which
a tenth of the transmissions fall, it stops there.
"""

import numpy as np

from pyagents.simulators.mock.arrays import Singles
from pyagents.snapshot import Floats

STEP_DB = 1.0
TARGET = 0.1
LOWEST_OFFSET_DB = -20.0
_FAR_DB = np.float32(1e3)
_TARGET = np.float32(TARGET)
_RISE_DB = STEP_DB * TARGET / (1 - TARGET)


def failing_share(sinr_db: Singles, weights: Singles, threshold_db: Floats) -> Floats:
    """[...] share of transmissions that fail: those in states whose SINR is below the MCS's threshold.

    Args:
        sinr_db: [4, ...] by state of the aggressors.
        weights: [4, ...] probability of each state.
        threshold_db: [...].
    """
    share: Floats = np.add.reduce((sinr_db < threshold_db) * weights, axis=0, dtype=np.float64)
    return share


def goal_db(sinr_db: Singles, weights: Singles) -> Singles:
    """[...] highest SINR of a state below which no more than a tenth of the transmissions fall.

    Args:
        sinr_db: [4, ...] by state of the aggressors: neither, first, second, both. The first is the highest,
            the last the lowest.
        weights: [4, ...] probability of each state.
    """
    worse = sinr_db[1:, None] < sinr_db[:3]  # [3, 3, ...] states below each state
    below = np.add.reduce(worse * weights[1:, None], axis=0)
    below = below > _TARGET
    goal: Singles = np.maximum.reduce(sinr_db[:3] - below * _FAR_DB, axis=0)
    np.maximum(goal, sinr_db[3], out=goal)
    return goal


def drift(
    used_db: Floats, reported_db: Floats | Singles, nacks: Floats, goal: Singles, n: Floats, lowest_db: float
) -> Floats:
    """[...] SINR that the MCS is chosen by after n transport blocks each.

    Args:
        used_db: [...] the same before, at most what is reported.
        reported_db: [...] SINR that the UE has reported.
        nacks: [...] share of first transmissions that fail with that.
        goal: [...] of `goal_db`.
        n: [...] first transmissions.
        lowest_db: from which the lowest MCS is chosen.
    """
    moved = nacks * -(_RISE_DB + STEP_DB)
    moved += _RISE_DB
    moved *= n
    moved += used_db
    # Down to the goal, or up to it; where it was crossed the other way it stays crossed.
    np.maximum(moved, np.minimum(goal, used_db), out=moved)
    np.minimum(moved, np.maximum(goal, used_db), out=moved)
    np.maximum(moved, reported_db + LOWEST_OFFSET_DB, out=moved)
    np.maximum(moved, lowest_db, out=moved)
    return np.minimum(moved, reported_db, out=moved)
