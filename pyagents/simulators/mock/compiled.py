# SPDX-License-Identifier: GPL-2.0-only
"""Functions that Numba compiles to machine code: plain Python, one hall and one element at a time.

A step of the mock touches few numbers and asks many questions of each; as operations on whole arrays most of
its time would go into calling NumPy. Division follows NumPy's rules, sums run in order, and nothing is
reordered or fused: a hall is the same whatever others it is simulated with.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function at its first call; the machine code is kept in the user's cache for later processes.

    Args:
        function: of arrays and numbers, in the part of Python that Numba knows.
    """
    elsewhere = config.CACHE_DIR  # type: ignore[attr-defined]  # set when it is imported
    config.CACHE_DIR = _CACHE or elsewhere  # type: ignore[attr-defined]
    try:
        return cast(F, numba.njit(cache=_CACHE is not None, error_model="numpy")(function))
    finally:
        config.CACHE_DIR = elsewhere  # type: ignore[attr-defined]


def _make_cache() -> str | None:
    """A folder for machine code, for this state of the sources alone; None where there can be none.

    Apart by sources, because Numba looks at the file of a function, not at those of what it calls.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        if not base.is_absolute():
            base = Path.home() / ".cache"
        cache = base / "nru" / f"mock-{digest.hexdigest()[:12]}"
        if not cache.is_dir():
            _LOG.warning("Compiling the mock, once for this machine: its first run starts later.")
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that cannot be written to
        return None
    return str(cache) if os.access(cache, os.W_OK) else None


_LOG = logging.getLogger(__name__)
_CACHE = _make_cache()
