# SPDX-License-Identifier: GPL-2.0-only
"""Which ns-3 is found, on made-up trees, by Python and by CMake alike."""

import shutil
import subprocess
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from pyagents.toolchain import Ns3, ToolchainError, find_ns3
from pyagents.toolchain.sources import source_directory

VERSION_DEFINES = (
    '#define NS3_VERSION_TAG "ns-3.40"\n#define NS3_VERSION_MAJOR 3\n#define NS3_VERSION_MINOR 40\n'
)


def _lay_out(base: Path, library: str) -> None:
    header = base / "include/ns3/core-module.h"
    header.parent.mkdir(parents=True)
    header.touch()
    path = base / library
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def _wheel_like(root: Path) -> None:
    _lay_out(root, "lib64/libns3.44-core.so")


def _debian_like(root: Path) -> None:
    _lay_out(root, "lib/x86_64-linux-gnu/libns3-core.so")
    (root / "include/ns3/version-defines.h").write_text(VERSION_DEFINES)


def _built_source(root: Path) -> None:
    _lay_out(root / "build", "lib/libns3.37-core-debug.so")
    (root / "build/lib/libns3.37-core-test-debug.so").touch()
    (root / "VERSION").write_text("3.37\n")


def _built_development_source(root: Path) -> None:
    _lay_out(root / "build", "lib/libns3-dev-core-default.so")
    (root / "VERSION").write_text("3.45\n")


TREES = [
    pytest.param(_wheel_like, "prefix", "3.44", id="wheel-like"),
    pytest.param(_debian_like, "prefix", "3.40", id="debian-like"),
    pytest.param(_built_source, "source", "3.37", id="built-source"),
    pytest.param(_built_development_source, "source", "3.45", id="development-source"),
]


@pytest.mark.parametrize(("lay_out", "kind", "version"), TREES)
def test_a_tree_is_told_by_its_layout(
    lay_out: Callable[[Path], None], kind: str, version: str, tmp_path: Path
) -> None:
    lay_out(tmp_path)
    found = find_ns3(str(tmp_path))
    assert (found.kind, found.version, found.root) == (kind, version, tmp_path)


def _find_with_cmake(folder: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Configures a project that does nothing but find the ns-3 in `root`."""
    project = folder / "project"
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\n"
        "project(try NONE)\n"
        "set(CMAKE_LIBRARY_ARCHITECTURE x86_64-linux-gnu)\n"
        f'list(APPEND CMAKE_MODULE_PATH "{source_directory() / "cmake"}")\n'
        "find_package(NS3 3.30 REQUIRED COMPONENTS core)\n"
    )
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    return subprocess.run(
        ["cmake", *generator, "-S", project, "-B", folder / "build", f"-DNRU_NS3={root}"],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(shutil.which("cmake") is None, reason="needs CMake")
@pytest.mark.parametrize(("lay_out", "kind", "version"), TREES)
def test_cmake_tells_the_same(
    lay_out: Callable[[Path], None], kind: str, version: str, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    lay_out(root)
    result = _find_with_cmake(tmp_path, root)
    assert f"-- ns-3 {version} ({kind}): {root}\n" in result.stdout, result.stderr


@pytest.mark.skipif(shutil.which("cmake") is None, reason="needs CMake")
def test_cmake_says_how_to_get_an_ns3_that_is_missing(tmp_path: Path) -> None:
    result = _find_with_cmake(tmp_path, tmp_path / "nowhere")
    assert result.returncode != 0
    assert "Could NOT find NS3" in result.stderr
    assert "./ns3 build" in result.stderr


def test_the_environment_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _built_source(tmp_path)
    monkeypatch.setenv("NRU_NS3", str(tmp_path))
    assert find_ns3().root == tmp_path


def test_an_argument_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _built_source(tmp_path)
    monkeypatch.setenv("NRU_NS3", "/nonexistent")
    assert find_ns3(str(tmp_path)).version == "3.37"


@pytest.mark.parametrize("choice", ["/nonexistent", "none"])
def test_a_missing_ns3_names_the_choice_and_a_remedy(choice: str) -> None:
    with pytest.raises(ToolchainError, match=f"NRU_NS3={choice}") as caught:
        find_ns3(choice)
    assert caught.value.remedy in str(caught.value)
    assert caught.value.remedy


def test_a_missing_wheel_is_remedied_by_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", nothing)
    with pytest.raises(ToolchainError, match=r"pip install --no-deps 'ns3==3\.44"):
        find_ns3("wheel")


def test_labels_tell_two_trees_of_one_version_apart(tmp_path: Path) -> None:
    def at(name: str) -> Ns3:
        return Ns3(kind="source", version="3.40", root=tmp_path / name, choice="")

    assert at("a").label != at("b").label
    assert at("a").label == at("a").label
    assert at("a").label.startswith("source-3.40-")


def test_programs_built_elsewhere_are_found_with_the_version_of_their_ns3(tmp_path: Path) -> None:
    (tmp_path / "nru-built.json").write_text('{"ns3": "3.37 /opt/ns3", "sources": "abc"}')
    found = find_ns3(str(tmp_path))
    assert (found.kind, found.version, found.root) == ("programs", "3.37", tmp_path)


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"ns3": 3}'])
def test_a_folder_with_a_broken_stamp_holds_no_programs(stamp: str, tmp_path: Path) -> None:
    (tmp_path / "nru-built.json").write_text(stamp)
    with pytest.raises(ToolchainError, match="ns-3 not found"):
        find_ns3(str(tmp_path))
