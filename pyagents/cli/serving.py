# SPDX-License-Identifier: GPL-2.0-only
"""What the commands share that play a scenario for an agent who listens: `serve-mock`, `serve-ns3`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import tyro

from pyagents.cli.errors import refusing
from pyagents.cli.flags import DEFAULT_SCENARIO, check_counts, check_timeout, fields_of, parse, peek_scenario

Fields = TypeVar("Fields")


@dataclass(frozen=True, kw_only=True)
class ServeFlags(Generic[Fields]):
    """Flags of `nru serve-mock` and `nru serve-ns3`."""

    endpoint: str = "tcp://127.0.0.1:5555"
    """Place where the agent listens: tcp://127.0.0.1:PORT or ipc:///PATH; with --keys also
    tcp://HOST:PORT."""
    keys: Path | None = None
    """Folder that `nru keys` filled, for an agent who has such keys. --openGymKeys means the same."""
    scenario: str = DEFAULT_SCENARIO
    """Preset, or a .json or .toml file of fields; the fields' own flags override it."""
    seed: int = 1
    """Number of the random run, 1 or above. --simSeed means the same."""
    timeout_s: float = 600.0
    """Longest wait for the agent."""
    fields: Annotated[Fields, tyro.conf.OmitArgPrefixes]
    """Fields of the scenario."""


def parse_serving(arguments: list[str], *, command: str, description: str) -> ServeFlags[Any]:
    """Parse the command line, check keys and endpoint; BadInputError where a flag is wrong."""
    arguments = [_translate(argument) for argument in arguments]
    fields = fields_of(peek_scenario(arguments), arguments)
    flags: ServeFlags[Any] = parse(
        ServeFlags[type(fields)],  # type: ignore[misc]
        arguments,
        command=command,
        description=description,
        default=ServeFlags(fields=fields),
    )
    check_timeout(flags.timeout_s)
    check_counts(flags, "seed")

    from pyagents.wire.process.endpoints import check_peer
    from pyagents.wire.process.keys import load_scenario_keys

    with refusing():
        if flags.keys is not None:
            load_scenario_keys(flags.keys)
        check_peer(flags.endpoint, has_keys=flags.keys is not None)
    return flags


def _translate(argument: str) -> str:
    """Spell the ns-3 program's flags, as a Session appends them, as those of the command."""
    name, equals, value = argument.partition("=")
    match name:
        case "--openGymEndpoint":
            return f"--endpoint{equals}{value}"
        case "--openGymPort":
            return f"--endpoint=tcp://127.0.0.1:{value}"
        case "--openGymKeys":
            return f"--keys{equals}{value}"
        case "--simSeed":
            return f"--seed{equals}{value}"
        case _:
            return argument
