# SPDX-License-Identifier: GPL-2.0-only
"""`nru test`: the tests of this checkout."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pyagents
from pyagents.cli.errors import BAD_INPUT, DONE, FAILED, BadInputError
from pyagents.core.hints import how_to_install
from pyagents.toolchain import test_runner
from pyagents.toolchain.ns3 import CHOICE_VARIABLE

USAGE = """usage: nru test [PYTEST OPTIONS]

Run the tests of this checkout with pytest, which takes all further arguments. Without any they run in as many
processes as there are cores, four at most. Some that help:

  -k WORD        only tests with the word in their names
  -m "not ns3"   only tests that do not need ns-3
  --slow         also those that take minutes: the paper's regime, the mock beside ns-3
  -x             stop at the first failure
  --lf           only those that failed last time
  -n 2           in two processes"""

_PROCESSES = 4

_PYTEST_BAD_USAGE = 4


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    if {"-h", "--help"} & set(arguments):
        print(USAGE)
        return DONE
    root = Path(pyagents.__file__).parents[1]
    if not (root / "tests").is_dir():
        raise BadInputError("the tests are not part of an installed package: run this in a checkout")
    if importlib.util.find_spec("pytest") is None:
        raise BadInputError(f"pytest is missing: {how_to_install('test')}")
    if "not ns3" not in arguments and os.environ.get(CHOICE_VARIABLE) != "none":
        test_runner()  # built here, where it shows; within a test its time would count against the test's
    if not arguments:  # neighbours stay together and share what they start, until a process has nothing left
        arguments = ["-n", str(min(len(os.sched_getaffinity(0)), _PROCESSES)), "--dist", "worksteal"]
    status = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=root, check=False).returncode
    return {0: DONE, _PYTEST_BAD_USAGE: BAD_INPUT}.get(status, FAILED)
