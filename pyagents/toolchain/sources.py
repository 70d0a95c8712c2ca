# SPDX-License-Identifier: GPL-2.0-only
"""Where the C++ sources are, what state they are in, and where what is built from them belongs."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from pyagents.toolchain.errors import ToolchainError

_PACKAGE = Path(__file__).resolve().parent.parent
_SUFFIXES = {".cc", ".h", ".proto", ".cmake", ".txt"}


def source_directory() -> Path:
    """Find the folder `ns3_scratch` in the checkout or the installed package; ToolchainError without one."""
    for candidate in (_PACKAGE.parent / "ns3_scratch", _PACKAGE / "ns3_scratch"):
        if (candidate / "CMakeLists.txt").is_file():
            return candidate
    raise ToolchainError(
        f"The C++ sources are missing from {_PACKAGE}.",
        "Install the package from its wheel, or work in a checkout of the repository.",
    )


def list_programs(directory: Path) -> list[str]:
    """List the programs that the folder `ns3_scratch` has sources of, the examples last."""
    return [path.stem for place in ("*.cc", "examples/*.cc") for path in sorted(directory.glob(place))]


def fingerprint(directory: Path, program: str | None = None) -> str:
    """Hash names and contents of C++ sources: another hash is another program.

    Args:
        directory: The folder `ns3_scratch`, or another with a CMakeLists.txt like its own.
        program: Program whose sources count: `PROGRAM.cc`, all of the rooms that its line
            `nru_program(PROGRAM ROOM...)` in CMakeLists.txt names, and how they are compiled (`cmake/`).
            None: every source and build file, tests included.

    Raises:
        ToolchainError: CMakeLists.txt has no such program.
    """
    digest = hashlib.sha256()
    for path in sorted(_sources(directory, program)):
        if path.suffix in _SUFFIXES and path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(directory)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _sources(directory: Path, program: str | None) -> Iterator[Path]:
    if program is None:
        yield from directory.rglob("*")
        return
    line = re.search(
        rf"^nru_program\({re.escape(program)}\s([^)]*)\)",
        (directory / "CMakeLists.txt").read_text(),
        re.MULTILINE,
    )
    if line is None:
        raise ToolchainError(f"{directory / 'CMakeLists.txt'} has no line nru_program({program} ROOM...).")
    yield directory / f"{program}.cc"
    for room in (*line[1].split(), "cmake"):
        yield from (directory / room).rglob("*")


def build_directory(sources: Path, label: str) -> Path:
    """Name the folder for programs built from `sources` against the ns-3 called `label`.

    In a checkout build/LABEL; otherwise in the user's cache ($XDG_CACHE_HOME, else ~/.cache), apart for
    each state of the sources.
    """
    if sources.parent == _PACKAGE.parent:
        return sources.parent / "build" / label
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = cache if cache.is_absolute() else Path.home() / ".cache"
    return base / "nru" / fingerprint(sources)[:12] / label
