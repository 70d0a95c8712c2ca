# SPDX-License-Identifier: GPL-2.0-only
"""The C++ test suites under the address and undefined-behaviour sanitizers.

They take a build of their own and half an hour, so they run when they are asked for:

    NRU_SANITIZE=address,undefined ./nru test --slow tests/test_sanitizers.py
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyagents.toolchain.builder import TEST_RUNNER, plan
from pyagents.toolchain.sources import build_directory
from tests.test_ns3_suites import SUITES

SANITIZERS = os.environ.get("NRU_SANITIZE", "")

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not SANITIZERS, reason="NRU_SANITIZE is not set, to address,undefined for one"),
]


@pytest.fixture(scope="module")
def runner() -> Path:
    usual = plan()
    folder = build_directory(usual.sources, f"sanitized-{usual.ns3.label}")
    subprocess.run(
        [
            "cmake",
            *(["-G", "Ninja"] if shutil.which("ninja") else []),
            *("-S", str(usual.sources), "-B", str(folder)),
            f"-DNRU_NS3={usual.ns3.choice}",
            f"-DPython3_EXECUTABLE={sys.executable}",
            f"-DNRU_SANITIZE={SANITIZERS}",
            "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
        ],
        check=True,
    )
    subprocess.run(["cmake", "--build", str(folder), "--target", TEST_RUNNER, "--parallel"], check=True)
    return folder / TEST_RUNNER


@pytest.mark.parametrize("suite", SUITES)
def test_suite_is_clean(suite: str, runner: Path, tmp_path: Path) -> None:
    options = {
        "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
        "ASAN_OPTIONS": "detect_stack_use_after_return=1",
    }
    done = subprocess.run(
        [runner, f"--suite={suite}"],
        cwd=tmp_path,
        env=os.environ | options,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{suite}:\n{done.stdout[-3000:]}{done.stderr[-9000:]}"
