# SPDX-License-Identifier: GPL-2.0-only
"""Families by name, and scenarios by the names of their presets or by files."""

import dataclasses
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pyagents.core.family import Family, load_place
from pyagents.core.names import did_you_mean
from pyagents.core.scenario import Scenario, read_fields

S = TypeVar("S", bound=Scenario)

FAMILIES = (
    "pyagents.scenarios.indoor_factory.family:FAMILY",
    "pyagents.scenarios.iot_edge.family:FAMILY",
    "pyagents.scenarios.sliced_network.family:FAMILY",
)
"""Places of the families of this package; the first is taken where none is named."""

ENVIRONMENT = "NRU_FAMILIES"
"""Environment variable with places of further families, separated by commas."""


def families() -> Iterator[Family]:
    """Yield this package's families, then those that the environment names; ValueError where it is wrong."""
    for place in FAMILIES:
        yield _load(place)
    for place in filter(None, os.environ.get(ENVIRONMENT, "").split(",")):
        yield _load(place.strip())


def find_family(name: str) -> Family:
    """Find the family of a name; ValueError, which names those that exist, where there is none."""
    known = {family.name: family for family in families()}
    if name not in known:
        raise ValueError(
            f"family {name!r} is unknown{did_you_mean(name, known)}: use one of {', '.join(known)}"
        )
    return known[name]


def default_family() -> Family:
    """The family that is taken where none is named."""
    return next(families())


def presets() -> dict[str, Scenario]:
    """The presets of all families by name."""
    return {name: preset for family in families() for name, preset in family.presets.items()}


def find_scenario(spec: str) -> Scenario:
    """Look up a preset by name, or load a file by path.

    A file holds fields by name. Its `family` says of which family they are, its `base` which preset they
    change; without them they change the default preset of the first family, as flags do.

    Raises:
        ValueError: neither, or the file is missing, malformed or holds a bad field; names the presets.
    """
    known = presets()
    if spec in known:
        return known[spec]
    path = Path(spec)
    if path.suffix not in (".json", ".toml"):
        hint = did_you_mean(spec, known)
        raise ValueError(
            f"scenario {spec!r} is unknown{hint}: use one of {', '.join(known)}, or a .json or .toml file"
        )
    try:
        return scenario_from_fields(read_fields(path))
    except (OSError, ValueError) as error:
        raise ValueError(f"scenario file {path}: {error}") from error


def find_scenario_of(kind: type[S], spec: str) -> S:
    """Find a scenario as `find_scenario` does; ValueError where it is of another family."""
    scenario = find_scenario(spec)
    if not isinstance(scenario, kind):
        raise ValueError(f"scenario {spec!r} is of family {scenario.family}: use one of family {kind.family}")
    return scenario


def scenario_from_fields(fields: Mapping[str, Any]) -> Scenario:
    """Make a scenario of what a file holds: see `find_scenario`; ValueError where a field is wrong."""
    values = dict(fields)
    family = find_family(str(values.pop("family", default_family().name)))
    base = str(values.pop("base", family.default))
    if base not in family.presets:
        raise ValueError(f"base={base!r} is not allowed: must be one of {', '.join(family.presets)}")
    return family.scenario.from_dict({**dataclasses.asdict(family.presets[base]), **values})


@cache
def _load(place: str) -> Family:
    try:
        found = load_place(place)
    except Exception as error:  # whatever a stranger's module raises
        hint = "; PYTHONPATH names its folder" if isinstance(error, ModuleNotFoundError) else ""
        raise ValueError(f"there is no family at {place!r}: {type(error).__name__}: {error}{hint}") from error
    if not isinstance(found, Family):
        raise ValueError(f"there is no family at {place!r}, but a {type(found).__name__}")
    return found
