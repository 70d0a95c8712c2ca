# SPDX-License-Identifier: GPL-2.0-only
"""What can be told of the image without building it; docker/verify builds it."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pyagents import __version__

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "docker"

pytestmark = pytest.mark.skipif(not DOCKER.is_dir(), reason="not a checkout")


def _instructions(name: str) -> list[list[str]]:
    """The arguments of every instruction NAME of the Dockerfile."""
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split()[1:] for line in text.splitlines() if line.startswith(f"{name} ")]


def _copied() -> list[str]:
    return [
        source
        for words in _instructions("COPY")
        if not words[0].startswith("--from")
        for source in words[:-1]
    ]


@pytest.mark.parametrize("source", _copied())
def test_everything_that_is_copied_is_there_and_not_ignored(source: str) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    kept = [line[1:] for line in lines if line.startswith("!")]
    assert (ROOT / source).exists()
    assert any(fnmatch(source, pattern) or source.startswith(f"{pattern}/") for pattern in kept)


def test_what_builds_the_programs_is_copied_with_all_that_it_imports(tmp_path: Path) -> None:
    lines = [words for words in _instructions("COPY") if words[-1].startswith("/pyagents/")]
    for *names, folder in lines:
        for name in names:
            source, target = ROOT / name, tmp_path / folder.strip("/")
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
    look = "import pyagents.toolchain; print(pyagents.toolchain.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout).is_relative_to(tmp_path)


def test_the_image_says_the_version_of_the_package() -> None:
    assert ["NRU_VERSION=" + __version__] in _instructions("ARG")
    assert {user for (user,) in _instructions("USER")} == {"1000"}, "a number, which runtimes can check"


def test_ns3_is_built_with_the_modules_that_the_scenario_links(tmp_path: Path) -> None:
    shutil.copy(ROOT / "ns3_scratch/CMakeLists.txt", tmp_path)
    command = next(" ".join(words) for words in _instructions("RUN") if "NRU_NS3_MODULES" in " ".join(words))
    command = command.replace("/CMakeLists.txt", "CMakeLists.txt").replace(">/modules", "")
    modules = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    listed = re.search(r"set\(NRU_NS3_MODULES\n([^)]*)\)", (tmp_path / "CMakeLists.txt").read_text())
    assert listed is not None
    assert modules.strip().split(";") == listed[1].split()


GROUPS = {"play": ["", "optimum", "dask"], "learn": ["rl", "learn", "tune"], "test": ["rl", "test"]}


@pytest.mark.parametrize("group", GROUPS)
def test_every_python_package_is_locked_in_a_version_that_the_project_allows(group: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tables = {"": project["dependencies"], **project["optional-dependencies"]}
    lock = (DOCKER / f"requirements/{group}.txt").read_text()
    locked = dict(re.findall(r"^(\S+)==(\S+)", lock, re.MULTILINE))
    for line in (line for extra in GROUPS[group] for line in tables[extra]):
        wanted = Requirement(line)
        if wanted.name not in ("nru", "torch"):
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), line
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", lock)[1:])


def test_no_two_locks_ask_for_different_versions() -> None:
    versions: dict[str, set[str]] = {}
    for group in GROUPS:
        lock = (DOCKER / f"requirements/{group}.txt").read_text()
        for name, version in re.findall(r"^(\S+)==(\S+)", lock, re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def _build_ns3(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DOCKER / "build-ns3", *arguments], capture_output=True, text=True, timeout=60)


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    """As a release of ns-3 3.40 would look to somebody who only looks for its version."""
    tree = tmp_path / "ns-allinone-3.40/ns-3.40"
    (tree / "src/core").mkdir(parents=True)
    (tree / "src/core/CMakeLists.txt").touch()
    (tree / "VERSION").write_text("3.40\n")
    with tarfile.open(tmp_path / "ns-3.tar.bz2", "w:bz2") as archive:
        archive.add(tree.parent, tree.parent.name)
    return tmp_path / "ns-3.tar.bz2"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_a_release_of_another_version_is_refused(tarball: Path) -> None:
    result = _build_ns3(tarball.as_uri(), "3.41", "", "core", "/nonexistent")
    assert result.returncode == 1
    assert f"{tarball.as_uri()} gave ns-3 3.40, not NS3_VERSION=3.41" in result.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_a_release_with_another_checksum_is_refused(tarball: Path) -> None:
    result = _build_ns3(tarball.as_uri(), "3.40", "0" * 64, "core", "/nonexistent")
    assert result.returncode == 1
    assert "does not have the SHA-256" in result.stderr


def test_an_unknown_source_of_ns3_is_refused() -> None:
    result = _build_ns3("svn", "3.40", "", "core", "/nonexistent")
    assert result.returncode == 1
    assert "NS3_SOURCE=svn: expected debian, tree, or the address" in result.stderr
