# SPDX-License-Identifier: GPL-2.0-only
"""The bins that delays of packets are counted in."""

DELAY_EDGES_S: tuple[float, ...] = tuple(0.5e-3 * 1.25**k for k in range(31))
"""Upper edges of the bins; the last bin, from 0.4 s on, has none."""

N_DELAYS = len(DELAY_EDGES_S) + 1
"""D, the number of these bins."""
