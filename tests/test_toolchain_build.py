# SPDX-License-Identifier: GPL-2.0-only
"""Programs are built when their sources change, and only then; on a tiny project instead of ns-3's."""

import io
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyagents.toolchain import Finding, Ns3, ToolchainError, builder
from pyagents.toolchain.progress import BuildProgress
from pyagents.toolchain.system import system_findings

pytestmark = pytest.mark.skipif(
    any(not finding.found for finding in system_findings()), reason="needs a compiler and CMake"
)

# Without a language: to look at the compiler takes CMake longer than all else here.
CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(tiny LANGUAGES NONE)
set(source ${CMAKE_SOURCE_DIR}/indoor-factory.cc)
foreach(name indoor-factory gym-echo)
  add_custom_target(${name} ALL COMMAND c++ -o ${name} ${source} VERBATIM)
endforeach()
add_custom_target(nru-test-runner COMMAND c++ -o nru-test-runner ${source} VERBATIM)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose scenario prints a word."""
    sources = tmp_path / "checkout/ns3_scratch"
    sources.mkdir(parents=True)
    (sources / "CMakeLists.txt").write_text(CMAKE)
    _print(sources, "first")
    ns3 = Ns3(kind="wheel", version="3.44", root=tmp_path / "ns3", choice="wheel")
    monkeypatch.setattr(builder, "source_directory", lambda: sources)
    monkeypatch.setattr(builder, "find_ns3", lambda choice: ns3)
    monkeypatch.setattr(builder, "build_directory", lambda sources, label: sources.parent / "build" / label)
    return sources


def _print(sources: Path, word: str) -> None:
    (sources / "indoor-factory.cc").write_text(f'#include <cstdio>\nint main() {{ std::puts("{word}"); }}\n')


def _build() -> tuple[str, str]:
    """Builds; returns what the program prints and what the build said."""
    said = io.StringIO()
    program = builder.build(progress=BuildProgress(said)).program(builder.SCENARIO)
    return subprocess.run(
        [program], capture_output=True, text=True, check=True
    ).stdout.strip(), said.getvalue()


def test_a_build_leaves_the_program_in_the_folder_of_its_ns3(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = builder.scenario_program()
    assert program == builder.plan().directory / "indoor-factory"
    assert program.parent.parent == project.parent / "build"
    assert program.parent.name.startswith("wheel-3.44-")
    monkeypatch.setattr(sys, "prefix", str(project.parent / ".venv"))  # as `nru` sets it up
    assert builder.plan().directory == project.parent / "build/wheel-3.44"
    assert not program.with_name("nru-test-runner").exists()


def test_the_test_runner_is_built_when_asked_for_and_when_sources_changed(project: Path) -> None:
    def printed() -> str:
        return subprocess.run([builder.test_runner()], capture_output=True, text=True, check=True).stdout

    assert printed() == "first\n"
    _print(project, "second")
    assert _build()[0] == "second"  # this leaves the runner as it was
    assert printed() == "second\n"


def test_a_program_is_built_without_the_others(project: Path) -> None:
    echo = builder.build(only=builder.ECHO).program(builder.ECHO)
    scenario = echo.with_name(builder.SCENARIO)
    assert echo.is_file()
    assert not scenario.exists()
    assert not builder.plan().is_current()
    configured = echo.with_name("CMakeCache.txt").stat().st_ino
    assert builder.scenario_program() == scenario
    assert scenario.is_file()
    assert echo.with_name("CMakeCache.txt").stat().st_ino == configured
    assert "Built in" in _build()[1]  # all, as far as nobody knows
    said = io.StringIO()
    builder.build(only=builder.ECHO, progress=BuildProgress(said))
    assert said.getvalue() == ""


def test_a_second_build_does_nothing(project: Path) -> None:
    assert _build()[0] == "first"
    start = time.monotonic()
    assert _build() == ("first", "")
    assert time.monotonic() - start < 1.0


def test_another_name_of_the_same_python_builds_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _build()
    monkeypatch.setattr(sys, "executable", f"{sys.executable}-by-another-name")
    assert _build() == ("first", "")
    monkeypatch.setattr(sys, "prefix", "/another/environment")
    assert not builder.plan().is_current()


def test_a_changed_source_is_built_and_the_rest_kept(project: Path) -> None:
    _build()
    cache = builder.plan().directory / "CMakeCache.txt"
    configured = cache.stat().st_ino
    _print(project, "second")
    assert _build()[0] == "second"
    assert cache.stat().st_ino == configured


@pytest.mark.parametrize("other", ["CXXFLAGS", "CMAKE_BUILD_TYPE", "environment"])
def test_who_builds_otherwise_builds_elsewhere_and_both_stay(
    other: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _build()
    first = builder.plan().directory
    with monkeypatch.context() as patch:
        if other == "environment":
            patch.setattr(sys, "prefix", "/another/environment")
        else:
            patch.setenv(other, {"CXXFLAGS": "-DSOMETHING", "CMAKE_BUILD_TYPE": "Debug"}[other])
        assert builder.plan().directory != first
        assert "Built in" in _build()[1]
        assert _build()[1] == ""
    assert _build()[1] == ""


def test_a_checkout_that_was_moved_builds_anew(project: Path) -> None:
    _build()
    here = builder.plan()
    for stamp in here.directory.glob("nru-*.json"):
        stamp.write_text(stamp.read_text().replace(str(project), "/where/it/was"))
    left_over = here.directory / "left-over"
    left_over.touch()
    assert _build()[0] == "first"
    assert not left_over.exists()


def test_a_compile_error_is_shown_and_the_build_not_taken_for_done(project: Path) -> None:
    _build()
    (project / "indoor-factory.cc").write_text("int main() { return undeclared_name; }\n")
    with pytest.raises(ToolchainError, match="undeclared_name") as caught:
        builder.build(progress=BuildProgress(io.StringIO()))
    assert "build.log" in caught.value.remedy
    assert not builder.plan().is_current()
    _print(project, "mended")
    assert _build()[0] == "mended"


def test_a_missing_system_package_is_named_before_anything_is_built(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = Finding(
        what="libzmq", found=False, detail="headers not found", remedy="apt-get install libzmq3-dev"
    )
    monkeypatch.setattr(builder, "system_findings", lambda: [missing])
    with pytest.raises(ToolchainError, match="apt-get install libzmq3-dev"):
        builder.build(progress=BuildProgress(io.StringIO()))
    assert not builder.plan().directory.exists()


def _count_builds(results: "multiprocessing.Queue[int]") -> None:
    said = io.StringIO()
    builder.build(progress=BuildProgress(said))
    results.put(said.getvalue().count("Built in"))


def test_two_processes_at_once_build_once(project: Path) -> None:
    context = multiprocessing.get_context("fork")  # they inherit the tiny project
    results: multiprocessing.Queue[int] = context.Queue()
    processes = [context.Process(target=_count_builds, args=(results,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=100)
    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted([results.get(timeout=5), results.get(timeout=5)]) == [0, 1]
