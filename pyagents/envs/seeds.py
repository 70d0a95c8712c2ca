# SPDX-License-Identifier: GPL-2.0-only
"""From the seeds of `reset` to numbers of random runs.

- `reset(seed=s)` plays run s, the one that `nru run --seed s` plays. Run 0 does not exist: 0 plays 2^32 - 1.
- `reset()` plays another run each time, drawn by the environment's own generator, which the last seed has
  seeded (or the operating system, if there was none). So all episodes that follow are those of one seed.
- Drawn runs are 2^31 and above, so that they never meet a seed that somebody chose to evaluate with below it.
"""

from collections.abc import Sequence

import numpy as np

LAST_RUN = 2**32 - 1
FIRST_DRAWN_RUN = 2**31


def run_number(seed: int | None, rng: np.random.Generator) -> int:
    """Choose the random run that `reset` is to play: drawn without a seed, ValueError above 2^32 - 1."""
    if seed is None:
        return int(rng.integers(FIRST_DRAWN_RUN, LAST_RUN))
    if not 0 <= seed <= LAST_RUN:
        raise ValueError(f"seed={seed} is not allowed: must be at least 0 and at most {LAST_RUN}")
    return int(seed) or LAST_RUN


def spread(seed: int | Sequence[int | None] | None, count: int) -> list[int | None]:
    """Give some environments a seed each: s for s, s + 1, ...; or one for each, else ValueError; or None."""
    if seed is None or isinstance(seed, (int, np.integer)):
        return [None if seed is None else int(seed) + k for k in range(count)]
    if len(seed) != count:
        raise ValueError(f"seed has {len(seed)} numbers: must be one for each of {count}")
    return list(seed)
