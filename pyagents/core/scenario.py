# SPDX-License-Identifier: GPL-2.0-only
"""A situation, complete: every number that a simulator needs, declared once with its allowed range.

A family derives a frozen dataclass of fields from `Scenario`. Checks, files, content keys and flags follow
from the declarations.
"""

import dataclasses
import json
import math
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

from pyagents.core.content_key import content_key
from pyagents.core.names import suggest
from pyagents.core.search import Search


def number(
    default: float | None,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    above: bool = False,
    search: Search | None = None,
) -> Any:
    """Declare a field with its default and its allowed range [low, high], or (low, high] with `above`.

    Args:
        default: value without another.
        low: smallest value.
        high: largest value; infinity itself is allowed where it says so.
        above: whether `low` itself is not allowed.
        search: values that a search for good ones may try; None: it leaves the field as it is.
    """
    facts = {"low": low, "high": high, "above": above, "search": search}
    return dataclasses.field(default=default, metadata=facts)


class Checked:
    """Base of configurations: dataclasses that check types and ranges as declared, or raise ValueError."""

    def check_relations(self) -> None:
        """Raise ValueError where two fields contradict each other."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            check_field(self, field)
        self.check_relations()


@dataclass(frozen=True, kw_only=True)
class Scenario(Checked, ABC):
    """Base of every family's scenario: a frozen keyword-only dataclass whose fields have defaults."""

    family: ClassVar[str]
    """Name of the family."""

    steps: int = number(50, 1, 1_000_000)
    """Decision steps of a run."""

    @property
    @abstractmethod
    def step_s(self) -> float:
        """Length of one decision step, s."""

    @property
    def start_s(self) -> float:
        """Simulated time at the first decision, s."""
        return self.step_s

    @abstractmethod
    def sizes(self) -> Mapping[str, int]:
        """Length of each axis of the family's snapshots and actions, by its letter."""

    def check_program(self) -> None:
        """Raise ValueError where a field asks for what the family's ns-3 program does not have."""

    @property
    def key(self) -> str:
        """Content hash: SHA-256 of the canonical JSON, hex. Equal scenarios, and only those, share it."""
        return content_key(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """All fields by name."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build from fields by name; others keep their defaults; ValueError for a wrong name or value."""
        known = [field.name for field in dataclasses.fields(cls)]
        for name in values:
            if name not in known:
                raise ValueError(f"Scenario has no field {name!r}; {suggest(name, known)}")
        return cls(**values)

    def save(self, path: Path) -> None:
        """Write a .json or .toml file (else ValueError) that `find_scenario` reads to an equal Scenario."""
        values = {"family": self.family, **self.to_dict()}
        match path.suffix:
            case ".json":
                text = json.dumps(values, indent=2) + "\n"
            case ".toml":
                lines = [
                    f"{name} = {json.dumps(value)}" for name, value in values.items() if value is not None
                ]
                text = "\n".join(lines) + "\n"
            case other:
                raise ValueError(f"scenario file {path}: the type {other!r} is unknown: use .json or .toml")
        path.write_text(text, encoding="utf-8")


def read_fields(path: Path) -> dict[str, Any]:
    """Read a .json or .toml file of fields by name, unchecked; OSError, or ValueError if it is malformed."""
    text = path.read_text(encoding="utf-8-sig")
    match path.suffix:
        case ".json":
            values = json.loads(text)
        case ".toml":
            values = tomllib.loads(text)
        case other:
            raise ValueError(f"the type {other or 'without a suffix'!r} is unknown: use .json or .toml")
    if not isinstance(values, dict):
        raise ValueError(f"expected fields by name, found a {type(values).__name__}")
    return values


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def check_field(config: Any, field: dataclasses.Field[Any]) -> None:
    """Check type, choice and range of a field, or raise ValueError; make an int a float where one is due."""
    value = given = getattr(config, field.name)
    hint = _hints(type(config))[field.name]  # type: ignore[arg-type]
    if get_origin(hint) is UnionType:
        if value is None:
            return
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) not in (None, Literal):
        return  # tuples and mappings check what is in them by themselves
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        if type(value) is not type(choices[0]) or value not in choices:
            _reject(field.name, value, "one of " + ", ".join(map(str, choices)))
        return
    if hint is float and type(value) is int:
        value = float(value)
        object.__setattr__(config, field.name, value)
    if type(value) is not hint:
        named = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
        _reject(field.name, value, named.get(hint, f"a {hint}"))
    if "low" in field.metadata:
        low, high, above = field.metadata["low"], field.metadata["high"], field.metadata["above"]
        if not ((low < value if above else low <= value) and value <= high):
            most = "" if high == math.inf else f" and at most {high:g}"
            _reject(field.name, given, f"{'above' if above else 'at least'} {low:g}{most}")


def _reject(name: str, value: object, allowed: str) -> None:
    raise ValueError(f"{name}={value!r} is not allowed: must be {allowed}")
