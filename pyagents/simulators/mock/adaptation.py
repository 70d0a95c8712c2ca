# SPDX-License-Identifier: GPL-2.0-only
"""Outer-loop link adaptation: interference that the reports do not show lowers the MCS until 10 % fail.

Our ns-3 model's NruLinkAdaptation takes 1 dB off a flow's SINR at each NACK of a first transmission and
adds a ninth of that at each ACK. The mean drift is followed here; where it would cross the SINR below which
a tenth of the transmissions fall, it stops there.
"""

import numpy as np

from pyagents.simulators.mock.phy import Amc
from pyagents.snapshot import Floats

STEP_DB = 1.0
TARGET = 0.1
LOWEST_OFFSET_DB = -20.0
_RISE_DB = STEP_DB * TARGET / (1 - TARGET)


def failing_share(sinr_db: Floats, weights: Floats, threshold_db: Floats) -> Floats:
    """[...] share of transmissions that fail: those in states whose SINR is below the MCS's threshold.

    Args:
        sinr_db: [4, ...] by state of the aggressors.
        weights: [4, ...] probability of each state.
        threshold_db: [...].
    """
    share: Floats = np.add.reduce((sinr_db < threshold_db) * weights, axis=0)
    return share


def goal_db(sinr_db: Floats, weights: Floats) -> Floats:
    """[...] highest SINR of a state below which no more than a tenth of the transmissions fall.

    Args:
        sinr_db: [4, ...] by state of the aggressors: neither, first, second, both.
        weights: [4, ...] probability of each state.
    """
    neither, first, second, both = sinr_db
    worse, better = np.minimum(first, second), np.maximum(first, second)
    below_better = np.where(first < second, weights[1], weights[2])
    below_better += weights[3]
    goal: Floats = np.where(weights[3] > TARGET, both, worse)
    np.copyto(goal, better, where=below_better <= TARGET)
    np.copyto(goal, neither, where=weights[0] >= 1 - TARGET)
    return goal


def drift(offset_db: Floats, reported_db: Floats, nacks: Floats, goal: Floats, n: Floats, amc: Amc) -> Floats:
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
