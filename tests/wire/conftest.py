# SPDX-License-Identifier: GPL-2.0-only
"""What the bridge's tests share: sessions with a fake simulator, and proof that nothing is left of them."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pyagents.wire import Session

Make = Callable[..., Session]
"""Makes a session with the fake simulator from its flags and the session's options."""

SIMULATOR = Path(__file__).with_name("fake_simulator.py")


def simulator_command(*arguments: str) -> list[str]:
    return [sys.executable, str(SIMULATOR), *arguments]


def children() -> set[int]:
    """Processes below this one that run, but for the one that Python keeps for `multiprocessing`."""
    return {
        process.pid
        for process in psutil.Process().children(recursive=True)
        if process.status() != psutil.STATUS_ZOMBIE
        and not any("multiprocessing.resource_tracker" in word for word in process.cmdline())
    }


def socket_directories() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("nru-wire-*"))


def gone(pid: int, within_s: float = 2.0) -> bool:
    """Whether a process ends in time; one that nobody has reaped yet has ended."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(autouse=True)
def _project_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    root = str(Path(__file__).parents[2])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])]))


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test leaves no child process, no zombie, no socket and no open file descriptor behind."""
    home = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    monkeypatch.setenv("TMPDIR", str(home))
    yield
    monkeypatch.undo()
    # The resource tracker belongs to multiprocessing, and lives as long as this process.
    left = [p for p in psutil.Process().children() if "resource_tracker" not in " ".join(p.cmdline())]
    files = list(home.iterdir())
    shutil.rmtree(home)
    assert not left, "processes left behind"
    assert not files, "files left behind"
    assert not list(tmp_path.rglob("*.sock")), "sockets left behind"


@pytest.fixture
def session() -> Iterator[Make]:
    """Makes sessions with the fake simulator; closes them at the end."""
    made: list[Session] = []

    def make(*arguments: str, **options: Any) -> Session:
        made.append(Session(simulator_command(*arguments), **{"timeout_s": 10.0, **options}))
        return made[-1]

    yield make
    for one in made:
        one.close()
