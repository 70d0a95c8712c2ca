# SPDX-License-Identifier: GPL-2.0-only
"""Functions that Numba compiles to machine code: plain Python, mostly one element at a time.

A step of a mock touches few numbers and asks many questions of each; as operations on whole arrays most of
its time would go into calling NumPy. Division follows NumPy's rules, sums run in order, and nothing is
reordered or fused: a run is the same whatever others it is simulated with.
"""

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config
from numba.core.caching import FunctionCache, NullCache

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function at its first call; the machine code is kept in the user's cache for later processes.

    Args:
        function: of arrays and numbers, in the part of Python that Numba knows.
    """
    made = numba.njit(error_model="numpy")(function)
    if hasattr(made, "_cache"):  # else Numba was told not to compile at all
        made._cache = _Unopened(made)
    return cast(F, made)


def inlined(function: F) -> F:
    """Compile a function as a part of each that calls it: many arrays need not be handed over."""
    return cast(F, numba.njit(error_model="numpy", inline="always")(function))


@cache
def announce(room: Path, seconds: int) -> None:
    """Say, before the first of all calls, why it takes long.

    Args:
        room: folder of the functions that are to be called.
        seconds: time that it takes to compile them.
    """
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return
    folder = cache_folder(room)
    if folder is None:
        _LOG.warning(f"Compiling the mock, some {seconds} s in each process: no cache can be written.")
    elif next(folder.rglob("*.nbi"), None) is None:
        _LOG.warning(f"Compiling the mock, some {seconds} s, once for this machine.")


class _Unopened:
    """Stands for the cache of a function until it is called first: to import it takes no look at files."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def load_overload(self, *arguments: Any) -> Any:
        """Open the cache, and do what it does. Numba asks for this first, one function at a time."""
        self._made._cache = opened = _open_cache(self._made.py_func)
        return opened.load_overload(*arguments)


def _open_cache(function: Callable[..., Any]) -> Any:
    """Numba's cache of a function, in our folder alone; one that keeps nothing where that cannot be."""
    folder = cache_folder(Path(function.__code__.co_filename).parent)
    if folder is None:
        return NullCache()
    elsewhere = config.CACHE_DIR  # type: ignore[attr-defined]  # set when it is imported
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        opened: Any = FunctionCache(function)  # type: ignore[no-untyped-call]
    finally:
        config.CACHE_DIR = elsewhere  # type: ignore[attr-defined]
    if not Path(opened.cache_path).is_relative_to(folder):
        return NullCache()
    opened.save_overload = _unless_disk_is_full(opened.save_overload)
    return opened


def _unless_disk_is_full(save: Callable[..., None]) -> Callable[..., None]:
    def save_if_possible(*arguments: Any) -> None:
        with contextlib.suppress(OSError):
            save(*arguments)

    return save_if_possible


@cache
def cache_folder(room: Path) -> Path | None:
    """A folder for machine code, for this state of the sources alone; None where there can be none.

    Apart by sources, because Numba looks at the file of a function, not at those of what it calls; by
    settings that Numba does not tell apart; and by its version, of which two at once would take each other's.

    Args:
        room: folder of these sources.
    """
    digest = hashlib.sha256(f"{numba.__version__} {config.BOUNDSCHECK} {config.OPT}".encode())  # type: ignore[attr-defined]
    for path in (Path(__file__), *sorted(room.glob("*.py"))):
        digest.update(path.read_bytes())
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        if not base.is_absolute():
            base = Path.home() / ".cache"
        folder = base / "nru" / f"mock-{digest.hexdigest()[:12]}"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that cannot be written to
        return None
    return folder if os.access(folder, os.W_OK) else None


_LOG = logging.getLogger(__name__)
