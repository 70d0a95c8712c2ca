# SPDX-License-Identifier: GPL-2.0-only
"""Functions that Numba compiles to machine code: plain Python, mostly one element at a time.

A step of the mock touches few numbers and asks many questions of each; as operations on whole arrays most of
its time would go into calling NumPy. Division follows NumPy's rules, sums run in order, and nothing is
reordered or fused: a hall is the same whatever others it is simulated with.
"""

import contextlib
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
    if _CACHE is None:
        return _compile(function, cache=False)
    elsewhere = config.CACHE_DIR  # type: ignore[attr-defined]  # set when it is imported
    config.CACHE_DIR = str(_CACHE)  # type: ignore[attr-defined]
    try:
        made = _compile(function, cache=True)
    finally:
        config.CACHE_DIR = elsewhere  # type: ignore[attr-defined]
    cache = getattr(made, "_cache", None)
    if cache is None:  # told not to compile at all
        return made
    if not Path(cache.cache_path).is_relative_to(_CACHE):
        return _compile(function, cache=False)
    cache.save_overload = _unless_disk_is_full(cache.save_overload)
    return made


def announce() -> None:
    """Say, before the first of all calls, why it takes long."""
    global _is_announced
    if _is_announced or config.DISABLE_JIT:  # type: ignore[attr-defined]
        return
    _is_announced = True
    if _CACHE is None:
        _LOG.warning("Compiling the mock, some 15 s in each process: no cache can be written.")
    elif next(_CACHE.rglob("*.nbi"), None) is None:
        _LOG.warning("Compiling the mock, some 15 s, once for this machine.")


def _compile(function: F, *, cache: bool) -> F:
    return cast(F, numba.njit(cache=cache, error_model="numpy")(function))


def _unless_disk_is_full(save: Callable[..., None]) -> Callable[..., None]:
    def save_if_possible(*arguments: Any) -> None:
        with contextlib.suppress(OSError):
            save(*arguments)

    return save_if_possible


def _make_cache() -> Path | None:
    """A folder for machine code, for this state of the sources alone; None where there can be none.

    Apart by sources, because Numba looks at the file of a function, not at those of what it calls; and by
    settings that Numba does not tell apart.
    """
    digest = hashlib.sha256(f"{config.BOUNDSCHECK} {config.OPT}".encode())  # type: ignore[attr-defined]
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        if not base.is_absolute():
            base = Path.home() / ".cache"
        cache = base / "nru" / f"mock-{digest.hexdigest()[:12]}"
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that cannot be written to
        return None
    return cache if os.access(cache, os.W_OK) else None


_LOG = logging.getLogger(__name__)
_CACHE = _make_cache()
_is_announced = False
