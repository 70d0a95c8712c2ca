# SPDX-License-Identifier: GPL-2.0-only
"""The ladder: the paper's equations at its foot, one assumption more a rung, to the full scenario and on."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyagents.core.families import find_family
from pyagents.reproduction.contender import Contender
from pyagents.reproduction.declaration import fill, read_toml
from pyagents.reproduction.experiment import Experiment, load_experiments
from pyagents.reproduction.plan import Plan, make_plan
from pyagents.scenarios.indoor_factory.ladder.calibration import ladder_folder
from pyagents.scenarios.indoor_factory.presets import PRESETS
from pyagents.scenarios.indoor_factory.scenario import Scenario

SIMULATORS = ("mock", "ns3")
"""In the order in which rungs pass from one to the other."""

ROLES = ("paper", "beyond", "reference", "yours")
"""Roles of the contenders that climb."""


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One assumption more than the rung below.

    Raises:
        ValueError: no simulator plays it, or one that there is not.
    """

    label: str
    """Such as: + interference."""
    adds: str
    """Assumption that holds from this rung on."""
    simulators: tuple[str, ...] = SIMULATORS
    """Simulators that play it."""
    restores: tuple[str, ...] = ()
    """Fields of the scenario that are from here on as in the preset."""
    sets: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Fields that are from here on other than in the preset: an assumption beyond it."""

    def __post_init__(self) -> None:
        if not self.simulators or not set(self.simulators) <= set(SIMULATORS):
            raise ValueError(
                f"simulators={list(self.simulators)!r} is not allowed: some of {', '.join(SIMULATORS)}"
            )


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """All rungs, first the lowest.

    Raises:
        ValueError: the rungs do not lead from the lowest to the preset, each field restored once.
    """

    preset: str
    """Preset of the full scenario."""
    sweep: str
    """Field that the figures sweep."""
    value: float
    """Value of that field on all rungs."""
    figures: tuple[str, ...]
    """Experiments whose gains are judged."""
    without: Mapping[str, Any]
    """Fields of the scenario that differ from the preset on the lowest rung."""
    rungs: tuple[Rung, ...]
    """At least one."""

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise ValueError(f"preset={self.preset!r} is unknown: one of {', '.join(PRESETS)}")
        known = load_experiments(find_family(Scenario.family))
        for figure in self.figures:
            if figure not in known:
                raise ValueError(f"figures: {figure!r} is unknown: one of {', '.join(known)}")
        if not self.rungs or self.rungs[0].restores:
            raise ValueError("rungs: the first one has nothing to restore")
        restored = [name for rung in self.rungs for name in rung.restores]
        for name in {*restored, *self.without}:
            if restored.count(name) != 1 or name not in self.without:
                raise ValueError(f"{name} is to be in without, and in restores of one rung")
        of_preset = PRESETS[self.preset].to_dict()
        for name, value in self.without.items():
            if name in of_preset and of_preset[name] == value:
                raise ValueError(f"without: {name}={value!r} is what the preset has")
        for below, rung in zip(self.rungs, self.rungs[1:], strict=False):
            if not (rung.restores or rung.sets) and rung.simulators == below.simulators:
                raise ValueError(f"rung {rung.label!r} is the same as the one below")
        full = self.full
        for number, rung in enumerate(self.rungs):
            if rung.sets and number <= full:
                raise ValueError(f"rung {rung.label!r} sets fields below the preset, rung {full}")
            self.scenario(number)

    @property
    def base_demand_mbps(self) -> float:
        """Mean demand of a UE in the preset, Mb/s."""
        return PRESETS[self.preset].demand_mbps

    @property
    def full(self) -> int:
        """Number of the rung that is the preset: the last that restores something."""
        return max((number for number, rung in enumerate(self.rungs) if rung.restores), default=0)

    def fields(self, number: int) -> dict[str, Any]:
        """List fields that differ from the preset on a rung, but for the demand."""
        climbed = self.rungs[: number + 1]
        restored = {name for rung in climbed for name in rung.restores}
        left = {name: value for name, value in self.without.items() if name not in restored}
        return left | {name: value for rung in climbed for name, value in rung.sets.items()}

    def scenario(
        self, number: int, demand_mbps: float | None = None, *, steps: int | None = None
    ) -> Scenario:
        """Make the condition on a rung, 0 the lowest; without a demand or steps with the preset's."""
        length = {} if steps is None else {"steps": steps}
        fields = self._fixed(number, demand_mbps) | {self.sweep: self.value} | length
        return Scenario.from_dict(PRESETS[self.preset].to_dict() | fields)

    def experiments(self, number: int, demand_mbps: float | None = None) -> list[Experiment]:
        """Make the figures at this rung's one condition, with their gains there."""
        return [
            dataclasses.replace(
                declared,
                name=f"{figure}, rung {number}",
                preset=self.preset,
                fixed=self._fixed(number, demand_mbps),
                sweep=self.sweep,
                values=(self.value,),
                quick_values=(),
                claims=tuple(
                    claim
                    for claim in declared.claims
                    if claim.kind == "gain" and (not claim.at or self.value in claim.at)
                ),
            )
            for figure, declared in self._declared.items()
        ]

    def plan(
        self,
        number: int,
        simulator: str,
        contenders: Sequence[Contender],
        *,
        demand_mbps: float,
        seeds: int,
        quick: bool,
    ) -> Plan:
        """Plan what is played on a rung."""
        return make_plan(
            self.experiments(number, demand_mbps), contenders, seeds=seeds, simulator=simulator, quick=quick
        )

    def path(self, simulators: Sequence[str]) -> list[tuple[int, str]]:
        """List rungs from the lowest up, each on one simulator: on the last one from where it takes over."""
        first, last = SIMULATORS
        alone = [number for number, rung in enumerate(self.rungs) if rung.simulators == (last,)]
        handover = min(alone, default=len(self.rungs) - 1) if last in simulators else len(self.rungs)
        steps = [
            (number, last if number >= handover or first not in simulators else first)
            for number in range(len(self.rungs))
        ]
        return [(number, simulator) for number, simulator in steps if self.plays(number, simulator)]

    def plays(self, number: int, simulator: str) -> bool:
        """Whether a rung is played on a simulator."""
        return simulator in self.rungs[number].simulators

    def _fixed(self, number: int, demand_mbps: float | None) -> dict[str, Any]:
        demand = {} if demand_mbps is None else scale_demand(PRESETS[self.preset], demand_mbps)
        return self.fields(number) | demand

    @cached_property
    def _declared(self) -> dict[str, Experiment]:
        known = load_experiments(find_family(Scenario.family))
        return {figure: known[figure] for figure in self.figures}


def load_ladder(path: Path | None = None) -> Ladder:
    """Read a declaration, by default that of `experiments/`; ValueError, which names it, if malformed."""
    path = path or ladder_folder() / "rungs.toml"
    try:
        content = read_toml(path)
        rungs = tuple(fill(Rung, rung) for rung in content.pop("rungs", []))
        ladder: Ladder = fill(Ladder, {**content, "rungs": rungs})
    except ValueError as error:
        raise ValueError(f"ladder {path}: {error}") from error
    return ladder


def scale_demand(scenario: Scenario, demand_mbps: float) -> dict[str, Any]:
    """Make the fields by which this is the mean demand, of the same shape, and queues last as long."""
    factor = demand_mbps / scenario.demand_mbps
    return {
        "demand_mbps": demand_mbps,
        "demand_width_mbps": scenario.demand_width_mbps * factor,
        "demand_variance_mbps2": scenario.demand_variance_mbps2 * factor**2,
        "queue_limit_bytes": round(scenario.queue_limit_bytes * factor),
    }
