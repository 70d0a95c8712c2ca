# SPDX-License-Identifier: GPL-2.0-only
"""From words on the command line to objects."""

import argparse
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import tyro

from pyagents.cli.console import Console
from pyagents.cli.errors import DONE, BadInputError, CommandError, refusing
from pyagents.cli.scenario_help import FLAG, NoFields, print_scenario_help
from pyagents.core.families import default_family, families, find_family, find_scenario
from pyagents.core.family import Family
from pyagents.core.scenario import Scenario

T = TypeVar("T")

DEFAULT_SCENARIO = default_family().default
MOST_SEED, MOST = 2**32 - 1, 1_000_000
"""Highest seed that all simulators take; highest of all other counts."""
_LEAST_COLUMNS = 40
STORE = Path("results/runs")
"""Folder of the store, if no other is named."""


def parse(form: Any, arguments: list[str], *, command: str, description: str, default: Any = None) -> Any:
    """Fill a dataclass from flags; exit with 0 for `--help`, 2 for a bad flag; BadInputError for a value."""
    known = {} if default is None else {"default": default}
    with refusing(), _wide_enough():
        return tyro.cli(form, args=arguments, prog=f"nru {command}", description=description, **known)


@contextmanager
def _wide_enough() -> Iterator[None]:
    """Within this the terminal is wide enough for help: in a few columns tyro never ends."""
    given = os.environ.get("COLUMNS")
    if shutil.get_terminal_size().columns < _LEAST_COLUMNS:
        os.environ["COLUMNS"] = str(_LEAST_COLUMNS)
    try:
        yield
    finally:
        os.environ.pop("COLUMNS", None)
        if given is not None:
            os.environ["COLUMNS"] = given


def peek(arguments: list[str], flag: str, default: str) -> str:
    """Read the value of one flag ahead of the others, because it decides which others there are."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument(flag, dest="value", default=default)
    try:
        value: str = parser.parse_known_args(arguments)[0].value
    except argparse.ArgumentError:  # a flag without its value: the full parser says so
        return default
    return value


def take_agent(
    arguments: list[str], command: str, description: str, names: Iterable[str]
) -> tuple[str, Family, list[str]] | None:
    """Take the agent in front of a command's flags: its name, its family, and the flags; None after help."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(f"usage: nru {command} AGENT [OPTIONS]\n\nAgents: {', '.join(names)}.\n\n{description}")
        return None
    name, *rest = arguments
    return name, peek_family(rest), rest


def peek_family(arguments: list[str]) -> Family:
    """Find the family that `--family` names, without it the first; BadInputError where there is none."""
    with refusing():
        return find_family(peek(arguments, "--family", default_family().name))


def peek_scenario(arguments: list[str]) -> Scenario:
    """Find the scenario that the other flags start from; print its fields and exit on `--help-scenario`."""
    scenario = peek_and_find(arguments, "--scenario", DEFAULT_SCENARIO, find_scenario)
    if FLAG in arguments:
        print_scenario_help(scenario, Console())
        raise SystemExit(DONE)
    return scenario


def fields_of(scenario: Scenario, arguments: list[str]) -> Any:
    """Take what stands for the scenario's fields among flags: itself, or none where help is wanted."""
    return NoFields() if wants_help(arguments) else scenario


def wants_help(arguments: list[str]) -> bool:
    """Tell whether only help is asked for."""
    return bool({"-h", "--help"} & set(arguments))


def peek_and_find(
    arguments: list[str], flag: str, default: str, find: Callable[[str], T], *refused: type[Exception]
) -> T:
    """Find what one flag names, or the default where it is missing or only help is wanted.

    Raises BadInputError where there is none: where `find` raises ValueError, or an error that is `refused`.
    """
    kinds: tuple[type[Exception], ...] = (ValueError, *refused)
    try:
        return find(peek(arguments, flag, default))
    except kinds as error:
        if wants_help(arguments):
            return find(default)
        raise BadInputError(str(error)) from error


def list_choices(family: Family) -> str:
    """Say what help says of scenarios and agents."""
    presets = "; ".join(f"{', '.join(one.presets)} ({one.name})" for one in families())
    return (
        f"Scenarios: {presets}; `nru scenarios` says how they differ, --help-scenario what they are made of. "
        f"Agents of {family.name}: "
        f"{', '.join(family.agents)}, or anybody's as package.module:Class or path/to/file.py:Class; "
        "--agent NAME --help shows the options of one."
    )


def make_folder(folder: Path) -> Path:
    """Make the folder for results; BadInputError, or CommandError for a disk that is full or read-only."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        kind = CommandError if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS) else BadInputError
        raise kind(f"cannot write to {folder}: {error.strerror}") from error
    return folder


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be made, as `make_folder` does, and leave nothing."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        make_folder(folder)
    finally:
        for path in new:
            with suppress(OSError):  # `a/..` goes with `a`
                path.rmdir()


def check_counts(flags: Any, *names: str, least: float = 1) -> None:
    """Refuse numbers that these fields of a command's flags cannot be, with BadInputError."""
    for name in names:
        value = getattr(flags, name)
        most = MOST_SEED if name == "seed" else MOST
        if not least <= value <= most:
            raise BadInputError(f"{name}={value} is not allowed: must be at least {least} and at most {most}")


def check_timeout(timeout_s: float) -> None:
    """Refuse a deadline that is none, with BadInputError."""
    if not 0 < timeout_s < 1e6:
        raise BadInputError(f"timeout_s={timeout_s:g} is not allowed: must be above 0 and below 1e6")
