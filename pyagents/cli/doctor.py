# SPDX-License-Identifier: GPL-2.0-only
"""`nru doctor`: what is found and what is missing."""

from dataclasses import dataclass

from rich.text import Text

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, FAILED
from pyagents.cli.flags import parse
from pyagents.cli.table import say
from pyagents.toolchain import doctor

DESCRIPTION = """Say what of Python, compiler, libraries, ns-3 and program is there, and how to get the rest.

Exit code 1 if anything is missing."""


@dataclass(frozen=True, kw_only=True)
class DoctorFlags:
    """Flags of `nru doctor`: none."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    parse(DoctorFlags, arguments, command="doctor", description=DESCRIPTION)
    findings = doctor()
    console = Console()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        mark = ("found  ", "green") if finding.found else ("missing", "red")
        console.print(Text.assemble(mark, f"  {finding.what:<{width}}  {finding.detail}"), soft_wrap=True)
        if not finding.found and finding.remedy:
            say(console, f"{'':{width + 11}}{finding.remedy}")
    return DONE if all(finding.found for finding in findings) else FAILED
