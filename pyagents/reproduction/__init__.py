# SPDX-License-Identifier: GPL-2.0-only
"""The paper's evaluation: declarations in `experiments/`, the runs they need, what these say of it."""
