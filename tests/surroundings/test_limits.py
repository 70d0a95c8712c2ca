# SPDX-License-Identifier: GPL-2.0-only
"""Where something runs out, it is said in a line; nothing half is left for a result."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.surroundings.conftest import Play

pytestmark = [pytest.mark.ns3, pytest.mark.timeout(1200)]


def limit(what: int, most: int) -> Callable[[], object]:
    return lambda: resource.setrlimit(what, (most, most))


def more_memory(mib: int) -> Callable[[], object]:
    """Allow so much beside what is mapped already."""
    return lambda: limit(resource.RLIMIT_AS, psutil.Process().memory_info().vms + mib * 2**20)()


LIMITS = {
    **{f"{n} files": limit(resource.RLIMIT_NOFILE, n) for n in (24, 32, 48, 80, 256)},
    **{f"files of {n} bytes": limit(resource.RLIMIT_FSIZE, n) for n in (0, 100, 1000, 10_000)},
    **{f"{n} MiB more of memory": more_memory(n) for n in (128, 512, 8192)},
    "no core": limit(resource.RLIMIT_CORE, 0),
    "a small stack": limit(resource.RLIMIT_STACK, 2**20),
    "little to lock": limit(resource.RLIMIT_MEMLOCK, 0),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_kept_or_told(name: str, home: Path, play: Play, usual: bytes) -> None:
    ended = play(LIMITS[name])
    assert "Traceback" not in ended.said
    assert ended.code in (0, 1, 2), ended.said
    rows = home / "out" / "rows.csv"
    if ended.code == 0:
        assert rows.read_bytes() == usual
    else:
        assert not rows.exists() or rows.read_bytes() == usual


OUTPUTS: dict[str, Callable[[], object]] = {
    "no output": lambda: os.close(1),
    "no errors": lambda: os.close(2),
    "neither": lambda: os.closerange(1, 3),
    "none of the three": lambda: os.closerange(0, 3),
    "full errors": lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), 2),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_who_does_not_listen_still_gets_files(name: str, home: Path, play: Play, usual: bytes) -> None:
    play(OUTPUTS[name])
    assert (home / "out" / "rows.csv").read_bytes() == usual


def leave() -> None:
    reader, writer = os.pipe()
    os.dup2(writer, 1)
    os.close(reader)


@pytest.mark.parametrize("change", [leave, lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), 1)])
def test_output_that_goes_nowhere_ends_a_run_in_a_line(
    change: Callable[[], object], home: Path, play: Play, usual: bytes
) -> None:
    ended = play(change)
    assert "Traceback" not in ended.said
    assert ended.code == 1
    assert not (home / "out" / "rows.csv").exists() or (home / "out" / "rows.csv").read_bytes() == usual
