# SPDX-License-Identifier: GPL-2.0-only
"""When UEs measure within a step, and the layer 3 filter in closed form.

A UE measures every cell once a discovery period (all at one instant, 1 ms after the period began), filtered
by F_n = (1 - a) F_{n-1} + a M_n with a = 2^(-k/4) a 200 ms (TS 38.331 section 5.5.3.2). Within a step true
RSRP runs straight, in dB, from its value at the start to that at the end; so each filtered value is a
weighted sum of three numbers, and no recursion is needed.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats
from pyagents.simulators.compiled import compiled

FILTER_PERIOD_MS = 200.0
MEASURED_AFTER_MS = 1.0
"""From the start of a discovery period to the end of the burst."""


class Instants(NamedTuple):
    """The instants of one step at which something is evaluated: its start, then each measurement."""

    time_s: Floats
    """[K + 2] from the start of the step: 0, the measurements, the end of the step."""
    weights: Floats
    """[K + 1, 3] of filtered RSRP before the step, true RSRP at its start, and at its end."""
    sinr_weight: float
    """Weight of the step's mean SINR against the filtered one before it."""

    @property
    def n_measurements(self) -> int:
        """K."""
        return len(self.time_s) - 2


@cache
def instants(step_ms: int, period_ms: int, phase_ms: int, filter_k: int) -> Instants:
    """The instants of a step.

    Args:
        step_ms: length of the step.
        period_ms: discovery period.
        phase_ms: how far into a discovery period the step starts.
        filter_k: filter coefficient k of TS 38.331.
    """
    first = MEASURED_AFTER_MS - phase_ms + (period_ms if phase_ms >= MEASURED_AFTER_MS else 0)
    at_ms = np.arange(first, step_ms + 1e-9, period_ms)
    a = 1 - (1 - 2 ** (-filter_k / 4)) ** (period_ms / FILTER_PERIOD_MS)
    n = np.arange(len(at_ms))
    kernel = np.where(n[:, None] >= n, a * (1 - a) ** np.maximum(n[:, None] - n, 0), 0.0)
    end = kernel @ (at_ms / step_ms)
    old = (1 - a) ** (n + 1.0)
    weights = np.column_stack([old, 1 - old - end, end])
    return Instants(
        time_s=np.concatenate([[0.0], at_ms / 1000, [step_ms / 1000]]),
        weights=np.vstack([[1.0, 0.0, 0.0], weights]),
        sinr_weight=float(1 - (1 - a) ** len(at_ms)),
    )


@compiled
def filtered_rsrp_dbm(weights: Floats, before_dbm: float, start_dbm: float, end_dbm: float) -> float:
    """Filtered RSRP at an instant.

    Args:
        weights: [3] of Instants, the instant's row.
        before_dbm: filtered RSRP before the step; -inf, where never measured, is replaced at once.
        start_dbm: true RSRP at the start of the step.
        end_dbm: true RSRP at its end.
    """
    before = start_dbm if before_dbm == -np.inf else before_dbm
    filtered: float = weights[0] * before + weights[1] * start_dbm + weights[2] * end_dbm
    return filtered


@compiled
def last_filtered_rsrp_dbm(weights: Floats, before_dbm: float, start_dbm: float, end_dbm: float) -> float:
    """Filtered RSRP at the last instant; where never measured it stays -inf. Else as above.

    Args:
        weights: [3] of Instants, the last row.
        before_dbm: filtered RSRP before the step.
        start_dbm: true RSRP at the start of the step.
        end_dbm: true RSRP at its end.
    """
    filtered: float = weights[1] * start_dbm + weights[2] * end_dbm + max(weights[0], _TINY) * before_dbm
    return filtered


_TINY = 1e-300
"""Keeps 0 times -inf from being no number."""
