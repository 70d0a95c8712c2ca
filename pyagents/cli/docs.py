# SPDX-License-Identifier: GPL-2.0-only
"""`nru docs`: the documentation of this checkout as a site."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pyagents
from pyagents.cli.errors import BAD_INPUT, DONE, FAILED, BadInputError

USAGE = """usage: nru docs [--out FOLDER]

Build the documentation of this checkout as a site, and print the path of its first page; a warning is an
error.

  --out FOLDER   folder to build in; by default build/site"""

_BAD_USAGE = 2


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    if {"-h", "--help"} & set(arguments):
        print(USAGE)
        return DONE
    builder = Path(pyagents.__file__).parents[1] / "docs" / "site" / "build.py"
    if not builder.is_file():
        raise BadInputError("the site is not part of an installed package: run this in a checkout")
    for module in ("furo", "myst_parser", "sphinx"):
        if importlib.util.find_spec(module) is None:
            raise BadInputError(f"{module} is missing: {sys.executable} -m pip install 'nru[docs]'")
    status = subprocess.run([sys.executable, str(builder), *arguments], check=False).returncode
    return {0: DONE, _BAD_USAGE: BAD_INPUT}.get(status, FAILED)
