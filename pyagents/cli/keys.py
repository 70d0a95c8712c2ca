# SPDX-License-Identifier: GPL-2.0-only
"""`nru keys`: what agent and scenario need to speak across machines."""

from dataclasses import dataclass
from pathlib import Path

from pyagents.cli.errors import DONE, BadInputError, refusing
from pyagents.cli.flags import parse

DESCRIPTION = """Make a pair of keys for the agent and one for the scenario, for CURVE, libzmq's encryption.

agent.public, agent.secret, scenario.public, scenario.secret. The agent's machine needs agent.secret and
scenario.public; the scenario's machine scenario.secret and both public keys. Keys that are there stay."""


@dataclass(frozen=True, kw_only=True)
class KeysFlags:
    """Flags of `nru keys`."""

    out: Path
    """Folder for them, made for its owner alone if it is not there."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: KeysFlags = parse(KeysFlags, arguments, command="keys", description=DESCRIPTION)

    from pyagents.wire.process.keys import make_keys

    try:
        with refusing():
            made = make_keys(flags.out)
    except OSError as error:
        raise BadInputError(f"cannot write keys to {flags.out}: {error.strerror}") from error
    for path in made:
        print(path)
    if not made:
        print(f"nothing to make: the keys in {flags.out} stay")
    return DONE
