# SPDX-License-Identifier: GPL-2.0-only
"""The family's metrics, and spectral efficiency beside them: what tells a mock's radio from another's."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from pyagents.core.metrics import Metric, Row
from pyagents.scenarios.indoor_factory import metrics
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.scenario import Scenario
from pyagents.scenarios.indoor_factory.snapshot import Snapshot

BANDWIDTH_HZ = 20e6


def row(history: Sequence[Snapshot], scenario: Scenario) -> Row:
    """Metrics of the newest snapshot: see `metrics.row`."""
    return {**metrics.row(history, scenario), "spectral_efficiency": spectral_efficiency(history[-1])}


def summary(rows: Sequence[Mapping[str, float]]) -> Row:
    """Metrics of a whole run: see `metrics.summary`."""
    settled = [row["spectral_efficiency"] for row in rows[len(rows) // 2 :]]
    return {**metrics.summary(rows), "spectral_efficiency": sum(settled) / len(settled)}


def spectral_efficiency(snapshot: Snapshot) -> float:
    """Mean over UEs of the rate of the link to the serving gNB, while it transmits, over 20 MHz, bit/s/Hz."""
    rate = snapshot.rate_bps[np.arange(snapshot.n_ues), snapshot.serving]
    return float(rate.mean()) / BANDWIDTH_HZ


PLACE = f"{__name__}:METRICS"
METRICS = dataclasses.replace(
    FAMILY.metrics,
    row=row,
    summary=summary,
    table={
        **FAMILY.metrics.table,
        "spectral_efficiency": Metric(
            name="spectral_efficiency", label="spectral efficiency", unit="bit/s/Hz", form=".2f"
        ),
    },
    source=__name__,
)
