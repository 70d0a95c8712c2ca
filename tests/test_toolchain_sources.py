# SPDX-License-Identifier: GPL-2.0-only
"""Where sources are and builds go; what counts as a change."""

from pathlib import Path

import pytest

from pyagents.toolchain import ToolchainError, sources


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "nru").mkdir()
    (tmp_path / "CMakeLists.txt").write_text("project(x)\n")
    (tmp_path / "nru/a.cc").write_text("int a;\n")
    return tmp_path


def test_a_fingerprint_changes_with_content_name_and_number_of_sources(tree: Path) -> None:
    seen = {sources.fingerprint(tree)}
    (tree / "nru/a.cc").write_text("int b;\n")
    seen.add(sources.fingerprint(tree))
    (tree / "nru/a.cc").rename(tree / "nru/b.cc")
    seen.add(sources.fingerprint(tree))
    (tree / "nru/c.h").touch()
    seen.add(sources.fingerprint(tree))
    assert len(seen) == 4


def test_a_fingerprint_is_blind_to_times_and_to_what_no_build_reads(tree: Path) -> None:
    before = sources.fingerprint(tree)
    (tree / "nru/a.cc").touch()
    (tree / "nru/notes.md").write_text("notes")
    (tree / "nru/.a.cc.swp").write_text("an editor's")
    assert sources.fingerprint(tree) == before


@pytest.fixture
def two_families(tmp_path: Path) -> Path:
    """Sources of two programs that share the bridge, and of their tests."""
    files = {
        "CMakeLists.txt": "nru_program(hall gym nru/model)\nnru_program(mesh\n  gym\n  edge)\n",
        "cmake/options.cmake": "",
        "hall.cc": "int main() {}",
        "mesh.cc": "int main() {}",
        **dict.fromkeys(("gym/g.h", "nru/model/m.h", "nru/experiment/e.cc", "edge/d.cc", "test/t.cc"), ""),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("path", ["hall.cc", "gym/g.h", "nru/model/new.cc", "cmake/options.cmake"])
def test_a_program_is_another_when_what_it_links_changes(path: str, two_families: Path) -> None:
    before = sources.fingerprint(two_families, "hall")
    (two_families / path).write_text("int change;")
    assert sources.fingerprint(two_families, "hall") != before


@pytest.mark.parametrize("path", ["mesh.cc", "edge/new.h", "nru/experiment/e.cc", "test/t.cc", "third.cc"])
def test_a_program_is_the_same_whatever_happens_to_others_and_to_tests(path: str, two_families: Path) -> None:
    before = sources.fingerprint(two_families, "hall")
    (two_families / path).write_text("int change;")
    with (two_families / "CMakeLists.txt").open("a") as stream:
        stream.write("nru_program(third gym)\n")
    assert sources.fingerprint(two_families, "hall") == before
    assert sources.fingerprint(two_families, "third") != sources.fingerprint(two_families, "mesh")


def test_a_program_that_nothing_builds_is_named(two_families: Path) -> None:
    with pytest.raises(ToolchainError, match=r"nru_program\(mall"):
        sources.fingerprint(two_families, "mall")


def test_every_program_of_the_checkout_is_declared() -> None:
    directory = sources.source_directory()
    programs = {path.stem for path in directory.glob("*.cc")}
    assert len({sources.fingerprint(directory, program) for program in programs}) == len(programs) > 1


def test_a_checkout_builds_in_its_own_folder(monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
    monkeypatch.setattr(sources, "_PACKAGE", tree / "pyagents")
    (tree / "ns3_scratch").mkdir()
    (tree / "ns3_scratch/CMakeLists.txt").touch()
    assert sources.source_directory() == tree / "ns3_scratch"
    assert sources.build_directory(tree / "ns3_scratch", "wheel-3.44") == tree / "build/wheel-3.44"


def test_an_installed_package_builds_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    carried = tmp_path / "site-packages/pyagents/ns3_scratch"
    carried.mkdir(parents=True)
    (carried / "CMakeLists.txt").write_text("project(x)\n")
    monkeypatch.setattr(sources, "_PACKAGE", carried.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert sources.source_directory() == carried

    before = sources.build_directory(carried, "wheel-3.44")
    assert before.is_relative_to(tmp_path / "cache/nru")
    (carried / "CMakeLists.txt").write_text("project(y)\n")
    assert sources.build_directory(carried, "wheel-3.44") != before


@pytest.mark.parametrize("cache", ["", "relative/folder"])
def test_a_useless_cache_variable_means_the_home_folder(
    cache: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sources.build_directory(tmp_path, "wheel-3.44").is_relative_to(tmp_path / ".cache/nru")


def test_a_package_without_sources_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources, "_PACKAGE", tmp_path / "pyagents")
    with pytest.raises(ToolchainError, match="sources are missing"):
        sources.source_directory()
