# SPDX-License-Identifier: GPL-2.0-only
"""How commands end."""

from collections.abc import Iterator
from contextlib import contextmanager

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class CommandError(Exception):
    """A command cannot do what it was asked for: said without a traceback."""

    exit_code = FAILED


class BadInputError(CommandError):
    """What the user asked for cannot be."""

    exit_code = BAD_INPUT


@contextmanager
def refusing(*kinds: type[Exception]) -> Iterator[None]:
    """Turn errors of these kinds, and ValueErrors, into a BadInputError that says the same."""
    refused: tuple[type[Exception], ...] = (ValueError, *kinds)
    try:
        yield
    except refused as error:
        raise BadInputError(str(error)) from error


def explain(error: BaseException) -> str:
    """The error's message with the notes that were added on its way."""
    message = ": ".join(filter(None, ("out of memory" if _lacks_memory(error) else "", str(error))))
    return "\n".join([message, *getattr(error, "__notes__", [])])


def _lacks_memory(error: BaseException) -> bool:
    """Whether there was no room, also for a library that was to be loaded."""
    return isinstance(error, MemoryError) or (
        isinstance(error, ImportError) and "failed to map segment" in str(error)
    )


def find_exit_code(error: Exception) -> int | None:
    """The exit code for an error that explains itself; None for others, which need a traceback."""
    if isinstance(error, CommandError):
        return error.exit_code
    if isinstance(error, OSError) or _lacks_memory(error):  # what the system refuses: files, rights, room
        return FAILED

    from pyagents.core.files import BusyFolderError  # loaded only once something is wrong
    from pyagents.core.mistake import AgentMistakeError
    from pyagents.core.simulator import ImpossibleScenarioError
    from pyagents.runs.export import OtherRunError
    from pyagents.runs.store import LostRecordError
    from pyagents.runs.workers import LostClusterError
    from pyagents.toolchain import ToolchainError
    from pyagents.wire import WireError

    if isinstance(error, ImpossibleScenarioError):
        return BAD_INPUT
    told = (
        AgentMistakeError,
        BusyFolderError,
        LostClusterError,
        LostRecordError,
        OtherRunError,
        ToolchainError,
        WireError,
    )
    return FAILED if isinstance(error, told) else None
