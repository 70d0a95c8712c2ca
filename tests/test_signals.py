# SPDX-License-Identifier: GPL-2.0-only
"""Whatever ends the command line, neither a process nor a temporary folder stays behind for long."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pyagents.cli.signals import ending_gently
from pyagents.core.private_directory import PrivateDirectory
from tests.conftest import ROOT
from tests.test_sweep import AGENTS, wait_for

ARGUMENTS = ["--simulator", "mock", "--scenario", "fig5", "--steps", "5000"]
COMMANDS = {
    "run": ["run", "--agent", f"{AGENTS}:Slow", *ARGUMENTS],
    "compare": ["compare", "--agents", f"{AGENTS}:Slow", "--seeds", "2", "--workers", "2", *ARGUMENTS],
}
RETURNED = {signal.SIGINT: 130, signal.SIGTERM: -signal.SIGTERM, signal.SIGHUP: -signal.SIGHUP}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("number", [*RETURNED, signal.SIGKILL])
def test_an_ended_command_leaves_nothing(command: str, number: signal.Signals, tmp_path: Path) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-m", "pyagents.cli", *COMMANDS[command]],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            wait_for(lambda: list(temporary.rglob("nru-work-*")))
            time.sleep(0.5)
            family = psutil.Process(process.pid).children(recursive=True)
            start = time.monotonic()
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
            _, alive = psutil.wait_procs(family, timeout=10)
            assert time.monotonic() - start < 8
        finally:
            process.kill()
    assert not alive
    assert process.returncode == RETURNED.get(number, -number)
    assert b"Traceback" not in errors
    if number == signal.SIGKILL:
        (left,) = temporary.iterdir()
        os.utime(left, (0, 0))
        prefix = left.name.rpartition("-")[0] + "-"
        PrivateDirectory(prefix, str(temporary)).remove()  # the next start
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_one_where_a_class_is_being_made(number: signal.Signals) -> None:
    class Named:
        def __set_name__(self, owner: type, name: str) -> None:
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt), ending_gently():
        type("Made", (), {"it": Named()})


def test_an_error_that_no_signal_made_is_left_as_it_is() -> None:
    with pytest.raises(RuntimeError, match="other") as error, ending_gently():
        raise RuntimeError("other") from ValueError("cause")
    assert isinstance(error.value.__cause__, ValueError)
