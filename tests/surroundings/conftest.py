# SPDX-License-Identifier: GPL-2.0-only
"""Plays a small run in surroundings that a test changes, in a forked child: Python takes long to start."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from pyagents.cli import main
from pyagents.toolchain import scenario_program
from pyagents.toolchain.ns3 import CHOICE_VARIABLE
from tests.conftest import ROOT

HALL = ["--n-gnbs", "2", "--n-ues", "3", "--n-wifi-aps", "0", "--steps", "2", "--warmup-periods", "1"]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    """Exit code, or minus the signal."""
    said: str
    """Standard output and error."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A command that runs."""

    pid: int
    said: Path

    def wait(self) -> Ended:
        """Wait for its end."""
        _, status = os.waitpid(self.pid, 0)
        said = self.said.read_text(errors="replace") if self.said.exists() else ""
        return Ended(code=os.waitstatus_to_exitcode(status), said=said)


Play = Callable[..., Ended]
Start = Callable[..., Child]


def _stream(fd: int) -> Any:
    """A standard stream as Python makes it."""
    return os.fdopen(fd, "rw"[fd > 0], buffering=1, closefd=False)


def forked(change: Callable[[], object], arguments: list[str], said: Path) -> Child:
    """Run a command in a forked child, once its surroundings are changed.

    Ctrl-C before the command has begun ends the child as it ends a shell.
    """
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    pid = os.fork()
    if pid == 0:
        code, has_begun = 99, False
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, usual)
            with said.open("wb", buffering=0) as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            sys.stdin, sys.stdout, sys.stderr = (_stream(fd) for fd in range(3))
            change()
            has_begun = True
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and not has_begun:
                os._exit(130)
            with contextlib.suppress(BaseException):
                traceback.print_exc()
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        os._exit(code)
    signal.pthread_sigmask(signal.SIG_SETMASK, usual)
    return Child(pid=pid, said=said)


@pytest.fixture(scope="session")
def _program() -> None:
    if os.environ.get(CHOICE_VARIABLE) == "none":
        pytest.skip(f"{CHOICE_VARIABLE}=none")
    scenario_program()


@pytest.fixture
def home(_program: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to be in, with one for temporary files; nothing may be left in that, or running."""
    folder = Path(tempfile.mkdtemp(prefix="s", dir="/tmp"))
    (folder / "tmp").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    yield folder
    left = list((folder / "tmp").iterdir())
    deadline = time.monotonic() + 5
    while (after := _running() - before) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in after:
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    assert not after, "processes left behind"
    assert not left, "files left behind"


def _running() -> set[int]:
    return {p.pid for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE}


@pytest.fixture
def start(home: Path) -> Start:
    """Begin a run: what to change before it, and further flags."""
    count = iter(range(100))

    def begin(change: Callable[[], object] = lambda: None, *flags: str, out: str = "out") -> Child:
        named = ["run", "--agent", "max-rsrp", f"--out={out}", "--store=store", *HALL, *flags]
        return forked(change, named, home / f"said-{next(count)}")

    return begin


@pytest.fixture
def play(start: Start) -> Play:
    """Play a run to its end."""
    return lambda *arguments, **named: start(*arguments, **named).wait()


@pytest.fixture(scope="session")
def usual(_program: None, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The rows of the run in usual surroundings."""
    folder = tmp_path_factory.mktemp("usual")
    named = ["run", "--agent", "max-rsrp", f"--out={folder}/out", f"--store={folder}/store", *HALL]
    ended = forked(lambda: None, named, folder / "said").wait()
    assert ended.code == 0, ended.said
    return (folder / "out" / "rows.csv").read_bytes()
