# SPDX-License-Identifier: GPL-2.0-only
"""What agents are trained and tuned by: how far the reward is from the most there can be."""

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.iot_edge.scenario import PRESETS
from pyagents.training.objective import Objective, Summaries


def _terms(summaries: Summaries, reference: Summaries) -> Floats:
    """[seeds] 1 less the reward."""
    return 1 - np.array([one["reward"] for one in summaries])


OBJECTIVE = Objective(
    title="1 - reward (lower is better)",
    situations={name: PRESETS[name] for name in ("edge9a", "edge9b", "edge11", "edge14")},
    terms=_terms,
)
