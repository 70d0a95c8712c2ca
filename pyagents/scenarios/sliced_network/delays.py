# SPDX-License-Identifier: GPL-2.0-only
"""Bins that delays of packets are counted in, the same on all simulators."""

DELAY_EDGES_S: tuple[float, ...] = tuple(0.5e-3 * 1.25**k for k in range(31))
"""Upper edges of the bins, 0.5 ms to 0.4 s; a last bin has what is longer."""

N_DELAYS = len(DELAY_EDGES_S) + 1
"""Number of bins."""
