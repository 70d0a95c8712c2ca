# SPDX-License-Identifier: GPL-2.0-only
"""`nru new-agent` writes an agent that helps, and a test of it that runs at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyagents.cli import main
from pyagents.core.families import ENVIRONMENT
from tests.conftest import ROOT
from tests.test_cli import exit_code


def test_the_agent_and_its_test_run_as_written(in_tmp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-agent", "calm_mover", "--folder", "mine"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[:2] == ["mine/calm_mover.py", "mine/test_calm_mover.py"]
    assert "run --agent mine/calm_mover.py:CalmMover --simulator mock" in out
    for path in in_tmp.glob("mine/*.py"):
        assert "NewAgent" not in path.read_text()
        assert "new_agent" not in path.read_text()
    command = [sys.executable, "mine/test_calm_mover.py"]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Ran 2 tests" in done.stderr
    play = ["run", "--agent", "mine/calm_mover.py:CalmMover", "--simulator", "mock", "--scenario", "fig5"]
    assert main([*play, "--agent.moving-share", "0.2", "--steps", "3"]) == 0
    assert exit_code([*play, "--agent.moving-share", "2"]) == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "name='' is not allowed"),
        (["My Agent"], "name='My Agent' is not allowed: small letters, digits and _"),
        (["class"], "name='class' is not allowed"),
        (["there"], "there.py is there already"),
        (["mine", "--family", "none"], "family 'none' is unknown"),
        (["mine", "--family", "two-queues"], "family two-queues has no template of an agent"),
    ],
)
def test_what_cannot_be_written_says_why(
    arguments: list[str],
    why: str,
    in_tmp: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "tests.two_queues:FAMILY")
    (in_tmp / "there.py").write_text("mine = True\n")
    assert main(["new-agent", *arguments]) == 2
    assert why in capsys.readouterr().err
    assert [path.name for path in in_tmp.iterdir()] == ["there.py"]
    assert (in_tmp / "there.py").read_text() == "mine = True\n"
