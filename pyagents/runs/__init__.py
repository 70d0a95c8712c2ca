# SPDX-License-Identifier: GPL-2.0-only
"""Runs: one scenario, agent, seed and simulator played to its end, and what is kept of it."""
