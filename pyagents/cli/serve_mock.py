# SPDX-License-Identifier: GPL-2.0-only
"""`nru serve-mock`: the mock behind the wire, in the place of the ns-3 program."""

from pyagents.cli.errors import DONE
from pyagents.cli.serving import parse_serving
from pyagents.core.families import find_family

DESCRIPTION = """Play one run with the mock for an agent that listens, over ns3-gym's protocol.

Any ns3-gym client will do, as it would for the ns-3 program; a Session starts it by itself:
Session(["./nru", "serve-mock", "--scenario=fig5"])."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags = parse_serving(arguments, command="serve-mock", description=DESCRIPTION)

    from pyagents.simulators.registry import make_simulator
    from pyagents.simulators.serve import serve
    from pyagents.wire.process.keys import load_scenario_keys

    keys = None if flags.keys is None else load_scenario_keys(flags.keys)
    with make_simulator("mock", None, find_family(flags.fields.family)) as simulator:
        count = serve(
            simulator, flags.fields, flags.seed, flags.endpoint, keys=keys, timeout_s=flags.timeout_s
        )
    print(f"{count} of {flags.fields.steps} steps")
    return DONE
