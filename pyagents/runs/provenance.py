# SPDX-License-Identifier: GPL-2.0-only
"""Which code plays a run: hashes of what its results depend on besides its settings."""

import ast
import hashlib
import importlib
import importlib.util
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyagents.core.agent_spec import find_agent
from pyagents.core.families import default_family
from pyagents.simulators.registry import describe_build

_DIGITS = 16


def trace_code(agent: str, agent_config: Mapping[str, Any], simulator: str) -> dict[str, str]:
    """What a run with this agent on this simulator depends on.

    Args:
        agent: as `find_agent` takes it.
        agent_config: its options; files that they name belong to the agent.
        simulator: as `make_simulator` takes it.

    Returns:
        `agent`: hash of the agent's source, of what it imports from beside it, and of data files of these
        modules' names (weights); `metrics`: hash of what judges runs; `simulator`: its build.

    Raises:
        ValueError: no such agent.
    """
    named = {Path(value) for value in agent_config.values() if isinstance(value, str | Path) and str(value)}
    files = _agent_files(agent) + tuple(sorted(path for path in named if path.is_file()))
    return {
        "agent": _hash(files),
        "metrics": _hash(_closure(_source(default_family().metrics.source))),
        "simulator": describe_build(simulator, default_family()),
    }


def _source(module: str) -> Path:
    """File of a module."""
    return Path(inspect.getfile(importlib.import_module(module)))


def _agent_files(agent: str) -> tuple[Path, ...]:
    return _closure(Path(inspect.getfile(find_agent(agent).cls)))


@cache
def _closure(first: Path) -> tuple[Path, ...]:
    """A module's file, those of the modules in its folder that it imports, directly or not, and their data.

    Data of a module are the files beside it, or in a folder beside it, that carry its name and another
    suffix: `dqn.py` goes with `dqn.npz` and with `weights/dqn.npz`.
    """
    modules, wanted = set[Path](), [first]
    while wanted:
        path = wanted.pop()
        if path not in modules:
            modules.add(path)
            wanted += _siblings(path)
    data = {
        near
        for path in modules
        for pattern in (f"{path.stem}.*", f"*/{path.stem}.*", f"*/{path.stem}-*", f"*/{path.stem}_*")
        for near in path.parent.glob(pattern)
        if near.is_file() and near.suffix not in (".py", ".pyc", ".pyi")
    }
    return (*sorted(modules), *sorted(data))


def _siblings(path: Path) -> Iterator[Path]:
    """Files in the same folder that a module imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                imported = [module, *(f"{module}.{alias.name}" for alias in names)]
            case _:
                continue
        for name in imported:
            near = path.with_name(f"{name.rpartition('.')[2]}.py")
            if near.is_file() and _is(name, near):
                yield near


def _is(name: str, path: Path) -> bool:
    """Whether importing `name` means this file."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None and Path(spec.origin) == path


def _hash(files: tuple[Path, ...]) -> str:
    """Of names and contents."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
