# SPDX-License-Identifier: GPL-2.0-only
"""`nru build`: the ns-3 scenario program."""

from dataclasses import dataclass

from pyagents.cli.errors import DONE
from pyagents.cli.flags import parse
from pyagents.toolchain import build
from pyagents.toolchain.builder import SCENARIO

DESCRIPTION = """Build the ns-3 programs if their sources changed.

The last line printed is the path of the scenario program."""


@dataclass(frozen=True, kw_only=True)
class BuildFlags:
    """Flags of `nru build`."""

    ns3: str | None = None
    """wheel, debian, or the folder of an ns-3; by default NRU_NS3, or the first that is found."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: BuildFlags = parse(BuildFlags, arguments, command="build", description=DESCRIPTION)
    print(build(flags.ns3).program(SCENARIO))
    return DONE
