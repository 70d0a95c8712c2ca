# SPDX-License-Identifier: GPL-2.0-only
"""How commands end."""

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class BadInputError(Exception):
    """What the user asked for cannot be: said without a traceback, exit code 2."""

    exit_code = BAD_INPUT


def explain(error: BaseException) -> str:
    """The error's message with the notes that were added on its way."""
    return "\n".join([str(error), *getattr(error, "__notes__", [])])


def is_failed_run(error: Exception) -> bool:
    """Whether the error explains itself: the wire's and the toolchain's do, others need a traceback."""
    from pyagents.toolchain import ToolchainError  # loaded only once something is wrong
    from pyagents.wire import WireError

    return isinstance(error, (ToolchainError, WireError))
