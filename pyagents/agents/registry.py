# SPDX-License-Identifier: GPL-2.0-only
"""Agents by name, by `name:reading`, by `package.module:Class`, or by `path/to/file.py:Class`."""

import dataclasses
import importlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from pyagents.agents.base import Agent

AGENTS: Mapping[str, tuple[str, str | None]] = {
    "adaptive-mlb": ("pyagents.agents.adaptive_mlb:AdaptiveMlb", None),
    "dqn-mlb": ("pyagents.agents.dqn_mlb:DqnMlb", None),
    "gt-rl": ("pyagents.agents.gt_rl:GtRl", "TUNED"),
    "gt-rl-letter": ("pyagents.agents.gt_rl:GtRl", "LETTER"),
    "least-loaded": ("pyagents.agents.least_loaded:LeastLoaded", None),
    "mappo": ("pyagents.agents.mappo:Mappo", None),
    "max-rsrp": ("pyagents.agents.max_rsrp:MaxRsrp", None),
    "optimum": ("pyagents.agents.optimum:Optimum", None),
    "qa-lb": ("pyagents.agents.qa_lb:QaLb", None),
    "random": ("pyagents.agents.random_moves:RandomMoves", None),
}
"""Name -> where the class is, and the name of the config beside it that replaces its defaults."""

_READINGS = {"gt-rl": "READINGS"}
"""Name of an agent that has readings -> the name of its configs by reading, beside its class. Such a name has
a hyphen, as no module has: `gt-rl:must-move` is a reading, `random:Class` a class of a module."""


@dataclass(frozen=True, kw_only=True)
class AgentSpec:
    """An agent that can be made: its class, and the config to make it with."""

    name: str
    """As asked for."""
    cls: type[Any]
    """The class."""
    config: Any = None
    """A dataclass instance that the constructor takes as `config`; None: it takes nothing."""

    def make(self) -> Agent:
        """A fresh agent."""
        agent: Agent = self.cls() if self.config is None else self.cls(config=self.config)
        return agent

    def with_options(self, options: Mapping[str, Any]) -> "AgentSpec":
        """The same agent with some of its config's fields replaced.

        Raises:
            ValueError: there is no such field, or its value is not allowed.
        """
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
        """The config by field, empty without one."""
        return {} if self.config is None else dataclasses.asdict(self.config)


def find_agent(name: str) -> AgentSpec:
    """Look up an agent by name, or load somebody's class.

    Args:
        name: one of `AGENTS`, one of `readings`, `package.module:Class`, or `path/to/file.py:Class`.

    Raises:
        ValueError: there is no such agent, or it is not one; says why.
    """
    base, _, reading = name.partition(":")
    if base in _READINGS and name != base:
        return _find_reading(name, base, reading)
    place, preset = AGENTS.get(name, (name, None))
    module_name, colon, class_name = place.rpartition(":")
    if not colon or not module_name or not class_name:
        raise ValueError(
            f"agent {name!r} is unknown: use one of {', '.join([*AGENTS, *readings()])}, "
            "package.module:Class, or path/to/file.py:Class"
        )
    is_file = module_name.endswith(".py")
    module = _load_file(name, Path(module_name)) if is_file else _import(name, module_name)
    cls = getattr(module, class_name, None)
    if not isinstance(cls, type):
        raise ValueError(f"agent {name!r}: there is no class {class_name} in {module_name}")
    missing = [method for method in ("reset", "act") if not callable(getattr(cls, method, None))]
    if missing:
        raise ValueError(f"agent {name!r}: class {class_name} lacks the method {' and '.join(missing)}")
    config = getattr(module, preset) if preset else _default_config(name, cls)
    return AgentSpec(name=name, cls=cls, config=config)


def readings() -> list[str]:
    """Names of the readings of agents, `agent:reading`; not among `AGENTS`."""
    return [f"{base}:{reading}" for base in _READINGS for reading in _configs(base)]


def _find_reading(name: str, base: str, reading: str) -> AgentSpec:
    configs = _configs(base)
    if reading not in configs:
        raise ValueError(f"agent {name!r} is unknown: readings of {base} are {', '.join(configs)}")
    return AgentSpec(name=name, cls=find_agent(base).cls, config=configs[reading])


def _configs(base: str) -> Mapping[str, Any]:
    """The configs of an agent by reading."""
    configs: Mapping[str, Any] = getattr(
        importlib.import_module(AGENTS[base][0].partition(":")[0]), _READINGS[base]
    )
    return configs


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


def _load_file(name: str, path: Path) -> ModuleType:
    if not path.is_file():
        raise ValueError(f"agent {name!r}: there is no file {path}")
    spec = importlib.util.spec_from_file_location(f"nru_agent_file_{path.stem}", path)
    assert spec is not None  # the suffix is .py
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    return module
