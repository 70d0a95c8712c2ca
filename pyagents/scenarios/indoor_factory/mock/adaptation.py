# SPDX-License-Identifier: GPL-2.0-only
"""Outer-loop link adaptation: interference that the reports do not show lowers the MCS, to a floor.

Our ns-3 model's NrLinkAdaptation takes `Scenario.outer_loop_step_db` off a flow's SINR at each NACK of a
first transmission, and at each ACK adds so much that a share of `outer_loop_target` fails in the long run.
The mean drift is followed here; where it would cross the SINR below which that share of the transmissions
falls, it stops there.
"""

from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.phy import McsTables, place
from pyagents.simulators.compiled import compiled

Single = np.float32
Four = tuple[Single, Single, Single, Single]
"""One number for each state of the aggressors: neither, first, second, both."""
MOST_NACKS = 0.999
"""Beyond it nothing gets through in time, whatever the number."""


class OuterLoop(NamedTuple):
    """How link adaptation follows the feedback."""

    target: float
    """Share of first transmissions that fail in the long run."""
    step_db: float
    """Decrease of a NACK, dB."""
    rise_db: float
    """Increase of an ACK, dB."""
    floor_db: float
    """Lowest sum of all changes, dB."""


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
def goal_db(sinr_db: Four, weights: Four, target: float) -> Single:
    """Highest SINR of a state below which no more than a share of the transmissions falls.

    Args:
        sinr_db: by state of the aggressors. The first is the highest, the last the lowest.
        weights: probability of each state.
        target: that share.
    """
    goal = sinr_db[3]
    for state in range(3):
        below = np.float32(0.0)
        for worse in range(1, 4):
            if sinr_db[worse] < sinr_db[state]:
                below += weights[worse]
        if below <= target:
            goal = np.maximum(goal, sinr_db[state])
    return goal


@compiled
def drift(
    used_db: float,
    reported_db: Single,
    nacks: float,
    goal: Single,
    n: float,
    lowest_db: float,
    loop: OuterLoop,
) -> float:
    """SINR that the MCS is chosen by after n transport blocks.

    Args:
        used_db: the same before, at most what is reported.
        reported_db: SINR that the UE has reported.
        nacks: share of first transmissions that fail with that.
        goal: of `goal_db`.
        n: first transmissions.
        lowest_db: from which the lowest MCS is chosen.
        loop: its numbers.
    """
    moved = (loop.rise_db - nacks * (loop.rise_db + loop.step_db)) * n + used_db
    # Down to the goal, or up to it; where it was crossed the other way it stays crossed.
    moved = max(moved, min(float(goal), used_db))
    moved = min(moved, max(float(goal), used_db))
    moved = max(moved, float(reported_db) + loop.floor_db, lowest_db)
    return min(moved, float(reported_db))


@compiled
def adapt(
    sinr_db: Four,
    weights: Four,
    reported_db: Single,
    offset_db: float,
    visits_per_s: float,
    bps_slots: float,
    step_s: float,
    mcs: McsTables,
    loop: OuterLoop,
) -> tuple[float, int, float]:
    """Choose a UE's rate: by the SINR that it reports and the outer loop's offset, which follows the NACKs.

    Args:
        sinr_db: in each state of interference.
        weights: probability of those.
        reported_db: the UE's report.
        offset_db: before the step.
        visits_per_s: transport blocks that its data need a second, were each large enough.
        bps_slots: its guaranteed bit rate times slots a second.
        step_s: length of the step.
        mcs: tables of MCSs.
        loop: the outer loop.

    Returns:
        The offset after the step, dB; the place in the tables of the MCS that is chosen then; the share of
        first transmissions that failed.
    """
    used_db = float(reported_db) + offset_db
    at = place(used_db, mcs)
    nacks = failing_share(sinr_db, weights, mcs.threshold_db_at[at])
    # A transport block a visit, or one for each slot's worth of data if that is more.
    blocks = max(visits_per_s, bps_slots * mcs.s_per_bit_at[at]) * step_s
    goal = goal_db(sinr_db, weights, loop.target)
    used_db = drift(used_db, reported_db, nacks, goal, blocks, mcs.lowest_db, loop)
    return used_db - float(reported_db), place(used_db, mcs), min(nacks, MOST_NACKS)
