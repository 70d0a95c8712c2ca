# SPDX-License-Identifier: GPL-2.0-only
"""The C++ test suites under the address and undefined-behaviour sanitizers.

They take a build of their own and half an hour, so they run when they are asked for:

    NRU_SANITIZE=address,undefined ./nru test --slow tests/test_sanitizers.py
"""

import os
import subprocess
from pathlib import Path

import pytest

from pyagents.toolchain import test_runner as build_test_runner
from pyagents.toolchain.builder import SANITIZERS_VARIABLE
from tests.test_ns3_suites import SUITES

SANITIZERS = os.environ.get(SANITIZERS_VARIABLE, "")

pytestmark = [
    pytest.mark.ns3,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not SANITIZERS, reason=f"{SANITIZERS_VARIABLE} names none, such as address,undefined"),
]


@pytest.fixture(scope="module")
def runner() -> Path:
    return build_test_runner()


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
