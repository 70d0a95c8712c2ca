# SPDX-License-Identifier: GPL-2.0-only
"""Which agents are compared, and what people call them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pyagents.core.agent_spec import find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.family import Family
from pyagents.core.scenario import Checked
from pyagents.reproduction.declaration import AGENTS_FILE, experiments_folder, fill, read_toml
from pyagents.reproduction.recipe import Recipe
from pyagents.training.registry import find_learner


@dataclass(frozen=True, kw_only=True)
class Contender(Checked):
    """An agent that is compared."""

    name: str
    """Name in experiments; the agent's, as `find_agent` takes it, where `plays` names none."""
    plays: str = ""
    """Agent, where several contenders are the same one, trained in several ways; empty: that of the name."""
    training: Recipe | None = field(default=None, hash=False)
    """How it comes by its weights; None: they ship, or it takes none."""
    label: str
    """Name in legends and tables."""
    role: Literal["paper", "beyond", "reference", "yours", "aside"] = "paper"
    """`paper`: a method of the paper; `beyond`: another agent of this package; `reference`: drawn in grey;
    `yours`: somebody's own; `aside`: in tables alone."""
    only: tuple[str, ...] = ()
    """Experiments that the agent takes part in; none: all."""

    @property
    def agent(self) -> str:
        """Name of the agent, as `find_agent` takes it."""
        return self.plays or self.name

    def check(self, family: Family) -> None:
        """Raise ValueError, MissingExtraError or OSError where it cannot be had here."""
        if self.training is None:
            find_agent(self.agent, family).make()
        else:
            find_learner(self.agent, family)

    def takes_part(self, experiment: str) -> bool:
        """Whether the agent is played in an experiment."""
        return not self.only or experiment in self.only


def load_contenders(family: Family) -> list[Contender]:
    """Load the declared agents of a family, or without a file all; ValueError where it is malformed."""
    path = experiments_folder(family) / AGENTS_FILE if family.experiments else None
    if path is None or not path.is_file():
        return [Contender(name=name, label=name) for name in family.agents]
    try:
        declared = read_toml(path)
        return [_declare(name, declared) for name in declared]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _declare(name: str, declared: Mapping[str, Mapping[str, Any]]) -> Contender:
    recipe = {"training": fill(Recipe, _recipe(name, declared))} if "training" in declared[name] else {}
    contender: Contender = fill(Contender, {"name": name, **declared[name], **recipe})
    return contender


def _recipe(name: str, declared: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Read a training; one that is `like` another contender's says what differs from it, table by table."""
    facts = dict(declared.get(name, {}).get("training", {}))
    like = facts.pop("like", "")
    if like == name or (like and "training" not in declared.get(like, {})):
        raise ValueError(f"training of {name}: like={like!r} is not allowed: must be another with a training")
    base = _recipe(like, declared) if like else {}
    tables = {key: {**base.get(key, {}), **part} for key, part in facts.items() if isinstance(part, dict)}
    return {**base, **facts, **tables}


def find_contenders(agents: str, family: Family) -> list[Contender]:
    """Find the declared agents, or those named, or both.

    Args:
        agents: names as `find_agent` takes them, with commas; a + in front adds to the declared; or empty.
        family: the family that is played.

    Raises:
        ValueError: an agent that was named does not exist or cannot be made here.
    """
    declared = load_contenders(family)
    if not agents:
        return declared
    labels = {contender.name: contender for contender in declared}
    named: list[Contender] = []
    for name in (part.strip() for part in agents.removeprefix("+").split(",")):
        contender = labels.get(name) or _introduce(name, family, [*declared, *named])
        try:
            contender.check(family)
        except MissingExtraError as error:
            raise ValueError(f"agent {name!r}: {error}") from error
        named.append(contender)
    kept = [c for c in declared if c not in named] if agents.startswith("+") else []
    return [*kept, *named]


def _introduce(name: str, family: Family, known: Sequence[Contender]) -> Contender:
    """Introduce an agent that is not declared: the family's, or somebody's own, by the name of its class."""
    if name.partition(":")[0] in family.agents:
        return Contender(name=name, label=name, role="beyond")
    module, _, label = name.rpartition(":")
    if label in {contender.label for contender in known}:
        label = f"{label} of {Path(module).name}"
    return Contender(name=name, label=label, role="yours")
