# SPDX-License-Identifier: GPL-2.0-only
"""From words on the command line to objects."""

import argparse
from pathlib import Path
from typing import Any, TypeVar

import tyro

from pyagents.cli.errors import BadInputError
from pyagents.core.families import default_family, find_family
from pyagents.core.family import Family

T = TypeVar("T")


def parse(form: Any, arguments: list[str], *, command: str, description: str, default: Any = None) -> Any:
    """Fill a dataclass from flags; on `--help` or a bad flag print what to know and exit with 0 or 2.

    Raises:
        BadInputError: a value is not allowed.
    """
    known = {} if default is None else {"default": default}
    try:
        return tyro.cli(form, args=arguments, prog=f"nru {command}", description=description, **known)
    except ValueError as error:
        raise BadInputError(str(error)) from error


def peek(arguments: list[str], flag: str, default: str) -> str:
    """Value of one flag, read ahead of the others because it decides which others there are."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument(flag, dest="value", default=default)
    try:
        value: str = parser.parse_known_args(arguments)[0].value
    except argparse.ArgumentError:  # a flag without its value: the full parser says so
        return default
    return value


def peek_family(arguments: list[str]) -> Family:
    """The family that `--family` names; without it the first.

    Raises:
        BadInputError: there is none of that name.
    """
    try:
        return find_family(peek(arguments, "--family", default_family().name))
    except ValueError as error:
        raise BadInputError(str(error)) from error


def make_folder(folder: Path) -> Path:
    """Make the folder that results go to.

    Raises:
        BadInputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"cannot write to {folder}: {error.strerror}") from error
    return folder


def check_timeout(timeout_s: float) -> None:
    """Refuse a deadline that is none.

    Raises:
        BadInputError: so it is.
    """
    if not 0 < timeout_s < 1e6:
        raise BadInputError(f"timeout_s={timeout_s:g} is not allowed: must be above 0 and below 1e6")
