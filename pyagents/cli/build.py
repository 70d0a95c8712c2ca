# SPDX-License-Identifier: GPL-2.0-only
"""`nru build`: the ns-3 programs."""

from dataclasses import dataclass

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import parse
from pyagents.toolchain import build
from pyagents.toolchain.builder import SCENARIO
from pyagents.toolchain.sources import list_programs, source_directory

DESCRIPTION = """Build the ns-3 programs if their sources changed.

The last line printed is the path of the program, of all that of the first scenario."""


@dataclass(frozen=True, kw_only=True)
class BuildFlags:
    """Flags of `nru build`."""

    ns3: str | None = None
    """wheel, debian, or the folder of an ns-3; by default NRU_NS3, or the first that is found."""
    program: str = ""
    """The one to build, such as iot-edge; by default all."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: BuildFlags = parse(BuildFlags, arguments, command="build", description=DESCRIPTION)
    known = list_programs(source_directory())
    if flags.program not in ("", *known):
        raise BadInputError(f"program={flags.program!r} is not allowed: must be of {', '.join(known)}")
    print(build(flags.ns3, only=flags.program).program(flags.program or SCENARIO))
    return DONE
