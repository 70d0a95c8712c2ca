# SPDX-License-Identifier: GPL-2.0-only
"""What the C++ side needs of the system's packages, and whether it is there."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from ctypes.util import find_library
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that the simulator needs."""

    what: str
    """Name for people."""
    found: bool
    """Whether it is there, and new enough."""
    detail: str
    """Version and path, or what is wrong."""
    remedy: str = ""
    """Way to get it; empty when it is there."""


def system_findings() -> list[Finding]:
    """List what building needs of the system's packages."""
    return [
        _command("C++ compiler", [os.environ.get("CXX", "c++"), "g++", "clang++"], package="g++"),
        _command("CMake", ["cmake"], package="cmake", at_least=(3, 25)),
        _command("Ninja or make", ["ninja", "make"], package="ninja-build"),
        _command("pkg-config", ["pkg-config"], package="pkg-config"),
        _library("libzmq", "libzmq", package="libzmq3-dev", at_least=(4, 3)),
        _library("protobuf", "protobuf", package="libprotobuf-dev", at_least=(3, 12)),
        _command("protoc", ["protoc"], package="protobuf-compiler"),
        _allocator(),
    ]


def _command(what: str, names: Sequence[str], *, package: str, at_least: tuple[int, ...] = (0,)) -> Finding:
    for name in names:
        path = shutil.which(name)
        if path:
            return _judge(what, _output([path, "--version"]), path, package, at_least)
    return Finding(what=what, found=False, detail="not found", remedy=_remedy(package))


def _library(what: str, module: str, *, package: str, at_least: tuple[int, ...]) -> Finding:
    remedy = _remedy(package)
    if not shutil.which("pkg-config"):
        return Finding(what=what, found=False, detail="not checked: no pkg-config", remedy=remedy)
    version = _output(["pkg-config", "--modversion", module])
    if not version:
        return Finding(what=what, found=False, detail="headers not found", remedy=remedy)
    return _judge(what, version, _output(["pkg-config", "--variable=libdir", module]), package, at_least)


def _allocator() -> Finding:
    """Find the allocator that CMakeLists.txt links for speed; building does without."""
    libraries = (find_library(name) for name in ("tcmalloc_minimal", "mimalloc", "jemalloc"))
    detail = next(filter(None, libraries), "the C library's; libgoogle-perftools-dev has a faster one")
    return Finding(what="memory allocator", found=True, detail=detail)


def _judge(what: str, output: str, where: str, package: str, at_least: tuple[int, ...]) -> Finding:
    match = re.search(r"\d+(\.\d+)+", output.partition("\n")[0])
    if match is None:
        return Finding(what=what, found=True, detail=where)
    if tuple(map(int, match[0].split("."))) >= at_least:
        return Finding(what=what, found=True, detail=f"{match[0]}, {where}")
    needed = ".".join(map(str, at_least))
    return Finding(
        what=what,
        found=False,
        detail=f"{match[0]} is too old, {where}",
        remedy=f"{needed} or newer is needed (package {package})",
    )


def _remedy(package: str) -> str:
    return f"apt-get install {package} (Debian, Ubuntu)"


def _output(command: Sequence[str]) -> str:
    """Standard output of a command that answers at once; '' when it fails."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return result.stdout.strip()
