# SPDX-License-Identifier: GPL-2.0-only
"""Tells what an agent did wrong, in its author's own frames, and not how it came up here."""

import inspect
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyagents.core.extras import MissingExtraError
from pyagents.core.families import find_family
from pyagents.core.scenario import Scenario
from pyagents.core.tensors import WeightsError

_OTHERS = (
    Path(__file__).parents[1],
    *(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")),
)
"""Folders whose frames tell an agent's author nothing."""


class AgentMistakeError(Exception):
    """An agent failed, or answered what is no action; says where, what came and what was expected."""


@contextmanager
def telling(agent: Any, method: str, step: int | None = None) -> Iterator[None]:
    """Tell what goes wrong within as a mistake of the agent.

    Args:
        agent: whose method is called, or its class.
        method: its name.
        step: at which it is called; None: before the first.

    Raises:
        AgentMistakeError: something went wrong.
        MissingExtraError: a library that the agent needs is not installed.
        WeightsError: the file of its weights cannot be used, which is nobody's mistake here.
    """
    try:
        yield
    except (MissingExtraError, WeightsError):
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise AgentMistakeError(
            "\n".join([_where(agent, method, step) + what, *own_frames(error, _file(_class(agent)))])
        ) from error


def check_action(agent: Any, action: Any, scenario: Scenario, step: int) -> None:
    """Look for what is wrong with an action, and raise it as AgentMistakeError."""
    family = find_family(scenario.family)
    if not isinstance(action, family.action):
        what = f"returned {_describe(action)}; expected is {_article(_name(family.action))}"
    else:
        try:
            action.to_arrays(scenario.sizes())
        except (TypeError, ValueError) as error:
            what = f"returned an action whose {error}"
        else:
            return
    raise AgentMistakeError("\n".join([_where(agent, "act", step) + what, *_definition(agent)])) from None


def own_frames(error: BaseException, home: Path | None) -> list[str]:
    """Pick the frames of a traceback that are an author's: of the file `home`, or outside of libraries."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == home
        or (
            not frame.filename.startswith("<")
            and not any(Path(frame.filename).is_relative_to(folder) for folder in _OTHERS)
        )
    ]
    return "".join(traceback.format_list(frames)).rstrip("\n").splitlines()


def _where(agent: Any, method: str, step: int | None) -> str:
    at = "" if step is None else f" at step {step}"
    return f"agent {_class(agent).__qualname__}, {method}{at}: "


def _class(agent: Any) -> type[Any]:
    return agent if isinstance(agent, type) else type(agent)


def _describe(value: Any) -> str:
    return "None" if value is None else _article(_name(type(value)))


def _name(cls: type[Any]) -> str:
    """Name of a class, with its module unless it is Python's own."""
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiouAEIOU" else f"a {noun}"


def _definition(agent: Any) -> list[str]:
    """Say where the method that answered is."""
    try:
        line = inspect.getsourcelines(type(agent).act)[1]
    except (OSError, TypeError):
        return []
    return [f'  File "{_file(type(agent))}", line {line}, in act']


def _file(cls: type[Any]) -> Path | None:
    try:
        return Path(inspect.getfile(cls))
    except (OSError, TypeError):
        return None
