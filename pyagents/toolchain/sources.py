# SPDX-License-Identifier: GPL-2.0-only
"""Where the C++ sources are, what state they are in, and where what is built from them belongs."""

import hashlib
import os
from pathlib import Path

import pyagents
from pyagents.toolchain.errors import ToolchainError

_PACKAGE = Path(__file__).resolve().parent.parent
_SUFFIXES = {".cc", ".h", ".proto", ".cmake", ".txt"}


def source_directory() -> Path:
    """The folder `ns3_scratch`: of the checkout, or the one that an installed package carries.

    Raises:
        ToolchainError: this copy of the package has neither.
    """
    for candidate in (_PACKAGE.parent / "ns3_scratch", _PACKAGE / "ns3_scratch"):
        if (candidate / "CMakeLists.txt").is_file():
            return candidate
    raise ToolchainError(
        f"The C++ sources are missing from {_PACKAGE}.",
        "Install the package from its wheel, or work in a checkout of the repository.",
    )


def fingerprint(directory: Path) -> str:
    """A hash of names and contents of all sources below `directory`: changes when a build would."""
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(directory)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def build_directory(sources: Path, label: str) -> Path:
    """Where programs built from `sources` against the ns-3 called `label` go.

    In a checkout build/LABEL; otherwise in the user's cache ($XDG_CACHE_HOME, else ~/.cache), apart for
    each version of the package and its sources.
    """
    if sources.parent == _PACKAGE.parent:
        return sources.parent / "build" / label
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = cache if cache.is_absolute() else Path.home() / ".cache"
    return base / "nru" / f"{pyagents.__version__}-{fingerprint(sources)[:12]}" / label
