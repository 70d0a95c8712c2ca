# SPDX-License-Identifier: GPL-2.0-only
"""Where sources are and builds go; what counts as a change."""

from pathlib import Path

import pytest

import pyagents
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
    assert before.relative_to(tmp_path / "cache/nru").parts[0].startswith(pyagents.__version__)
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
