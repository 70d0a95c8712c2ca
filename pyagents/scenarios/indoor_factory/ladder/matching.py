# SPDX-License-Identifier: GPL-2.0-only
"""Measures loads without balancing on rungs of the ladder, and matches demands to them."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyagents.core.agent_spec import find_agent
from pyagents.runs.run import list_runs
from pyagents.runs.store import Store
from pyagents.runs.sweep import find_missing, play_missing
from pyagents.runs.task import Task
from pyagents.runs.workers import Workers
from pyagents.scenarios.indoor_factory.family import FAMILY
from pyagents.scenarios.indoor_factory.ladder.calibration import FIRST_SEED, Match, Matches, match_load
from pyagents.scenarios.indoor_factory.ladder.rungs import Ladder
from pyagents.simulators.registry import describe_build

NO_BALANCING = "max-rsrp"

SEEDS: Mapping[str, int] = {"mock": 32, "ns3": 8}
QUICK_SEEDS: Mapping[str, int] = {"mock": 8, "ns3": 3}
"""Number of halls that a load is the mean of."""


class MatchingError(Exception):
    """A run that a demand was to be matched by failed."""


@dataclass(frozen=True, kw_only=True)
class Matcher:
    """Plays what matches need; runs that are in the store are not played again."""

    ladder: Ladder
    """Ladder whose rungs are matched."""
    results: Store
    """Store that runs go to."""
    workers: Workers
    """Workers that play."""
    failed: Path
    """Folder for the logs of runs that fail."""
    tell: Callable[[str], None]
    """Takes a line for people."""
    quick: bool
    """Fewer halls, shorter runs."""

    def match_all(
        self,
        places: Sequence[tuple[int, str]],
        known: Sequence[Matches],
        keep: Callable[[Matches], None],
    ) -> Matches:
        """Match what is not known yet, for rungs and simulators that are to be played.

        Matches that are known are taken where they serve, the best first; `keep` is called with all whenever
        there is a new one. Raises MatchingError where a run failed.
        """
        target = self._find_target({simulator for _, simulator in places}, known)
        matches = Matches(target=target)
        keep(matches)
        demands: dict[str, float] = {}
        for number, simulator in sorted(places, reverse=True):  # from the top, whose demand is known best
            start = demands.get(simulator, self.ladder.base_demand_mbps)
            wanted = self._wanted(number, simulator, target.load_mean)
            if target.serves(wanted):
                match = target
            else:
                found = next((m for k in known if (m := k.find(wanted)) is not None), None)
                match = found or self._match(wanted, start)
                matches = matches.with_match(match)
                keep(matches)
            demands[simulator] = match.demand_mbps
        return matches

    def _find_target(self, simulators: set[str], known: Sequence[Matches]) -> Match:
        """Find the full scenario on ns-3; on the mock only where ns-3 is neither known nor can be played."""
        for simulator in ("ns3",) if "ns3" in simulators else ("ns3", "mock"):
            wanted = self._wanted(self.ladder.full, simulator, 1.0)
            for matches in known:
                if matches.target is not None and matches.target.serves(wanted):
                    return matches.target
        load = self._measure(wanted, wanted.demand_mbps)
        build = describe_build(simulator, FAMILY)
        return dataclasses.replace(wanted, load_mean=load, target=load, build=build)

    def _match(self, wanted: Match, start: float) -> Match:
        demand, load = match_load(
            lambda demand: self._measure(wanted, demand, goal=wanted.target), wanted.target, start=start
        )
        build = describe_build(wanted.simulator, FAMILY)
        match = dataclasses.replace(wanted, demand_mbps=demand, load_mean=load, build=build)
        if not match.is_met:
            self.tell(
                f"Rung {match.rung} on {match.simulator}: no demand was found that makes a mean load of "
                f"{match.target:.3f}; the nearest made {load:.3f}"
            )
        return match

    def _wanted(self, number: int, simulator: str, target: float) -> Match:
        """Make a match that is still to be found, with the preset's demand."""
        scenario = self.ladder.scenario(number)
        steps = min(scenario.steps, FAMILY.quick_steps) if self.quick else scenario.steps
        return Match(
            rung=number,
            simulator=simulator,
            demand_mbps=scenario.demand_mbps,
            load_mean=target,
            target=target,
            seeds=(QUICK_SEEDS if self.quick else SEEDS)[simulator],
            steps=steps,
            scenario=scenario.key,
            build="",
        )

    def _measure(self, wanted: Match, demand_mbps: float, *, goal: float | None = None) -> float:
        """Measure the mean load without balancing."""
        scenario = self.ladder.scenario(wanted.rung, demand_mbps, steps=wanted.steps)
        seeds = range(FIRST_SEED, FIRST_SEED + wanted.seeds)
        where = f"load of rung {wanted.rung} at {demand_mbps:g} Mb/s"
        tasks = [
            Task(run=run, where=where)
            for run in list_runs(scenario, [find_agent(NO_BALANCING)], wanted.simulator, seeds)
        ]
        missing = find_missing(tasks, self.results)
        failures = play_missing(missing, self.results, self.workers, failed=self.failed)
        records = [self.results.get(task.key) for task in tasks]
        if failures or None in records:
            where = f"; see {failures[0].log}" if failures else ""
            raise MatchingError(f"no load of rung {wanted.rung} on {wanted.simulator}{where}")
        loads = [record.summary["load_mean"] for record in records if record is not None]
        load = sum(loads) / len(loads)
        aim = "" if goal is None else f", {goal:.3f} is wanted"
        self.tell(
            f"Rung {wanted.rung} on {wanted.simulator}: {demand_mbps:.3f} Mb/s a UE make a mean load of "
            f"{load:.3f}{aim}"
        )
        return load
