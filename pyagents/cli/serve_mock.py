# SPDX-License-Identifier: GPL-2.0-only
"""`nru serve-mock`: the mock behind the wire, in the place of the ns-3 program."""

import sys
from dataclasses import dataclass
from typing import Annotated

import tyro

from pyagents.cli.errors import DONE, FAILED, BadInputError
from pyagents.cli.flags import parse, peek
from pyagents.cli.run import DEFAULT_SCENARIO
from pyagents.scenario import PRESETS, Scenario, find_scenario

DESCRIPTION = """Play one run with the mock for an agent that listens, over ns3-gym's protocol.

Any ns3-gym client will do, as it would for the ns-3 program; a Session starts it by itself:
Session(["./nru", "serve-mock", "--scenario=fig5"])."""


@dataclass(frozen=True, kw_only=True)
class ServeFlags:
    """What `nru serve-mock` takes."""

    endpoint: str = "tcp://127.0.0.1:5555"
    """Where the agent listens: tcp://127.0.0.1:PORT or ipc:///PATH. --openGymEndpoint means the same, and
    --openGymPort=PORT the port alone, as for the ns-3 program."""
    scenario: str = DEFAULT_SCENARIO
    """Preset, or a .json or .toml file of fields; the fields' own flags override it."""
    seed: int = 1
    """Number of the random run, 1 or above. --simSeed means the same."""
    timeout_s: float = 600.0
    """Longest wait for the agent."""
    fields: Annotated[Scenario, tyro.conf.arg(name=""), tyro.conf.OmitArgPrefixes]
    """The scenario's fields."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    arguments = [_translate(argument) for argument in arguments]
    try:
        preset = find_scenario(peek(arguments, "--scenario", DEFAULT_SCENARIO))
    except ValueError as error:
        if not {"-h", "--help"} & set(arguments):
            raise BadInputError(str(error)) from error
        preset = PRESETS[DEFAULT_SCENARIO]
    flags: ServeFlags = parse(
        ServeFlags,
        arguments,
        command="serve-mock",
        description=DESCRIPTION,
        default=ServeFlags(fields=preset),
    )
    if not 0 < flags.timeout_s < 1e6:
        raise BadInputError(f"timeout_s={flags.timeout_s:g} is not allowed: must be above 0 and below 1e6")

    from pyagents.simulators.mock import MockSimulator
    from pyagents.simulators.serve import NoAnswerError, serve

    with MockSimulator() as simulator:
        try:
            count = serve(simulator, flags.fields, flags.seed, flags.endpoint, timeout_s=flags.timeout_s)
        except ValueError as error:
            raise BadInputError(str(error)) from error
        except NoAnswerError as error:
            print(f"nru serve-mock: {error}", file=sys.stderr)
            return FAILED
    print(f"{count} of {flags.fields.steps} steps")
    return DONE


def _translate(argument: str) -> str:
    """The ns-3 program's flags for the same things, as a Session appends them."""
    name, equals, value = argument.partition("=")
    match name:
        case "--openGymEndpoint":
            return f"--endpoint{equals}{value}"
        case "--openGymPort":
            return f"--endpoint=tcp://127.0.0.1:{value}"
        case "--simSeed":
            return f"--seed{equals}{value}"
        case _:
            return argument
