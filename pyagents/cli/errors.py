# SPDX-License-Identifier: GPL-2.0-only
"""How commands end."""

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class BadInputError(Exception):
    """What the user asked for cannot be: said without a traceback, exit code 2."""

    exit_code = BAD_INPUT


def explain(error: BaseException) -> str:
    """The error's message with the notes that were added on its way."""
    return "\n".join([str(error), *getattr(error, "__notes__", [])])


def find_exit_code(error: Exception) -> int | None:
    """The exit code for an error that explains itself; None for others, which need a traceback."""
    from pyagents.core.simulator import ImpossibleScenarioError  # loaded only once something is wrong
    from pyagents.toolchain import ToolchainError
    from pyagents.wire import WireError

    if isinstance(error, ImpossibleScenarioError):
        return BAD_INPUT
    return FAILED if isinstance(error, (ToolchainError, WireError)) else None
