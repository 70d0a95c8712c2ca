# SPDX-License-Identifier: GPL-2.0-only
"""Path loss and shadowing of TR 38.901, indoor office (InH) and indoor factory (InF).

Section 7.4.1 (path loss, Table 7.4.1-1) and Table 7.5-6 (correlation distances). Shadowing follows a
first-order autoregression over the distance moved; `line_of_sight` says which links have what.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pyagents.scenarios.indoor_factory.mock.arrays import Floats, Mask
from pyagents.simulators.compiled import compiled


@dataclass(frozen=True, kw_only=True)
class LogLaw:
    """A path loss: constant + slope log10(d / m) + frequency_slope log10(f / GHz), dB."""

    constant: float
    slope: float
    frequency_slope: float
    shadowing_db: float
    """Standard deviation of shadow fading, dB."""

    def loss_db(self, distance_m: Floats, frequency_ghz: float) -> Floats:
        """Path loss at each distance, dB; nearer than 1 m is taken as 1 m."""
        at_1m = self.constant + self.frequency_slope * math.log10(frequency_ghz)
        loss: Floats = at_1m + self.slope * np.log10(np.maximum(distance_m, 1.0))
        return loss


@dataclass(frozen=True, kw_only=True)
class Propagation:
    """One propagation model."""

    los: LogLaw
    nlos: tuple[LogLaw, ...]
    """Without line of sight the loss is the largest of these and of that with it."""
    los_correlation_m: float
    """Over which shadowing with line of sight falls to 1/e correlation."""
    nlos_correlation_m: float

    def loss_db(self, distance_m: Floats, frequency_ghz: float, has_los: Mask) -> Floats:
        """Path loss without shadowing, dB.

        Args:
            distance_m: three-dimensional distances.
            frequency_ghz: carrier frequency.
            has_los: whether each link has line of sight, shape of `distance_m`.
        """
        with_los = self.los.loss_db(distance_m, frequency_ghz)
        without = with_los
        for law in self.nlos:
            without = np.maximum(without, law.loss_db(distance_m, frequency_ghz))
        return np.where(has_los, with_los, without)

    def shadowing_std_db(self, has_los: Mask) -> Floats:
        """Standard deviation of shadow fading of each link, dB."""
        nlos = self.nlos[0] if self.nlos else self.los
        return np.where(has_los, self.los.shadowing_db, nlos.shadowing_db)

    def correlation_m(self, has_los: Mask) -> Floats:
        """Correlation distance of each link's shadow fading, m."""
        return np.where(has_los, self.los_correlation_m, self.nlos_correlation_m)


_INH = Propagation(
    los=LogLaw(constant=32.4, slope=17.3, frequency_slope=20.0, shadowing_db=3.0),
    nlos=(LogLaw(constant=17.3, slope=38.3, frequency_slope=24.9, shadowing_db=8.03),),
    los_correlation_m=10.0,
    nlos_correlation_m=6.0,
)
_INF_LOS = LogLaw(constant=31.84, slope=21.5, frequency_slope=19.0, shadowing_db=4.3)
_SPARSE_LOW = LogLaw(constant=33.0, slope=25.5, frequency_slope=20.0, shadowing_db=5.7)
_DENSE_LOW = LogLaw(constant=18.6, slope=35.7, frequency_slope=20.0, shadowing_db=7.2)
_SPARSE_HIGH = LogLaw(constant=32.4, slope=23.0, frequency_slope=20.0, shadowing_db=5.9)
_DENSE_HIGH = LogLaw(constant=33.63, slope=21.9, frequency_slope=20.0, shadowing_db=4.0)


def _factory(*nlos: LogLaw) -> Propagation:
    return Propagation(los=_INF_LOS, nlos=nlos, los_correlation_m=10.0, nlos_correlation_m=10.0)


PROPAGATION = {
    "inh-open": _INH,
    "inh-mixed": _INH,
    "inf-sl": _factory(_SPARSE_LOW),
    "inf-dl": _factory(_DENSE_LOW, _SPARSE_LOW),
    "inf-sh": _factory(_SPARSE_HIGH),
    "inf-dh": _factory(_DENSE_HIGH),
    "inf-hh": _factory(),
}
"""Models by the names that `Scenario.propagation` takes."""


class MovingLinks(NamedTuple):
    """Laws of links whose end moves by equal strides: row 0 without line of sight, row 1 with it."""

    constant_db: Floats
    """[2, L] the loss is the largest over L of constant + slope log10(d / m)."""
    slope_db: Floats
    """[2, L]."""
    kept: Floats
    """[2] R = exp(-stride / d_corr), the part of shadow fading that a stride leaves."""
    fresh_db: Floats
    """[2] sqrt(1 - R^2) sigma, the deviation of what it adds (TR 38.901 section 7.4.4)."""
    spread_db: Floats
    """[2] sigma, the deviation of shadow fading that is drawn anew."""


@compiled
def moving_loss_db(log_distance: float, constant_db: Floats, slope_db: Floats) -> float:
    """Path loss without shadowing, dB.

    Args:
        log_distance: log10(d / m), d at least 1 m.
        constant_db: [L] of the link.
        slope_db: [L] likewise.
    """
    loss: float = constant_db[0] + slope_db[0] * log_distance
    for law in range(1, len(constant_db)):
        loss = max(loss, constant_db[law] + slope_db[law] * log_distance)
    return loss


def moving_links(
    model: Propagation, frequency_ghz: float, stride_m: float, *, shadowing: bool
) -> MovingLinks:
    """The laws of links on the move.

    Args:
        model: of propagation.
        frequency_ghz: carrier frequency.
        stride_m: how far the end moves in a step.
        shadowing: whether there is shadow fading.
    """
    laws, has_los = (model.los, *model.nlos), np.array([False, True])
    at_1m = [law.constant + law.frequency_slope * math.log10(frequency_ghz) for law in laws]
    r = np.exp(-stride_m / model.correlation_m(has_los))
    spread_db = model.shadowing_std_db(has_los) * shadowing
    return MovingLinks(
        constant_db=np.array([at_1m, [at_1m[0]] * len(laws)]),
        slope_db=np.array([[law.slope for law in laws], [model.los.slope] * len(laws)]),
        kept=r,
        fresh_db=np.sqrt(1 - r * r) * spread_db,
        spread_db=spread_db,
    )
