# SPDX-License-Identifier: GPL-2.0-only
"""Finds the ns-3 to build against; `ns3_scratch/cmake/FindNS3.cmake` decides the same way."""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pyagents.toolchain.errors import ToolchainError

CHOICE_VARIABLE = "NRU_NS3"
"""Environment variable that names the ns-3 to use: wheel, debian, a path, or auto (default)."""

BUILD_STAMP = "nru-built.json"
"""File beside the programs of a finished build: what they were built from."""

WHEEL_REMEDY = f"{sys.executable} -m pip install --no-deps 'ns3==3.44.*'"
DEBIAN_REMEDY = "apt-get install libns3-dev"


@dataclass(frozen=True, kw_only=True)
class Ns3:
    """One ns-3 on this machine."""

    kind: str
    """Kind: wheel (a Python package), debian (libns3-dev), source (a tree that was built), prefix, or
    programs (no ns-3 to build against, but programs that were)."""
    version: str
    """Version, such as 3.44."""
    root: Path
    """Folder that holds its include/ and lib*/ folders."""
    choice: str
    """Value of NRU_NS3 that makes FindNS3.cmake take this one."""

    @property
    def label(self) -> str:
        """Short name of a folder for what is built against it; differs between roots of one version."""
        if self.kind in ("wheel", "debian"):
            return f"{self.kind}-{self.version}"
        return f"{self.kind}-{self.version}-{hashlib.sha256(str(self.root).encode()).hexdigest()[:8]}"


def find_ns3(choice: str | None = None) -> Ns3:
    """The ns-3 to build against.

    Args:
        choice: wheel, debian, a path to a built source tree, to an install prefix or to the programs of a
            finished build, or auto: the wheel if it is installed beside this package, else Debian's. None:
            the environment's NRU_NS3, else auto.

    Raises:
        ToolchainError: there is none.
    """
    choice = choice or os.environ.get(CHOICE_VARIABLE) or "auto"
    if choice == "auto":
        found = _wheel() or _debian()
        remedy = (
            f"Install one of them: {WHEEL_REMEDY}, or {DEBIAN_REMEDY}; or name a built tree: NRU_NS3=PATH"
        )
    elif choice == "wheel":
        found, remedy = _wheel(), f"Install it: {WHEEL_REMEDY}"
    elif choice == "debian":
        found, remedy = _debian(), f"Install it: {DEBIAN_REMEDY}"
    elif choice == "none":
        found, remedy = None, "Unset NRU_NS3 to let it be found or installed."
    else:
        found = _at_path(Path(choice).expanduser().resolve())
        remedy = "Build ns-3 there first (./ns3 build), or name its install prefix."
    if found is None:
        raise ToolchainError(f"ns-3 not found ({CHOICE_VARIABLE}={choice}).", remedy)
    return found


def _wheel() -> Ns3 | None:
    try:
        distribution = metadata.distribution("ns3")
    except metadata.PackageNotFoundError:
        return None
    root = Path(str(distribution.locate_file("ns3")))
    return _look_in(root, root, kind="wheel", choice="wheel")


def _debian() -> Ns3 | None:
    return _look_in(Path("/usr"), Path("/usr"), kind="debian", choice="debian")


def _at_path(root: Path) -> Ns3 | None:
    return (
        _programs(root)
        or _look_in(root, root, kind="prefix", choice=str(root))
        or _look_in(root / "build", root, kind="source", choice=str(root))
    )


def _programs(root: Path) -> Ns3 | None:
    """Programs that were built elsewhere, as in the container image."""
    try:
        version, _, _ = json.loads((root / BUILD_STAMP).read_text())["ns3"].partition(" ")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Ns3(kind="programs", version=version, root=root, choice=str(root))


def _look_in(base: Path, root: Path, *, kind: str, choice: str) -> Ns3 | None:
    if not (base / "include/ns3/core-module.h").is_file():
        return None
    for library in _core_libraries(base):
        return Ns3(kind=kind, version=_version(base, root, library), root=root, choice=choice)
    return None


def _core_libraries(base: Path) -> Iterator[Path]:
    pattern = re.compile(r"libns3(\.[0-9.]+|-dev)?-core(-(?!test)[a-z]+)?\.so")
    for folder in (base / "lib64", base / "lib", *sorted(base.glob("lib/*-linux-gnu*"))):
        yield from (path for path in sorted(folder.glob("libns3*-core*.so")) if pattern.fullmatch(path.name))


def _version(base: Path, root: Path, library: Path) -> str:
    """From the library's name, else the headers, else the source tree; '' when none of them tells."""
    if match := re.match(r"libns3\.([0-9.]+)-core", library.name):
        return f"3.{match[1]}"
    defines = base / "include/ns3/version-defines.h"
    if defines.is_file():
        text = defines.read_text()
        major = re.search(r"#define NS3_VERSION_MAJOR (\d+)", text)
        minor = re.search(r"#define NS3_VERSION_MINOR (\d+)", text)
        if major and minor:
            return f"{major[1]}.{minor[1]}"
    version = root / "VERSION"
    match = re.match(r"\d+\.\d+", version.read_text()) if version.is_file() else None
    return match[0] if match else ""
