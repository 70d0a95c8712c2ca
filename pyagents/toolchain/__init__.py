# SPDX-License-Identifier: GPL-2.0-only
"""The C++ side as Python sees it: which ns-3 there is, and programs built against it when sources change."""

from pyagents.toolchain.builder import Build, build, scenario_program, test_runner
from pyagents.toolchain.doctor import doctor
from pyagents.toolchain.errors import ToolchainError
from pyagents.toolchain.ns3 import Ns3, find_ns3
from pyagents.toolchain.system import Finding

__all__ = [
    "Build",
    "Finding",
    "Ns3",
    "ToolchainError",
    "build",
    "doctor",
    "find_ns3",
    "scenario_program",
    "test_runner",
]
