# SPDX-License-Identifier: GPL-2.0-only
"""The mock in the very halls that ns-3 drew, so that what differs is the model and not the draw.

The mock is given what the first Snapshot of ns-3's run shows of a hall. Access points, and what UEs meet on
their way, stay hidden; they are drawn several times for each hall, and the mean over these draws is what
stands beside ns-3's run.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pyagents.core.agent_spec import find_agent
from pyagents.core.metrics import Row
from pyagents.runs.rollout import rollout
from pyagents.runs.run import Run
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.mock.layout import layout_like
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.simulators.registry import make_simulator
from pyagents.statistics.comparison import Comparison
from pyagents.statistics.interval import Ratio, paired_ratio
from pyagents.statistics.twins import Twins

DRAWS = 6
"""Number of mock runs in each hall, each with other random numbers."""


def ratio(twins: Twins, metric: str, agent: str) -> Ratio:
    """Compare the mock's mean with ns-3's, of runs in the same halls."""
    above, below = (side.values(metric)[agent] for side in (twins.twin, twins.truth))
    return paired_ratio([above[seed] for seed in below], below.values())


def play_in_halls_of(runs: Sequence[Run], *, draws: int = DRAWS) -> Comparison:
    """Play the mock in the hall of each of these runs on ns-3; summaries are means over the draws."""
    halls: dict[int, Snapshot] = {}
    summaries: dict[str, dict[int, Row]] = {}
    for run in runs:
        if run.seed not in halls:  # before its first action a hall is the same whatever the agent
            with make_simulator("ns3", None, FAMILY) as simulator:
                halls[run.seed] = simulator.reset(run.scenario, run.seed)
        played = [play_like(halls[run.seed], run, draw) for draw in range(draws)]
        mean = mean_of([run.metrics.summary(rows) for rows in played])
        summaries.setdefault(run.agent, {})[run.seed] = mean
    return Comparison(summaries=summaries)


def play_like(hall: Snapshot, run: Run, draw: int) -> list[Mapping[str, float]]:
    """Play the mock in a hall, for its rows; what the Snapshot does not show differs by draw and hall."""
    assert isinstance(run.scenario, Scenario)
    layout = layout_like(run.scenario, hall, np.random.default_rng([draw, run.seed]))
    agent = find_agent(run.agent).with_options(run.agent_config).make()
    with MockSimulator(layout=layout) as simulator:
        return rollout(simulator, agent, run.scenario, 1000 * (draw + 1) + run.seed, run.metrics).rows


def mean_of(summaries: Sequence[Row]) -> Row:
    """Average each metric over the summaries that have it; NaN where none has."""
    means: Row = {}
    for name in summaries[0]:
        known = [summary[name] for summary in summaries if not math.isnan(summary[name])]
        means[name] = sum(known) / len(known) if known else math.nan
    return means
