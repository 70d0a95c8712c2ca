# SPDX-License-Identifier: GPL-2.0-only
"""The demand at which a rung of the ladder is as loaded as the full scenario, found once and kept."""

import dataclasses
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pyagents.core.families import find_family
from pyagents.core.files import write_whole
from pyagents.reproduction.declaration import experiments_folder, fill
from pyagents.scenarios.indoor_factory.scenario import Scenario

FIRST_SEED = 1000
"""First of the seeds that demands are matched over: none that agents are compared on, which lie below 100."""

TOLERANCE = 0.02
"""Share of the load by which a match may miss it."""

TRIES = 8
"""Demands that are tried for a match at most."""

_LARGEST_STEP = math.log(4.0)
_LEAST_SLOPE = 0.3
_NO_LOAD = 1e-12

PUBLISHED = "demands.json"


@dataclass(frozen=True, kw_only=True)
class Match:
    """A demand, the load that it makes without balancing, and how that was measured."""

    rung: int
    """Number of the rung."""
    simulator: str
    """Simulator that the demand was searched on."""
    demand_mbps: float
    """Mean demand of a UE."""
    load_mean: float
    """Mean load of the gNBs without balancing, over the seeds."""
    target: float
    """Mean load that the demand was to make."""
    seeds: int
    """Number of seeds: `FIRST_SEED` and those after."""
    steps: int
    """Steps of each run."""
    scenario: str
    """Key of the rung's scenario with the preset's demand: another scenario needs another match."""
    build: str
    """Build of the simulator."""

    @property
    def is_met(self) -> bool:
        """Whether the load is the target's, by `TOLERANCE`."""
        return abs(self.load_mean / self.target - 1) <= TOLERANCE

    def serves(self, other: Self) -> bool:
        """Whether it can stand for another: of the same rung, no less sure; the target apart."""
        same = ("rung", "simulator", "scenario")
        return all(getattr(self, name) == getattr(other, name) for name in same) and (
            self.seeds >= other.seeds and self.steps >= other.steps
        )


@dataclass(frozen=True, kw_only=True)
class Matches:
    """All matches of a ladder."""

    target: Match | None = None
    """The full scenario, whose load the others are to have."""
    demands: Sequence[Match] = ()
    """Demands of the other rungs."""

    def find(self, wanted: Match) -> Match | None:
        """Find the match that serves for this one and has its target, or None."""
        return next((m for m in self.demands if m.serves(wanted) and m.target == wanted.target), None)

    def at(self, rung: int, simulator: str) -> Match:
        """Find that of a rung on a simulator; KeyError where there is none."""
        for match in (self.target, *self.demands):
            if match is not None and (match.rung, match.simulator) == (rung, simulator):
                return match
        raise KeyError(f"no match of rung {rung} on {simulator}")

    def with_match(self, match: Match) -> "Matches":
        """Add a match in place of that of the same rung on the same simulator."""
        others = [m for m in self.demands if (m.rung, m.simulator) != (match.rung, match.simulator)]
        demands = sorted([*others, match], key=lambda m: (m.rung, m.simulator))
        return dataclasses.replace(self, demands=demands)

    def save(self, path: Path) -> None:
        """Write a file that `load_matches` reads."""
        write_whole(path, json.dumps(dataclasses.asdict(self), indent=1) + "\n")


def load_matches(path: Path) -> Matches:
    """Read a file; without one there are no matches; ValueError, which names it, where it is malformed."""
    if not path.is_file():
        return Matches()
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Matches(
            target=fill(Match, content["target"]) if content["target"] else None,
            demands=[fill(Match, demand) for demand in content["demands"]],
        )
    except KeyError as error:
        raise ValueError(f"demands {path}: {error.args[0]} is missing") from error
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"demands {path}: {error}") from error


def ladder_folder() -> Path:
    """Find the folder in which the ladder is declared."""
    return experiments_folder(find_family(Scenario.family)) / "ladder"


def load_published() -> Matches:
    """Read the matches that go with the declared ladder."""
    return load_matches(ladder_folder() / PUBLISHED)


def match_load(
    measure: Callable[[float], float],
    target: float,
    *,
    start: float,
    tolerance: float = TOLERANCE,
    tries: int = TRIES,
) -> tuple[float, float]:
    """Find the demand that makes a load, which grows with demand and is nearly proportional to it.

    Args:
        measure: load at a demand.
        target: load that is wanted, above 0.
        start: demand to try first, above 0.
        tolerance: share of the load by which it may miss.
        tries: most measurements.

    Returns:
        The demand, to three decimals, and its load: the nearest of those tried.
    """
    tried: dict[float, float] = {}
    demand = round(start, 3)
    while len(tried) < tries and demand > 0 and demand not in tried:
        tried[demand] = measure(demand)
        if abs(tried[demand] / target - 1) <= tolerance:
            break
        demand = round(_propose(tried, target), 3)
    best = min(reversed(tried), key=lambda d: abs(math.log(max(tried[d], _NO_LOAD) / target)))
    return best, tried[best]


def _propose(tried: dict[float, float], target: float) -> float:
    """Propose a demand: on the line through two points, both in logarithms, as far as these go."""
    points = sorted((math.log(d), math.log(max(load, _NO_LOAD) / target)) for d, load in tried.items())
    above = next((point for point in points if point[1] >= 0), None)
    below = next(
        (point for point in reversed(points) if point[1] < 0 and point < (above or (math.inf,))), None
    )
    if above and below:
        share = below[1] / (below[1] - above[1])
        return math.exp(below[0] + (above[0] - below[0]) * min(0.9, max(0.1, share)))
    near, far = (points[0], points[1:2]) if above else (points[-1], points[-2:-1])
    slope = max(_LEAST_SLOPE, (near[1] - far[0][1]) / (near[0] - far[0][0])) if far else 1.0
    step = -near[1] / slope
    return math.exp(near[0] + min(_LARGEST_STEP, max(-_LARGEST_STEP, step)))
