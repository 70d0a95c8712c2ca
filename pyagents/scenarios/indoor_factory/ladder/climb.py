# SPDX-License-Identifier: GPL-2.0-only
"""What became of methods and claims on the rungs of the ladder."""

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from pyagents.reproduction.claim import Claim
from pyagents.reproduction.contender import Contender, load_contenders
from pyagents.reproduction.experiment import Experiment
from pyagents.reproduction.outcomes import Outcomes, Played
from pyagents.reproduction.verdict import Verdict, judge_all
from pyagents.runs.record import Record
from pyagents.scenarios.indoor_factory.ladder.calibration import Match
from pyagents.scenarios.indoor_factory.ladder.rungs import SIMULATORS, Ladder
from pyagents.statistics.comparison import Comparison
from pyagents.statistics.interval import Estimate, estimate_mean
from pyagents.statistics.twins import Twins

SHOWN = ("load_variance", "satisfied_share", "throughput_mbps", "load_mean")
"""Names of the metrics that tables show of an agent on a rung."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One rung on one simulator, played."""

    rung: int
    """Number of the rung."""
    match: Match
    """The demand there."""
    outcomes: Outcomes
    """Outcomes of the rung's runs."""

    @property
    def simulator(self) -> str:
        """Simulator that played."""
        return self.outcomes.plan.simulator

    def values(self, agent: str, metric: str) -> list[float]:
        """List a metric of an agent's runs, a seed each."""
        return [record.summary[metric] for record in self._records(agent).values()]

    def estimate(self, agent: str, metric: str) -> Estimate:
        """Estimate its mean."""
        return estimate_mean(self.values(agent, metric))

    def is_whole(self, agent: str) -> bool:
        """Whether an agent has a run of each seed."""
        return len(self._records(agent)) == len(self.outcomes.plan.seeds)

    def comparison(self, agents: Collection[str]) -> Comparison:
        """Set those of the agents side by side; each must have a run of each seed."""
        return Comparison(
            summaries={
                contender.name: {
                    seed: record.summary for seed, record in self._records(contender.name).items()
                }
                for contender in self.contenders
                if contender.name in agents
            }
        )

    @property
    def _played(self) -> Played:
        """The first figure, whose runs are those of all."""
        return self.outcomes.played[0]

    def _records(self, agent: str) -> Mapping[int, Record]:
        (value,) = self._played.points
        return self._played.records(agent, value)

    @property
    def contenders(self) -> Sequence[Contender]:
        """Agents that have runs."""
        return self._played.contenders

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """On each claim, in the order of the figures."""
        return judge_all(self.outcomes)


@dataclass(frozen=True, kw_only=True)
class Fate:
    """A claim on its way up."""

    name: str
    """Claim in few words: see `name_claim`."""
    answers: Mapping[tuple[int, str], str]
    """By rung and simulator: all that were played."""
    path: Sequence[tuple[int, str]]
    """Rung and simulator, from the foot to the top."""

    @property
    def broken_at(self) -> int | None:
        """The first rung on which it holds no longer, though it does on all below; None if there is none."""
        held = False
        for place in self.path:
            if self.answers[place] != "holds":
                return place[0] if held else None
            held = True
        return None

    def tell(self) -> str:
        """Tell the way, such as: holds on 0 to 2; undecided on 3; does not hold on 4 to 8."""
        parts = []
        for answer, places in groupby(self.path, key=lambda place: self.answers[place]):
            rungs = [rung for rung, _ in places]
            span = f"{rungs[0]}" if len(rungs) == 1 else f"{rungs[0]} to {rungs[-1]}"
            parts.append(f"{answer} on {span}")
        return "; ".join(parts)


def find_fates(ladder: Ladder, standings: Sequence[Standing]) -> list[Fate]:
    """Tell the way of each claim, in the order of the figures."""
    by_place = {(s.rung, s.simulator): s for s in standings}
    path = [place for place in ladder.path(sorted({s.simulator for s in standings})) if place in by_place]
    names = list_claims(ladder)
    return [
        Fate(
            name=name,
            answers={place: standing.verdicts[index].answer for place, standing in by_place.items()},
            path=path,
        )
        for index, name in enumerate(names)
    ]


def list_claims(ladder: Ladder) -> list[str]:
    """Name the claims, in the order of the figures."""
    experiments = ladder.experiments(0)
    labels = {contender.name: contender.label for contender in load_contenders(experiments[0].family)}
    return [
        name_claim(claim, experiment, labels) for experiment in experiments for claim in experiment.claims
    ]


def name_claim(claim: Claim, experiment: Experiment, labels: Mapping[str, str]) -> str:
    """Name a gain in few words, such as: throughput: about 5 % above DQN-MLB."""
    side = "above" if experiment.direction(claim) == "higher" else "below"
    if claim.about is not None:
        margin = f"about {100 * claim.about:g} % "
    else:
        margin = f"{100 * claim.at_least:g} % or more " if claim.at_least else ""
    others = ", ".join(labels.get(name, name) for name in claim.over)
    return f"{experiment.measured.label}: {margin}{side} {others}"


def agent_rows(ladder: Ladder, standings: Sequence[Standing]) -> list[dict[str, float | str]]:
    """Make a row an agent on a rung, for a file."""
    return [
        {
            "rung": s.rung,
            "label": ladder.rungs[s.rung].label,
            "simulator": s.simulator,
            "demand_mbps": s.match.demand_mbps,
            "agent": contender.name,
            "seeds": len(s.values(contender.name, SHOWN[0])),
            **_columns(s, contender.name),
        }
        for s in standings
        for contender in s.contenders
    ]


def verdict_rows(ladder: Ladder, standings: Sequence[Standing]) -> list[dict[str, float | str]]:
    """Make a row a comparison on a rung, for a file."""
    names = list_claims(ladder)
    return [
        {
            "rung": s.rung,
            "label": ladder.rungs[s.rung].label,
            "simulator": s.simulator,
            "claim": name,
            "check": check.what,
            **check.estimate.to_row(),
            "answer": check.answer,
            "verdict": verdict.answer,
        }
        for s in standings
        for name, verdict in zip(names, s.verdicts, strict=True)
        for check in verdict.checks
    ]


def fate_rows(ladder: Ladder, fates: Sequence[Fate]) -> list[dict[str, float | str]]:
    """Make a row a claim, for a file."""
    return [
        {
            "claim": fate.name,
            "way": fate.tell(),
            "broken_by": "" if fate.broken_at is None else ladder.rungs[fate.broken_at].label,
        }
        for fate in fates
    ]


def _columns(standing: Standing, agent: str) -> dict[str, float]:
    columns: dict[str, float] = {}
    for metric in SHOWN:
        row = standing.estimate(agent, metric).to_row()
        columns |= {f"{metric}_{end}": row[end] for end in ("mean", "low", "high")}
        if metric == "load_variance":
            columns[f"{metric}_median"] = median(standing.values(agent, metric))
    return columns


def median(values: Sequence[float]) -> float:
    """Take the median of those that are known; NaN without any."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


def twin_rows(ladder: Ladder, standings: Sequence[Standing]) -> list[dict[str, float | str]]:
    """Make a row a rung that both play, and a metric: whether they order the methods alike."""
    by_place = {(s.rung, s.simulator): s for s in standings}
    rows: list[dict[str, float | str]] = []
    for number, rung in enumerate(ladder.rungs):
        sides = [by_place[number, name] for name in SIMULATORS if (number, name) in by_place]
        if len(sides) < len(SIMULATORS):
            continue
        everybody = [
            {contender.name for contender in s.contenders if s.is_whole(contender.name)} for s in sides
        ]
        both = set.intersection(*everybody)
        mock, ns3 = (s.comparison(both) for s in sides)
        twins = Twins(truth=ns3, twin=mock)
        rows += [
            {
                "rung": number,
                "label": rung.label,
                "metric": metric,
                "order": twins.verdict(metric),
                **{
                    f"on_{name}": " > ".join(order)
                    for name, order in zip(("ns3", "mock"), twins.order(metric), strict=True)
                },
            }
            for metric in SHOWN[:3]
        ]
    return rows
