# SPDX-License-Identifier: GPL-2.0-only
"""The paper's conditions load the network as the paper's figures need it (docs/paper-regime.md)."""

import dataclasses
import os

import numpy as np
import pytest

from pyagents.runs.record import decode
from pyagents.runs.run import Run
from pyagents.runs.task import Task, perform
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.toolchain.ns3 import CHOICE_VARIABLE

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get(CHOICE_VARIABLE) == "none", reason=f"{CHOICE_VARIABLE}=none"),
    pytest.mark.timeout(1800),
]

SEEDS = (1, 2, 3)


def unbalanced(n_ues: int) -> dict[str, float]:
    """Mean summary over the seeds of fig7's hall without balancing."""
    scenario = dataclasses.replace(PRESETS["fig7"], n_ues=n_ues)
    summaries = []
    for seed in SEEDS:
        run = Run(scenario=scenario, agent="max-rsrp", agent_config={}, simulator="ns3", seed=seed)
        summaries.append(decode(run.key, perform(Task(run=run)).files).summary)
    return {name: float(np.mean([summary[name] for summary in summaries])) for name in summaries[0]}


def test_few_ues_are_satisfied_and_many_overload_some_cell() -> None:
    few, more, many = (unbalanced(n_ues) for n_ues in (20, 60, 100))
    assert few["satisfied_share"] > 0.93
    assert few["load_mean"] < 0.2
    assert few["load_mean"] < more["load_mean"] < many["load_mean"]
    assert 0.6 < many["load_mean"] < 1.0
    assert many["load_max"] > 1.0
    assert 0.6 < many["satisfied_share"] < 0.95 < 0.05 + more["satisfied_share"]
