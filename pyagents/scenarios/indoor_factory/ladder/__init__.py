# SPDX-License-Identifier: GPL-2.0-only
"""The ladder of assumptions: from the paper's equations to the full scenario, a rung each."""
