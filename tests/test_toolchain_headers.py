# SPDX-License-Identifier: GPL-2.0-only
"""A build takes its headers from the ns-3 that it links, also where another one is installed."""

import re
import subprocess
from pathlib import Path

import pytest

from pyagents.toolchain import Build, build

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]


def _headers(done: Build) -> str:
    """All dependencies of all objects, as the generator keeps them."""
    if (done.directory / "build.ninja").is_file():
        command = ["ninja", "-C", str(done.directory), "-t", "deps"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(path.read_text() for path in done.directory.rglob("*.o.d"))


def test_headers_and_libraries_are_of_one_ns3() -> None:
    done = build()
    folders = set(re.findall(r"(\S+)/ns3/[\w-]+\.h\b", _headers(done)))
    assert folders <= {str(done.ns3.root / "include"), str(done.ns3.root / "build/include")}
    assert len(folders) == 1

    libraries = subprocess.run(
        ["ldd", done.program("indoor-factory")], capture_output=True, text=True, check=True
    ).stdout
    linked = {Path(path) for path in re.findall(r"=> (\S*libns3\S*)", libraries)}
    assert linked
    assert "not found" not in libraries
    assert all(path.resolve().is_relative_to(done.ns3.root.resolve()) for path in linked)
