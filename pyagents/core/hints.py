# SPDX-License-Identifier: GPL-2.0-only
"""Commands as they work here and now, for hints."""

import importlib.util
import shutil
import sys
from pathlib import Path

_WITH_TORCH = {"learn", "sb3", "rllib"}
_TORCH_ALONE = "pip install torch --index-url https://download.pytorch.org/whl/cpu"
_ROOT = Path(__file__).resolve().parents[2]


def this_python() -> str:
    """The Python that runs, as one types it: by its path from here where it is below."""
    path = Path(sys.executable)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def this_nru() -> str:
    """The command line, as one types it: a checkout's script, `nru` where it is installed, or a module."""
    script = _ROOT / "nru"
    if script.is_file() and Path.cwd() == _ROOT:
        return "./nru"
    beside = Path(sys.executable).with_name("nru")
    found = shutil.which("nru")
    if found and Path(found).resolve() in (beside.resolve(), script.resolve()):
        return "nru"
    return str(script) if script.is_file() else f"{this_python()} -m pyagents.cli"


def how_to_install(extra: str) -> str:
    """The command that installs an extra.

    Where it would bring torch with gigabytes for GPUs, the command for the build without them goes first.
    """
    command = f"{this_python()} -m pip install 'nru[{extra}]'"
    if extra in _WITH_TORCH and sys.platform == "linux" and importlib.util.find_spec("torch") is None:
        return f"without a GPU {this_python()} -m {_TORCH_ALONE} first, then {command}"
    return command
