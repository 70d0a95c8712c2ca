# SPDX-License-Identifier: GPL-2.0-only
"""`nru doctor`: what is found and what is missing."""

from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from pyagents.cli.errors import DONE, FAILED
from pyagents.cli.flags import parse
from pyagents.toolchain import doctor

DESCRIPTION = """Say what of Python, compiler, libraries, ns-3 and program is there, and how to get the rest.

Exit code 1 if anything is missing."""


@dataclass(frozen=True, kw_only=True)
class DoctorFlags:
    """What `nru doctor` takes: nothing."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    parse(DoctorFlags, arguments, command="doctor", description=DESCRIPTION)
    findings = doctor()
    console = Console()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        mark = "[green]found  [/green]" if finding.found else "[red]missing[/red]"
        console.print(
            f"{mark}  {finding.what:<{width}}  {escape(finding.detail)}", highlight=False, soft_wrap=True
        )
        if not finding.found and finding.remedy:
            console.print(f"{'':{width + 11}}{escape(finding.remedy)}", highlight=False, soft_wrap=True)
    return DONE if all(finding.found for finding in findings) else FAILED
