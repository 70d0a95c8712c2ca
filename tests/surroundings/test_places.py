# SPDX-License-Identifier: GPL-2.0-only
"""A run is the same wherever its files go, and wherever it is started from."""

import os
from pathlib import Path

import pytest

from tests.surroundings.conftest import Play

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]

PLACES = [
    "two words",
    "x[/b]y",
    "[bold]",
    "漢字 ü é",
    'it\'s "so"',
    "-dash",
    "{0} %s $HOME ~",
    "a=b:c;d|e&f",
    "tab\tnewline\nend",
    "back\\slash",
    "\udcff\udcfe",
    "a/../b/./c",
    "n" * 200,
    "/".join(["deep" * 10] * 10),
    "*?",
    ".hidden",
]


@pytest.mark.parametrize("place", PLACES, ids=range(len(PLACES)))
def test_results_go_anywhere(place: str, home: Path, play: Play, usual: bytes) -> None:
    ended = play(out=place)
    assert ended.code == 0, ended.said
    assert (home / place / "rows.csv").read_bytes() == usual


@pytest.mark.parametrize("place", ["two words", "x[/b]y", "漢字", "d" * 150])
def test_a_run_starts_anywhere(place: str, home: Path, play: Play, usual: bytes) -> None:
    def go() -> None:
        (home / place / "tmp").mkdir(parents=True)
        os.chdir(home / place)
        os.environ["TMPDIR"] = str(home / place / "tmp")

    ended = play(go)
    assert ended.code == 0, ended.said
    assert (home / place / "out" / "rows.csv").read_bytes() == usual
    assert not list((home / place / "tmp").iterdir())


def test_results_go_through_links(home: Path, play: Play, usual: bytes) -> None:
    (home / "real").mkdir()
    (home / "link").symlink_to(home / "real")
    assert play(out="link/out").code == 0
    assert (home / "real" / "out" / "rows.csv").read_bytes() == usual


def test_a_folder_that_was_removed_is_said(home: Path, play: Play) -> None:
    def go() -> None:
        (home / "gone").mkdir()
        os.chdir(home / "gone")
        (home / "gone").rmdir()

    ended = play(go)
    assert ended.code in (1, 2)
    assert "Traceback" not in ended.said


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/x", "/proc/x"])
def test_what_is_no_place_is_said(place: str, play: Play) -> None:
    ended = play(out=place)
    assert ended.code == 2, ended.said
    assert "Traceback" not in ended.said
