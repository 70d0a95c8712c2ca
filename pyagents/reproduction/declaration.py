# SPDX-License-Identifier: GPL-2.0-only
"""Declarations in TOML: where a family keeps them, and how a dataclass is filled from one."""

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from pyagents.core.family import Family
from pyagents.core.plain_text import plain

AGENTS_FILE, CHECKS_FILE = "agents.toml", "checks.toml"
"""Files of a family's folder that are no figures."""

_PACKAGE = Path(__file__).resolve().parents[1]


def experiments_folder(family: Family) -> Path:
    """Find a family's experiments in the checkout or the installed package; ValueError without any."""
    if not family.experiments:
        raise ValueError(f"family {family.name} declares no experiments: name a .toml file")
    for base in (_PACKAGE.parent, _PACKAGE):
        folder = base / "experiments" / family.experiments
        if folder.is_dir():
            return folder
    raise ValueError(f"the experiments of family {family.name} are missing from {_PACKAGE}")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a declaration as it stands; ValueError where the file is missing or malformed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ValueError(str(error.strerror)) from error


def fill(kind: type[Any], content: Mapping[str, Any]) -> Any:
    """Fill a dataclass from a table; lists become tuples; ValueError where a field is wrong or missing."""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = [name for name in content if name not in fields]
    missing = [
        name
        for name, field in fields.items()
        if name not in content
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if unknown or missing:
        wrong = [f"unknown {name}" for name in unknown] + [f"{name} is missing" for name in missing]
        raise ValueError(f"{', '.join(wrong)}; known are {', '.join(fields)}")
    hints = get_type_hints(kind)
    for name, value in content.items():
        if isinstance(value, str) and plain(value) != value:
            raise ValueError(f"{name}={value!r} is not allowed: must hold no control characters")
        kinds: tuple[type, ...] = {str: (str,), int: (int,), float: (int, float)}.get(hints[name], ())
        if kinds and (not isinstance(value, kinds) or isinstance(value, bool)):
            raise ValueError(f"{name}={value!r} is not allowed: must be a {hints[name].__name__}")
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in content.items()})
