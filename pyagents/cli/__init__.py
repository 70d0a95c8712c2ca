# SPDX-License-Identifier: GPL-2.0-only
"""The command line, `nru`: one module a command, loaded when it is called."""

import importlib
import signal
import sys

from pyagents.cli.console import complain, prepare_streams
from pyagents.cli.errors import DONE, INTERRUPTED, BadInputError, explain, find_exit_code
from pyagents.cli.signals import EndedError, ending_gently
from pyagents.core.families import ENVIRONMENT, families
from pyagents.core.family import CommandRef, load_place
from pyagents.core.names import nearest

COMMANDS = {
    "run": "one run: an agent in a scenario, whose fields are flags",
    "watch": "a run as it plays, on a page in the browser",
    "compare": "agents side by side over the same seeds, with confidence intervals",
    "train": "weights for the agents that learn, on the mock or on ns-3",
    "tune": "choose an agent's options on the mock, with the same budget for each",
    "bench": "how fast: ns-3, the mock, the wire",
    "reproduce": "a paper's figures, and what becomes of its claims",
    "plot": "a picture of runs over time, side by side",
    "film": "a moving picture of recorded runs, below each other at the same pace",
    "scenarios": "families of scenario, their presets, and how these differ",
    "serve-ns3": "let ns-3 play for an agent that listens, on this machine or another",
    "serve-mock": "let the mock speak ns-3's protocol to an agent that listens",
    "keys": "make keys, by which agent and scenario know each other across machines",
    "new-agent": "write an agent to start from, and its test",
    "build": "build the ns-3 scenario if its sources changed, and print the path of the program",
    "stress": "attack what runs, keeps and speaks, and judge what comes of it",
    "doctor": "say what of Python, compiler, ns-3 and libraries is found, and what is missing",
    "docs": "build the documentation of this checkout as a site, and print the path of its first page",
    "test": "run the tests of this checkout",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the command and its own arguments; None: those of this process.

    Returns:
        The exit code: 0 done, 1 failed run, 2 bad input, 130 interrupted.
    """
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        prepare_streams()
        with ending_gently():
            return _command(name, rest)
    except EndedError as error:
        complain(name, str(error))
        sys.stdout.flush()
        signal.raise_signal(error.number)  # whoever waits for this process learns what ended it
        return INTERRUPTED
    except KeyboardInterrupt:
        complain(name, "interrupted")
        return INTERRUPTED
    except Exception as error:
        exit_code = find_exit_code(error)
        if exit_code is None:
            raise
        complain(name, explain(error))
        return exit_code


def _command(name: str, arguments: list[str]) -> int:
    if name in ("-h", "--help"):
        print(_usage())
        return DONE
    if name == "--version":
        from pyagents import __version__

        print(f"nru {__version__}")
        return DONE
    own = _commands_of_families()
    if name in own:
        code: int = load_place(own[name].place)(arguments)
        return code
    if name not in COMMANDS:
        near = nearest(name, [*COMMANDS, *own])
        raise BadInputError(f"no such command{f'; did you mean {near}?' if near else ''}\n\n{_usage()}")
    exit_code: int = importlib.import_module(f"pyagents.cli.{name.replace('-', '_')}").main(arguments)
    return exit_code


def _commands_of_families() -> dict[str, CommandRef]:
    try:
        return {name: command for family in families() for name, command in family.commands.items()}
    except ValueError as error:
        raise BadInputError(f"{ENVIRONMENT}: {error}") from error


def _usage() -> str:
    told = COMMANDS | {name: command.does for name, command in _commands_of_families().items()}
    width = max(map(len, told)) + 2
    commands = "\n".join(f"  {name:{width}}{what}" for name, what in told.items())
    return (
        "Networks in ns-3, agents that run them in Python.\n\n"
        f"usage: nru COMMAND [OPTIONS]\n\n{commands}\n\n"
        "nru COMMAND --help says more. Exit codes: 0 done, 1 failed run, 2 bad input."
    )
