# SPDX-License-Identifier: GPL-2.0-only
"""A disk that is full, or only to be read, ends a command in one line; nothing half is left."""

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import pyagents.scenarios.indoor_factory.cli.demo
from pyagents.cli import main

SMALL = ["--scenario", "fig5", "--n-ues", "6", "--n-wifi-aps", "0"]
RUN = ["run", "--agent", "gt-rl", "--simulator", "mock", *SMALL, "--out", "out"]
COMPARE = [
    "compare",
    "--agents",
    "gt-rl,random",
    "--seeds",
    "1",
    "--simulator",
    "mock",
    *SMALL,
    "--out",
    "out",
]
DEMO = ["demo", "--out", "out"]


@contextmanager
def room_for(most_bytes: int) -> Iterator[None]:
    """Within this no file gets longer: writing stops in the middle of one, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(autouse=True)
def demo_on_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyagents.scenarios.indoor_factory.cli.demo, "SIMULATOR", "mock")


@pytest.mark.parametrize("command", [RUN, COMPARE, DEMO], ids=["run", "compare", "demo"])
def test_a_full_disk_ends_in_one_line(
    command: list[str], in_tmp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--steps", "4", "--out", "warm"]) == 0  # compiled, and in the store
    with room_for(100):
        assert_fails(command, "4", capsys, "cannot write to out")
    assert not list((in_tmp / "out").rglob("summary.json"))
    assert not list((in_tmp / "out").rglob("*.png"))
    with room_for(3000):
        assert_fails(command, "5", capsys, "cannot write to results/runs: File too large")
    assert main([*command, "--steps", "4"]) == 0


def assert_fails(command: list[str], steps: str, capsys: pytest.CaptureFixture[str], said: str) -> None:
    capsys.readouterr()
    assert main([*command, "--steps", steps]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nru {command[0]}: {said}")


@pytest.mark.parametrize("command", [RUN, COMPARE, DEMO], ids=["run", "compare", "demo"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_takes_nothing_is_told_before_anything_is_played(
    command: list[str],
    number: int,
    in_tmp: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*arguments: Any, **options: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert_fails(command, "4", capsys, f"cannot write to out: {os.strerror(number)}")
    assert not list(in_tmp.iterdir())


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="there is no /dev/full")
def test_a_folder_that_cannot_be_is_bad_input(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (in_tmp / "file").write_text("")
    for folder in ("file", "file/below", "/dev/full/below", "/proc/nru"):
        assert main([*RUN[:-1], folder, "--steps", "4"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"nru run: cannot write to {folder}: ")
