# SPDX-License-Identifier: GPL-2.0-only
"""Outer-loop link adaptation: interference that the reports do not show lowers the MCS until 10 % fail.

Our ns-3 model's NruLinkAdaptation takes 1 dB off a flow's SINR at each NACK of a first transmission and
adds a ninth of that at each ACK. The mean drift is followed here; where it would cross the SINR below which
a tenth of the transmissions fall, it stops there.
"""

import numpy as np

from pyagents.simulators.mock.compiled import compiled

STEP_DB = 1.0
TARGET = 0.1
LOWEST_OFFSET_DB = np.float32(-20.0)
_TARGET = np.float32(TARGET)
_RISE_DB = STEP_DB * TARGET / (1 - TARGET)

Single = np.float32
Four = tuple[Single, Single, Single, Single]
"""One number for each state of the aggressors: neither, first, second, both."""


@compiled
def failing_share(sinr_db: Four, weights: Four, threshold_db: float) -> float:
    """Share of transmissions that fail: those in states whose SINR is below the MCS's threshold.

    Args:
        sinr_db: by state of the aggressors.
        weights: probability of each state.
        threshold_db: of the MCS.
    """
    share = 0.0
    for state in range(4):
        if sinr_db[state] < threshold_db:
            share += float(weights[state])
    return share


@compiled
def goal_db(sinr_db: Four, weights: Four) -> Single:
    """Highest SINR of a state below which no more than a tenth of the transmissions fail.

    Args:
        sinr_db: by state of the aggressors. The first is the highest, the last the lowest.
        weights: probability of each state.
    """
    goal = sinr_db[3]
    for state in range(3):
        below = np.float32(0.0)
        for worse in range(1, 4):
            if sinr_db[worse] < sinr_db[state]:
                below += weights[worse]
        if below <= _TARGET:
            goal = np.maximum(goal, sinr_db[state])
    return goal


@compiled
def drift(
    used_db: float, reported_db: Single, nacks: float, goal: Single, n: float, lowest_db: float
) -> float:
    """SINR that the MCS is chosen by after n transport blocks.

    Args:
        used_db: the same before, at most what is reported.
        reported_db: SINR that the UE has reported.
        nacks: share of first transmissions that fail with that.
        goal: of `goal_db`.
        n: first transmissions.
        lowest_db: from which the lowest MCS is chosen.
    """
    moved = (nacks * -(_RISE_DB + STEP_DB) + _RISE_DB) * n + used_db
    # Down to the goal, or up to it; where it was crossed the other way it stays crossed.
    moved = max(moved, min(float(goal), used_db))
    moved = min(moved, max(float(goal), used_db))
    moved = max(moved, float(reported_db + LOWEST_OFFSET_DB), lowest_db)
    return min(moved, float(reported_db))
