# SPDX-License-Identifier: GPL-2.0-only
"""Looking again whenever there are more seeds, and still being wrong in 5 % of cases at most.

Who looks at 95 % intervals often enough sees one leave out the truth sooner or later. Here an interval over n
of at most N seeds is stretched about its estimate by

    z(1 - a/4) / z(0.975) * sqrt(N / n),    a = 1 %, z: quantiles of the standard normal distribution.

That is the boundary of O'Brien and Fleming (Biometrics 35, 1979, 549) as Lan and DeMets (Biometrika 70, 1983,
659) spend it over all of the time from none to N seeds, used as repeated confidence intervals (Jennison and
Turnbull, J. R. Stat. Soc. B 51, 1989, 305). Sums of what seeds differ by go like a Brownian motion; it has
crossed a boundary by N with at most twice the probability with which it is beyond it at N (reflection). So it
does not matter when one looks, how often, and whether one stops before N. Early looks decide only what is
overwhelming, which is also where few seeds tell little of rare ones.

With normal values some look is wrong in 1 % of cases. Means of values with long tails are normal only nearly:
the rest of the 5 % is for them. Nothing that takes no bounds for granted protects from what is so rare that
no seed has shown it (Bahadur and Savage, Ann. Math. Stat. 27, 1956, 1115). docs/reproduction.md has
simulations.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from pyagents.statistics.interval import Estimate

PLANNED = 200
"""N: most seeds that the looks are planned for. Not a choice of each evaluation, so that one may stop sooner
and go on later."""

_STRETCH = 2.807034 / 1.959964


def looks(first: int, most: int) -> Iterator[int]:
    """Yield the numbers of seeds at which one looks: five more each time, from 20 on a quarter more."""
    seeds = first
    while seeds < most:
        yield seeds
        seeds += max(5, seeds // 4)
    yield most


def stretch(estimate: Estimate) -> Estimate:
    """Stretch an estimate's interval so that it holds at all looks together, not at this look alone.

    It is of 95 % confidence, over 1 to `PLANNED` seeds; one without an interval stays as it is.
    """
    factor = _STRETCH * math.sqrt(PLANNED / max(estimate.count, 1))
    return replace(
        estimate,
        low=estimate.mean - factor * (estimate.mean - estimate.low),
        high=estimate.mean + factor * (estimate.high - estimate.mean),
    )
