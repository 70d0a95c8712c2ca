# SPDX-License-Identifier: GPL-2.0-only
"""The C++ test suites, each as one test here."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from pyagents.toolchain import test_runner as build_test_runner
from pyagents.toolchain.ns3 import CHOICE_VARIABLE
from pyagents.toolchain.sources import source_directory

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.skipif(os.environ.get(CHOICE_VARIABLE) == "none", reason=f"{CHOICE_VARIABLE}=none"),
    pytest.mark.timeout(1200),  # the first of them may have to build
]

SUITES = sorted(
    name
    for path in source_directory().glob("test/*.cc")
    for name in re.findall(r':\s*TestSuite\("([^"]+)"', path.read_text())
)


@pytest.fixture(scope="module")
def runner() -> Path:
    return build_test_runner()


def _run(runner: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([runner, *arguments], cwd=folder, capture_output=True, text=True, timeout=280)


def test_the_runner_has_every_suite_of_the_sources(runner: Path, tmp_path: Path) -> None:
    assert sorted(_run(runner, tmp_path, "--list").stdout.split()) == SUITES


def test_the_runner_fails_on_a_suite_that_does_not_exist(runner: Path, tmp_path: Path) -> None:
    assert _run(runner, tmp_path, "--suite=no-such-suite").returncode != 0


@pytest.mark.parametrize("suite", SUITES)
def test_suite(suite: str, runner: Path, tmp_path: Path) -> None:
    result = _run(runner, tmp_path, f"--suite={suite}", "--verbose")
    assert result.returncode == 0, f"{suite}:\n{result.stdout[-6000:]}{result.stderr[-6000:]}"
    assert f"PASS {suite}" in result.stdout
