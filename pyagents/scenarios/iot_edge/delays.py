# SPDX-License-Identifier: GPL-2.0-only
"""Bins that delays of messages are counted in, the same on all simulators."""

DELAY_EDGES_S = tuple(1e-3 * 10 ** (k / 10) for k in range(40))
"""Upper edges of the first bins, 1 ms to 7.9 s, ten a decade; a last bin has what is longer."""

N_DELAYS = len(DELAY_EDGES_S) + 1
"""Number of bins."""
