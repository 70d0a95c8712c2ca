# SPDX-License-Identifier: GPL-2.0-only
"""The mock in the very halls that ns-3 drew, so that what differs is the model and not the draw.

The mock is given what the first Snapshot of ns-3's run shows of a hall. Access points, and what UEs meet on
their way, stay hidden; they are drawn several times for each hall, and the mean over these draws is what
stands beside ns-3's run.
"""

import math

import numpy as np

from pyagents.core.agent_spec import find_agent
from pyagents.runs.comparison import Comparison
from pyagents.runs.execute import Result
from pyagents.runs.rollout import Meter, Row, rollout
from pyagents.runs.run import Run
from pyagents.runs.twins import Twins
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.mock import MockSimulator
from pyagents.scenarios.indoor_factory.mock.layout import layout_like
from pyagents.scenarios.indoor_factory.snapshot import Snapshot
from pyagents.simulators.registry import make_simulator
from pyagents.statistics.interval import Ratio, paired_ratio

DRAWS = 6
"""Mock runs in each hall, each with other random numbers."""


def ratio(twins: Twins, metric: str, agent: str) -> Ratio:
    """The mock's mean over ns-3's, of runs in the same halls."""
    above, below = (side.values(metric)[agent] for side in (twins.twin, twins.truth))
    return paired_ratio([above[seed] for seed in below], below.values())


def play_in_halls_of(truth: Comparison, meter: Meter, *, draws: int = DRAWS) -> Twins:
    """Play the mock in the hall of each run of ns-3's.

    Args:
        truth: runs on ns-3, all of one scenario.
        meter: makes rows and summaries.
        draws: mock runs in each hall.

    Returns:
        The two, of which the mock's summaries are means over its draws.
    """
    halls: dict[int, Snapshot] = {}
    results = []
    for result in truth.results:
        run = result.run
        if run.seed not in halls:  # before its first action a hall is the same whatever the agent
            with make_simulator("ns3", None, FAMILY) as simulator:
                halls[run.seed] = simulator.reset(run.scenario, run.seed)
        rows = [play_like(halls[run.seed], run, meter, draw) for draw in range(draws)]
        summary = mean_of([meter.summary(of_draw) for of_draw in rows])
        results.append(Result(run=run, rows=rows[0], summary=summary, decisions_s=[]))
    return Twins(truth=truth, twin=Comparison(results=results))


def play_like(hall: Snapshot, run: Run, meter: Meter, draw: int) -> list[Row]:
    """One mock run in a hall; what the Snapshot does not show differs from draw to draw and hall to hall."""
    layout = layout_like(run.scenario, hall, np.random.default_rng([draw, run.seed]))
    agent = find_agent(run.agent).with_options(run.agent_config).make()
    with MockSimulator(layout=layout) as simulator:
        return rollout(simulator, agent, run.scenario, 1000 * (draw + 1) + run.seed, meter)


def mean_of(summaries: list[Row]) -> Row:
    """Each metric's mean over the summaries that have it; NaN where none has."""
    means: dict[str, float] = {}
    for name in summaries[0]:
        known = [summary[name] for summary in summaries if not math.isnan(summary[name])]
        means[name] = sum(known) / len(known) if known else math.nan
    return means
