# SPDX-License-Identifier: GPL-2.0-only
"""`nru new-agent`: a file to start from, with its test."""

import keyword
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tyro.conf import Positional

from pyagents.cli.errors import DONE, BadInputError
from pyagents.cli.flags import make_folder, parse
from pyagents.core.families import default_family, find_family
from pyagents.core.files import write_whole
from pyagents.core.hints import this_nru, this_python

DESCRIPTION = """Write an agent that helps already, and a test of it, to start from.

NAME.py holds the agent with options, test_NAME.py its test, which plays it on the family's mock."""

MODULE, CLASS = "new_agent", "NewAgent"
"""Names of the template's module and class."""


@dataclass(frozen=True, kw_only=True)
class NewAgentFlags:
    """What `nru new-agent` takes."""

    name: Positional[str] = ""
    """Name of the module, such as my_agent; that of the class follows from it."""
    family: str = default_family().name
    """Name of the family that it is for."""
    folder: Path = Path()
    """Folder for the two files; the present one by default."""


def main(arguments: list[str]) -> int:
    """Run the command. See `pyagents.cli.main` for exit codes."""
    flags: NewAgentFlags = parse(NewAgentFlags, arguments, command="new-agent", description=DESCRIPTION)
    module = flags.name.removesuffix(".py").replace("-", "_")
    if not re.fullmatch("[a-z][a-z0-9_]*", module) or keyword.iskeyword(module) or module.startswith("test_"):
        raise BadInputError(
            f"name={flags.name!r} is not allowed: small letters, digits and _, as in my_agent"
        )
    try:
        family = find_family(flags.family)
    except ValueError as error:
        raise BadInputError(str(error)) from error
    if not family.template:
        raise BadInputError(f"family {family.name} has no template of an agent")
    paths = {
        name: flags.folder / name.replace(MODULE, module) for name in (f"{MODULE}.py", f"test_{MODULE}.py")
    }
    for path in paths.values():
        if path.exists():
            raise BadInputError(f"{path} is there already: name another, or remove it")
    make_folder(flags.folder)
    cls = "".join(part.capitalize() for part in module.split("_"))
    for name, path in paths.items():
        text = files(family.template).joinpath(name).read_text(encoding="utf-8")
        write_whole(path, _rename(text, family.template, module, cls))
        print(path)
    agent, test = paths.values()
    print(f"\nTest it:    {this_python()} {test}")
    name = f"{agent}:{cls}"
    print(f"Play it:    {this_nru()} run --agent {name} --simulator mock")
    print(
        f"Compare it: {this_nru()} compare --agents {name},{family.default_agent} --simulator mock --seeds 6"
    )
    return DONE


def _rename(text: str, package: str, module: str, cls: str) -> str:
    """The template's text under other names."""
    text = text.replace(f"{package}.{MODULE}", module)
    return text.replace(CLASS, cls).replace(MODULE, module)
