# SPDX-License-Identifier: GPL-2.0-only
"""What agents of the sliced network are trained and tuned by: the paper's reward, as it is measured."""

import dataclasses

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.sliced_network.scenario import PRESETS
from pyagents.training.objective import Objective, Summaries


def _terms(summaries: Summaries, reference: Summaries) -> Floats:
    """[seeds] 1 less satisfaction, and what is reserved and idle."""
    satisfaction = np.array([one["satisfaction"] for one in summaries])
    idle = np.array([one["reserved_idle"] for one in summaries])
    result: Floats = 1 - satisfaction + idle
    return result


OBJECTIVE = Objective(
    title="1 - satisfaction + share reserved and idle (lower is better)",
    situations={"fdrl-site": dataclasses.replace(PRESETS["fdrl-site"], steps=300)},
    terms=_terms,
)
