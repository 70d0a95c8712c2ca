# SPDX-License-Identifier: GPL-2.0-only
"""Functions that Numba compiles to machine code: plain Python, one hall and one element at a time.

A step of the mock touches few numbers and asks many questions of each; as operations on whole arrays most of
its time would go into calling NumPy. Division follows NumPy's rules, sums run in order, and nothing is
reordered or fused: a hall is the same whatever others it is simulated with.
"""

import hashlib
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
    config.CACHE_DIR = _CACHE  # type: ignore[attr-defined]
    try:
        made = numba.njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # nowhere to keep it
        made = numba.njit(error_model="numpy")(function)
    finally:
        config.CACHE_DIR = elsewhere  # type: ignore[attr-defined]
    return cast(F, made)


def _cache_directory() -> str:
    """Where machine code is kept, apart for each state of the sources.

    Numba looks at the file of a function alone, not at those of what it calls.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        base = Path.home() / ".cache"
    return str(base / "nru" / f"mock-{digest.hexdigest()[:12]}")


_CACHE = _cache_directory()
