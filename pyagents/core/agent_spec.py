# SPDX-License-Identifier: GPL-2.0-only
"""Agents of a family by name, by `name:reading`, by `package.module:Class`, or by `path/to/file.py:Class`."""

import dataclasses
import importlib
import importlib.util
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from pyagents.core.agent import Agent
from pyagents.core.families import default_family, families
from pyagents.core.family import AgentRef, Family, load_place
from pyagents.core.mistake import own_frames, telling
from pyagents.core.names import did_you_mean
from pyagents.core.sources import names_beside


@dataclass(frozen=True, kw_only=True)
class AgentSpec:
    """An agent that can be made: its class, and the config to make it with."""

    name: str
    """Name that was asked for."""
    cls: type[Any]
    """Class of the agent."""
    config: Any = None
    """A dataclass instance that the constructor takes as `config`; None: it takes nothing."""

    def make(self) -> Agent:
        """A fresh agent.

        Raises:
            AgentMistakeError: its constructor fails.
            MissingExtraError: it needs a library that is not installed.
            WeightsError: the file of its weights cannot be used.
        """
        with telling(self.cls, "__init__"):
            agent: Agent = self.cls() if self.config is None else self.cls(config=self.config)
        return agent

    def with_options(self, options: Mapping[str, Any]) -> "AgentSpec":
        """Replace fields of the config; ValueError where there is none of the name, or a value is wrong."""
        if not options:
            return self
        known = [field.name for field in dataclasses.fields(self.config)] if self.config is not None else []
        unknown = [name for name in options if name not in known]
        if unknown:
            raise ValueError(
                f"agent {self.name!r} has no option {', '.join(unknown)}: it has {', '.join(known) or 'none'}"
            )
        return dataclasses.replace(self, config=dataclasses.replace(self.config, **options))

    def config_dict(self) -> dict[str, Any]:
        """Give the config by field, empty without one."""
        return {} if self.config is None else dataclasses.asdict(self.config)


def find_agent(name: str, family: Family | None = None) -> AgentSpec:
    """Look up an agent by name, or load somebody's class.

    Args:
        name: one of the family's, one of its `readings`, `package.module:Class`, or `path/to/file.py:Class`.
        family: whose agents are meant; None: the first's.

    Raises:
        ValueError: there is no such agent, or it is not one; says why.
    """
    family = family or default_family()
    base, colon, reading = name.partition(":")
    ref = family.agents.get(base)
    if ref is not None and ref.readings and base != name:
        return _find_reading(name, base, ref, reading)
    ref = family.agents.get(name)
    place = name if ref is None else ref.place
    module_name, colon, class_name = place.rpartition(":")
    if not colon or not module_name or not class_name:
        known = [*family.agents, *readings(family)]
        raise ValueError(
            f"agent {name!r} is unknown{_elsewhere(name, family) or did_you_mean(name, known)}: use one of "
            f"{', '.join(known)}, package.module:Class, or path/to/file.py:Class"
        )
    is_file = module_name.endswith(".py")
    module = _load_file(name, Path(module_name)) if is_file else _import(name, module_name)
    cls = getattr(module, class_name, None)
    if not isinstance(cls, type):
        hint = did_you_mean(class_name, vars(module))
        raise ValueError(f"agent {name!r}: there is no class {class_name} in {module_name}{hint}")
    missing = [method for method in ("reset", "act") if not callable(getattr(cls, method, None))]
    if missing:
        raise ValueError(f"agent {name!r}: class {class_name} lacks the method {' and '.join(missing)}")
    config = getattr(module, ref.config) if ref is not None and ref.config else _default_config(name, cls)
    return AgentSpec(name=name, cls=cls, config=config)


def readings(family: Family) -> list[str]:
    """List the readings of a family's agents, `agent:reading`."""
    return [
        f"{name}:{reading}"
        for name, ref in family.agents.items()
        if ref.readings
        for reading in _configs(ref)
    ]


def _find_reading(name: str, base: str, ref: AgentRef, reading: str) -> AgentSpec:
    configs = _configs(ref)
    if reading not in configs:
        hint = did_you_mean(reading, configs)
        raise ValueError(f"agent {name!r} is unknown{hint}: readings of {base} are {', '.join(configs)}")
    return AgentSpec(name=name, cls=load_place(ref.place), config=configs[reading])


def _configs(ref: AgentRef) -> Mapping[str, Any]:
    """Load the configs of an agent by reading."""
    configs: Mapping[str, Any] = load_place(f"{ref.place.partition(':')[0]}:{ref.readings}")
    return configs


def _elsewhere(name: str, family: Family) -> str:
    """Say which other family has an agent of the name, as a part of a sentence; empty: none."""
    others = [other.name for other in families() if other is not family and name in other.agents]
    return f" to the family {family.name} (it is one of {others[0]})" if others else ""


def _default_config(name: str, cls: type[Any]) -> Any:
    """The dataclass that the constructor's `config` is annotated with, at its defaults; None without one."""
    config_type = get_type_hints(cls.__init__).get("config")
    if config_type is None:
        return None
    if not (isinstance(config_type, type) and dataclasses.is_dataclass(config_type)):
        raise ValueError(f"agent {name!r}: its config must be annotated with a dataclass, not {config_type}")
    try:
        return config_type()
    except TypeError as error:
        why = f"every field of {config_type.__name__} needs a default ({error})"
        raise ValueError(f"agent {name!r}: {why}") from error


def _import(name: str, module_name: str) -> ModuleType:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(error.name + ".")):
            raise ValueError(f"agent {name!r}: there is no module {module_name}") from error
        raise


def _make_importable(path: Path) -> None:
    """Let a file import what lies beside it, behind everything else; refuse what would be another's module.

    Raises:
        ImportError: a module beside it has the name of one elsewhere, which would be imported instead.
    """
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    with suppress(SyntaxError):  # Python says it better
        for name, file in names_beside(path).items():
            if name in sys.stdlib_module_names or name == "pyagents":
                continue
            found = importlib.util.find_spec(name)
            if found is not None and found.origin and Path(found.origin) != file:
                raise ImportError(f"{name} would be {found.origin}, not {file}: rename it")


def _load_file(name: str, path: Path) -> ModuleType:
    if not path.is_file():
        raise ValueError(f"agent {name!r}: there is no file {path}")
    spec = importlib.util.spec_from_file_location(f"nru_agent_file_{path.stem}", path)
    assert spec is not None  # the suffix is .py
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    try:
        _make_importable(path.absolute())
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[spec.name]
        if not isinstance(error, Exception):
            raise
        what = f"agent {name!r} cannot be loaded: {type(error).__name__}: {error}"
        raise ValueError("\n".join([what, *own_frames(error, path)])) from error
    return module
