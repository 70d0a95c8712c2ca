# SPDX-License-Identifier: GPL-2.0-only
"""Outer-loop link adaptation: interference that the reports do not show lowers the MCS until 10 % fail.

Our ns-3 model's NruLinkAdaptation takes 1 dB off a flow's SINR at each NACK of a first transmission and
adds a ninth of that at each ACK. The mean drift is followed here; where it would cross the SINR below which
a tenth of the transmissions fall, it stops there.
"""

import numpy as np
from numpy.typing import NDArray

from pyagents.simulators.mock.phy import Amc
from pyagents.snapshot import Floats

Singles = NDArray[np.float32]

STEP_DB = 1.0
TARGET = 0.1
LOWEST_OFFSET_DB = -20.0
_FAR_DB = np.float32(1e3)
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
        sinr_db: [4, ...] by state of the aggressors: neither, first, second, both.
        weights: [4, ...] probability of each state.
    """
    neither, first, second, both = sinr_db
    below_better = np.where(first < second, weights[1], weights[2])
    below_better += weights[3]
    # From the worst state to the best; one that more than a tenth fall below is put out of the race.
    goal: Singles = np.maximum(both, np.minimum(first, second) - _FAR_DB * (weights[3] > TARGET))
    np.maximum(goal, np.maximum(first, second) - _FAR_DB * (below_better > TARGET), out=goal)
    np.maximum(goal, neither - _FAR_DB * (weights[0] < 1 - TARGET), out=goal)
    return goal


def drift(
    offset_db: Floats, reported_db: Floats, nacks: Floats, goal: Singles, n: Floats, amc: Amc
) -> Floats:
    """[...] offsets after n transport blocks each.

    Args:
        offset_db: [...] before, at most 0.
        reported_db: [...] SINR that the UE has reported.
        nacks: [...] share of first transmissions that fail with that offset.
        goal: [...] of `goal_db`.
        n: [...] first transmissions.
        amc: thresholds.
    """
    used = reported_db + offset_db
    moved = used + n * (_RISE_DB - (_RISE_DB + STEP_DB) * nacks)
    # Down to the goal, or up to it; where it was crossed the other way it stays crossed.
    settled = np.where(
        nacks > TARGET, np.maximum(moved, np.minimum(goal, used)), np.minimum(moved, np.maximum(goal, used))
    )
    settled -= reported_db
    np.maximum(settled, np.maximum(LOWEST_OFFSET_DB, amc.threshold_db[0] - reported_db), out=settled)
    return np.minimum(settled, 0.0, out=settled)
