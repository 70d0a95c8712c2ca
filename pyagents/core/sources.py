# SPDX-License-Identifier: GPL-2.0-only
"""Which files a module depends on, and their hash."""

import ast
import hashlib
import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_DIGITS = 16


def hash_files(files: Iterable[Path]) -> str:
    """Short hash of names and contents."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]


def trace_sources(module: str, within: str = "") -> tuple[Path, ...]:
    """A module's file, those that it imports from around it, directly or not, and their data.

    Data of a module are the files beside it, or in a folder beside it, that carry its name and another
    suffix: `dqn.py` goes with `dqn.npz` and with `weights/dqn.npz`.

    Args:
        module: name of the module.
        within: name of a module whose folder, with all below it, counts as around, and modules beside that
            folder, which such folders share; empty: the module's own folder alone.
    """
    room = within or module
    return _trace(_file(module), room.rpartition(".")[0], _file(room).parent, shares=bool(within))


def names_beside(path: Path) -> dict[str, Path]:
    """The modules and packages beside a file that it imports, directly or not: the file of each by its name.

    Raises:
        SyntaxError: one of them is no Python.
    """
    folder = path.parent
    tops = {file.relative_to(folder).parts[0] for file in _trace(path, "", folder) if file.suffix == ".py"}
    packages = {top: folder / top / "__init__.py" for top in tops if not top.endswith(".py")}
    modules = {top.removesuffix(".py"): folder / top for top in tops if top.endswith(".py")}
    return {name: file for name, file in (packages | modules).items() if file != path}


@cache
def _trace(first: Path, package: str, folder: Path, *, shares: bool = False) -> tuple[Path, ...]:
    modules, wanted = set[Path](), [first]
    while wanted:
        path = wanted.pop()
        if path not in modules:
            modules.add(path)
            wanted += _imports(path, package, folder)
            if shares:
                wanted += _shared(path, package, folder)
    data = {
        near
        for path in modules
        for pattern in (f"{path.stem}.*", f"*/{path.stem}.*", f"*/{path.stem}-*", f"*/{path.stem}_*")
        for near in path.parent.glob(pattern)
        if near.is_file() and near.suffix not in (".py", ".pyi") and near.parent.name != "__pycache__"
    }
    return (*sorted(modules), *sorted(data))


def _imports(path: Path, package: str, folder: Path) -> Iterator[Path]:
    """Files in the folder of a package, or below, that a module imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                named = [(folder, package, alias.name) for alias in names]
            case ast.ImportFrom(module=module, names=names, level=0):
                named = [(folder, package, f"{module}.{alias.name}") for alias in names]
                named.append((folder, package, str(module)))
            case ast.ImportFrom(module=module, names=names, level=level):
                start, lead = path.parents[level - 1], f"{module}." if module else ""
                named = [(start, "", f"{lead}{alias.name}") for alias in names]
                named.append((start, "", module or ""))
            case _:
                continue
        for start, inside, name in named:
            if inside and not name.startswith(f"{inside}."):
                continue
            parts = name.removeprefix(f"{inside}.").split(".")
            near = start.joinpath(*parts)
            packages = [start.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)]
            for found in (near.with_suffix(".py"), *packages):
                if found.is_file() and found.is_relative_to(folder):
                    yield found


def _shared(path: Path, package: str, folder: Path) -> Iterator[Path]:
    """Modules beside the folder of a package that a module imports from."""
    around = package.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inside, _, name = node.module.rpartition(".")
            beside = (folder.parent / name).with_suffix(".py")
            if around and inside == around and beside.is_file():
                yield beside


def _file(module: str) -> Path:
    file = importlib.import_module(module).__file__
    if file is None:
        raise ValueError(f"module {module} has no file")
    return Path(file)
