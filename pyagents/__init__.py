# SPDX-License-Identifier: GPL-2.0-only
"""Load balancing in 5G NR-U factory networks: agents on one side of a socket, ns-3 on the other."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyagents.runs.loading import Results

__version__ = "0.2.0"


def load(path: Path | str) -> "Results":
    """Read what was played: `pyagents.load("results").to_pandas().runs`.

    See `pyagents.runs.loading.load_results`.
    """
    from pyagents.runs.loading import load_results  # nothing is loaded for those who only want the version

    return load_results(path)
