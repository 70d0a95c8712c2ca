# SPDX-License-Identifier: GPL-2.0-only
"""Numbers of random runs: what agents are judged on, nobody has learnt or been chosen on.

Evaluation has 1 to 999.
"""

VALIDATION_SEED = 1000
"""First of the seeds that say when to stop, and that options are chosen by."""

FIRST_TRAINING_SEED = 100_000
"""First of the seeds that are learnt on."""


def validation_seeds(count: int) -> range:
    """List the seeds that say when to stop, and that options are chosen by."""
    return range(VALIDATION_SEED, VALIDATION_SEED + count)
