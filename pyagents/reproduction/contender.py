# SPDX-License-Identifier: GPL-2.0-only
"""Which agents are compared, and what people call them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyagents.core.agent_spec import find_agent
from pyagents.core.extras import MissingExtraError
from pyagents.core.family import Family
from pyagents.core.scenario import Checked
from pyagents.reproduction.declaration import AGENTS_FILE, experiments_folder, fill, read_toml


@dataclass(frozen=True, kw_only=True)
class Contender(Checked):
    """An agent that is compared."""

    name: str
    """Agent, as `find_agent` takes it."""
    label: str
    """Name in legends and tables."""
    role: Literal["paper", "beyond", "reference", "yours", "aside"] = "paper"
    """`paper`: a method of the paper; `beyond`: another agent of this package; `reference`: drawn in grey;
    `yours`: somebody's own; `aside`: in tables alone."""
    only: tuple[str, ...] = ()
    """Experiments that the agent takes part in; none: all."""

    def takes_part(self, experiment: str) -> bool:
        """Whether the agent is played in an experiment."""
        return not self.only or experiment in self.only


def load_contenders(family: Family) -> list[Contender]:
    """Load the declared agents of a family, or without a file all; ValueError where it is malformed."""
    path = experiments_folder(family) / AGENTS_FILE if family.experiments else None
    if path is None or not path.is_file():
        return [Contender(name=name, label=name) for name in family.agents]
    try:
        return [fill(Contender, {"name": name, **facts}) for name, facts in read_toml(path).items()]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


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
        try:
            find_agent(name, family).make()
        except MissingExtraError as error:
            raise ValueError(f"agent {name!r}: {error}") from error
        named.append(labels.get(name) or _introduce(name, family, [*declared, *named]))
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
