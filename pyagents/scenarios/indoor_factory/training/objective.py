# SPDX-License-Identifier: GPL-2.0-only
"""What load balancing is worth, in one number.

For each of four situations: the load variance relative to that without balancing, plus five times the share
of UEs that are not satisfied. The paper judges by these two. With 100 UEs and no balancing both terms are
about 1 (a fifth of the UEs is not satisfied), so neither is bought with the other. Ratio of means, not mean
of ratios: a hall that is calm by itself has a variance near 0 to divide by.
"""

import dataclasses

import numpy as np

from pyagents.core.snapshot import Floats
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.training.objective import Objective, Summaries

UNSATISFIED_WEIGHT = 5.0


def _terms(summaries: Summaries, without: Summaries) -> Floats:
    """[seeds] V / mean V without balancing + 5 x unsatisfied share."""
    variance, satisfied = (
        np.array([one[name] for one in summaries]) for name in ("load_variance", "satisfied_share")
    )
    mean = float(np.mean([one["load_variance"] for one in without]))
    result: Floats = variance / mean + UNSATISFIED_WEIGHT * (1 - satisfied)
    return result


OBJECTIVE = Objective(
    title="load variance relative to that without balancing + 5 x unsatisfied share (lower is better)",
    situations={
        "fig5": PRESETS["fig5"],
        "fig7, 60 UEs": dataclasses.replace(PRESETS["fig7"], n_ues=60),
        "fig7, 100 UEs": PRESETS["fig7"],
        "fig13": PRESETS["fig13"],
    },
    reference="max-rsrp",
    terms=_terms,
)
