# SPDX-License-Identifier: GPL-2.0-only
"""Says what of the toolchain is there, and how to get what is not."""

import platform
import sys

from pyagents.core.hints import this_nru
from pyagents.toolchain.builder import SCENARIO, plan
from pyagents.toolchain.errors import ToolchainError
from pyagents.toolchain.ns3 import find_ns3
from pyagents.toolchain.system import Finding, system_findings


def doctor() -> list[Finding]:
    """Everything between this machine and a running scenario: Python, system packages, ns-3, the program."""
    building = [] if _has_programs() else system_findings()
    return [_python(), *building, _ns3(), _scenario()]


def _has_programs() -> bool:
    """Nothing is built here: the programs were given."""
    try:
        return find_ns3().kind == "programs"
    except ToolchainError:
        return False


def _python() -> Finding:
    version = platform.python_version()
    found = sys.version_info >= (3, 11)
    return Finding(
        what="Python",
        found=found,
        detail=f"{version}, {sys.executable}",
        remedy="" if found else "Python 3.11 or newer is needed",
    )


def _ns3() -> Finding:
    try:
        ns3 = find_ns3()
    except ToolchainError as error:
        return Finding(what="ns-3", found=False, detail="not found", remedy=error.remedy)
    return Finding(what="ns-3", found=True, detail=f"{ns3.version} ({ns3.kind}), {ns3.root}")


def _scenario() -> Finding:
    try:
        build = plan()
    except ToolchainError:
        return Finding(
            what="scenario",
            found=False,
            detail="not built: no ns-3",
            remedy=f"ns-3 first, then {this_nru()} build",
        )
    program = build.program(SCENARIO)
    if build.is_current(SCENARIO):
        return Finding(what="scenario", found=True, detail=str(program))
    detail = "its sources changed since it was built" if program.is_file() else "not built yet"
    return Finding(what="scenario", found=False, detail=detail, remedy=f"{this_nru()} build")
