# SPDX-License-Identifier: GPL-2.0-only
"""`nru serve-ns3`: the ns-3 program for an agent who listens, here or on another machine."""

import os
import sys
from typing import Any

from pyagents.cli.errors import BadInputError
from pyagents.cli.serving import ServeFlags, parse_serving
from pyagents.core.families import find_family

DESCRIPTION = """Play one run with ns-3 for an agent that listens, over ns3-gym's protocol.

The counterpart of `nru run --endpoint`; give both the same --scenario, fields and --seed. It becomes the ns-3
program: exit codes and what it prints are the program's."""


def main(arguments: list[str]) -> int:
    """Run the command, which does not return. See `pyagents.cli.main` for exit codes."""
    flags = parse_serving(arguments, command="serve-ns3", description=DESCRIPTION)

    from pyagents.simulators.ns3 import own_environment
    from pyagents.toolchain import scenario_program

    family = find_family(flags.fields.family)
    if not family.program:
        raise BadInputError(f"family {family.name} has no ns-3 program")
    program = str(scenario_program(family.program))
    print(
        f"Waits for an agent at {flags.endpoint}, at most {flags.timeout_s:g} s.", file=sys.stderr, flush=True
    )
    os.execve(program, [program, *program_flags(flags)], own_environment())


def program_flags(flags: ServeFlags[Any]) -> list[str]:
    """The same for the ns-3 program."""
    from pyagents.simulators.announcement import announce
    from pyagents.simulators.ns3 import packet_flags, scenario_flags

    keys = [] if flags.keys is None else [f"--openGymKeys={flags.keys}"]
    patience = f"{round(flags.timeout_s * 1000)}ms"
    return [
        *scenario_flags(flags.fields, flags.seed),
        *packet_flags(),
        f"--openGymEndpoint={flags.endpoint}",
        *keys,
        f"--ns3::GymInterface::Info={announce(flags.fields, flags.seed)}",
        f"--openGymTimeout={patience}",
        f"--ns3::GymInterface::ConnectTimeout={patience}",
    ]
